import type { Recipe } from "./recipe.ts";
import { app, maxAge } from "./usual.ts";

export const supabase: Recipe = {
  name: "supabase",
  title: "A self-hosted Supabase",
  about:
    "The `supabase-js` client asks REST, Auth, Storage and Functions of one address, with headers that grow from version to version. Behind your own gateway they are one policy.",
  api: "127.0.0.1:54321",
  origins: app,
  pages: "Your app's pages.",
  location: [
    {
      key: "client_max_body_size",
      value: "50mb",
      says: "Uploads to Storage.",
    },
  ],
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
      says: "REST uses all of them.",
    },
    {
      key: "allow_headers",
      value: [
        "Authorization",
        "apikey",
        "Content-Type",
        "X-Client-Info",
        "X-Supabase-*",
        "Prefer",
        "Range",
        "Range-Unit",
        "Accept-Profile",
        "Content-Profile",
        "X-Upsert",
        "X-Region",
        "X-Retry-Count",
        "Tus-*",
        "Upload-*",
        "traceparent",
        "tracestate",
        "baggage",
        "Sentry-Trace",
      ],
      says: "supabase-js, PostgREST, resumable uploads, and what tracing adds to every call.",
    },
    {
      key: "expose_headers",
      value: [
        "Content-Range",
        "Content-Profile",
        "X-Supabase-Api-Version",
        "Location",
        "Tus-Resumable",
        "Upload-Offset",
        "Upload-Length",
        "Upload-Expires",
      ],
      says: "Counts of rows, the state of an upload, and error codes of Auth.",
    },
    maxAge,
  ],
  notes: [
    "The session is a token in `Authorization`, so no cookies are needed.",
    "Realtime is a WebSocket: it is open to the listed origins.",
  ],
};
