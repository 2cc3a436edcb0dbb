import type { Recipe } from "./recipe.ts";
import { maxAge } from "./usual.ts";

export const sentry: Recipe = {
  name: "sentry",
  title: "A self-hosted Sentry, or a tunnel to it",
  about:
    "The Sentry SDK in every page of yours posts envelopes to one address. It reads two headers of the answer to know when to slow down.",
  api: "127.0.0.1:9000",
  origins: ["https://example.com", "https://*.example.com"],
  pages: "The pages with the SDK.",
  path: "/api",
  location: [
    {
      key: "client_max_body_size",
      value: "20mb",
      says: "An envelope with a replay is large.",
    },
  ],
  policy: [
    { key: "allow_methods", value: ["GET", "HEAD", "POST"], says: "Envelopes are posted." },
    {
      key: "allow_headers",
      value: ["Content-Type", "Content-Encoding", "X-Sentry-Auth", "Sentry-Trace", "baggage"],
      says: "Newer SDKs put the key into the URL, older ones into X-Sentry-Auth.",
    },
    {
      key: "expose_headers",
      value: ["X-Sentry-Rate-Limits", "X-Sentry-Error", "Retry-After"],
      says: "When the SDK has to slow down, and why an envelope was refused.",
    },
    {
      key: "on_mismatch",
      value: "reject-writes",
      says: "Envelopes of other sites are refused before they are counted against your quota.",
    },
    maxAge,
  ],
  notes: [
    "Tracing also adds `sentry-trace` and `baggage` to the calls of your own API: list both in its `allow_headers`, or every call fails with a CORS error once tracing is on.",
  ],
};
