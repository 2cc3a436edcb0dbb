// The table of recipes. A test checks each with the client that it is for, in test/recipes/.

import type { Recipe, Setting } from "./recipe.ts";

const app: readonly string[] = ["https://app.example.com"];

const rejects: Setting = {
  key: "on_mismatch",
  value: "reject",
  says: "Requests of all other pages are refused before the upstream sees them: it would carry them out.",
};
const maxAge: Setting = {
  key: "max_age",
  value: "10m",
  says: "How long a browser may remember the answer to a preflight. WebKit keeps none longer.",
};

const mcp: Recipe = {
  name: "mcp",
  title: "An MCP server",
  about:
    "A client of the Model Context Protocol in a web page talks to an MCP server over streamable HTTP. It has to send the protocol's own headers, and to read the session's id. An MCP server on your own machine is also what DNS rebinding aims at: any page that you visit could use its tools.",
  api: "127.0.0.1:3000",
  origins: ["http://localhost:6274"],
  pages: "The pages with an MCP client. 6274 is the MCP Inspector.",
  path: "/mcp",
  upstream: [
    {
      key: "read_timeout",
      value: "10m",
      says: "An event stream is silent while nothing happens.",
    },
  ],
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "POST", "DELETE"],
      says: "POST sends a message, GET opens the stream or resumes it, DELETE ends the session.",
    },
    {
      key: "allow_headers",
      value: [
        "Content-Type",
        "Authorization",
        "Mcp-Session-Id",
        "Mcp-Protocol-Version",
        "Last-Event-ID",
        "Mcp-Method",
        "Mcp-Name",
        "Mcp-Param-*",
      ],
      says: "The protocol's headers. Mcp-Param-* are named by the server's own tools.",
    },
    {
      key: "expose_headers",
      value: ["Mcp-Session-Id", "Mcp-Protocol-Version", "WWW-Authenticate"],
      says: "The client reads the session's id here, and where to log in.",
    },
    rejects,
    maxAge,
  ],
  notes: [
    'On a loopback address the gateway answers only to `localhost`, names below it and IP addresses, so that a page whose own name is re-pointed at it (DNS rebinding) gets a 421. If the server has a name, list it: `hosts = "mcp.example.com"` in `[servers.public]`.',
    "If the server answers to a login of its own (OAuth), its `/.well-known/` paths need a location too.",
  ],
};

const localAi: Recipe = {
  name: "local-ai",
  title: "A local model with an OpenAI-style API",
  about:
    "A web page uses a model that runs on your machine (Ollama, llama.cpp, LM Studio, vLLM), often through the official `openai` client. Such servers either refuse pages with a 403 or let every page on the web use the model.",
  api: "127.0.0.1:11434",
  origins: ["http://localhost:3000"],
  pages: "The pages that may use the model.",
  path: "/v1",
  upstream: [
    {
      key: "read_timeout",
      value: "10m",
      says: "A model may load and think for minutes before its first token.",
    },
  ],
  location: [
    {
      key: "request_timeout",
      value: "10m",
      says: "The same for the beginning of the response.",
    },
    {
      key: "proxy_set_headers",
      value: ["Origin: http://localhost", "Host: localhost"],
      says: "Ollama has a list of origins and hosts of its own. This file is the one list: the model sees a local page.",
    },
  ],
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "POST"],
      says: "Chat, completions, embeddings and the list of models.",
    },
    {
      key: "allow_headers",
      value: [
        "Content-Type",
        "Authorization",
        "X-Stainless-*",
        "OpenAI-Organization",
        "OpenAI-Project",
        "OpenAI-Beta",
      ],
      says: "What the openai client sends. X-Stainless-* are its statistics, which change with its version.",
    },
    {
      key: "expose_headers",
      value: ["X-Request-Id", "OpenAI-Processing-Ms", "Retry-After"],
      says: "What the client reads: a request's id, and when to try again.",
    },
    rejects,
    maxAge,
  ],
  notes: [
    "Tokens are streamed to the page as they come; nothing in the gateway collects them.",
    'In the client, set `baseURL` to the gateway: `new OpenAI({ baseURL: "http://localhost:8080/v1", apiKey: "none", dangerouslyAllowBrowser: true })`.',
  ],
};

const spaCookies: Recipe = {
  name: "spa-cookies",
  title: "A single-page app with a session cookie",
  about:
    "The app's pages and its API have different origins of one site, and the session is a cookie. Every other page's request carries the cookie too, so the same list of origins has to decide who may write.",
  api: "127.0.0.1:5001",
  origins: app,
  pages: "The app's own pages, and no others: they act as the visitor.",
  location: [
    {
      key: "login_redirect",
      value: "401",
      says: "When the session has ended, a call gets a 401 that the page can read, not a redirect to a login page.",
    },
  ],
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
      says: "The methods that the app uses.",
    },
    {
      key: "allow_headers",
      value: ["Content-Type", "X-CSRF-Token", "X-XSRF-TOKEN", "X-Requested-With"],
      says: "The request headers that the app sets.",
    },
    { key: "allow_credentials", value: true, says: "Requests carry the session's cookie." },
    {
      key: "on_mismatch",
      value: "reject-writes",
      says: "A form or a simple POST on another page needs no preflight and carries the cookie. It is refused before the API sees it.",
    },
    maxAge,
  ],
  notes: [
    "Send the cookie with `SameSite=Lax; Secure; HttpOnly`. Page and API of one site (`app.example.com`, `api.example.com`) need no more; a page of another site needs `SameSite=None`, which browsers increasingly ignore.",
    'In the page: `fetch(url, { credentials: "include" })`.',
  ],
};

const publicApi: Recipe = {
  name: "public-api",
  title: "A public API",
  about:
    "Everybody may call it from everywhere, with a key in a header or without one. Cookies play no part, so that any page may read the answers.",
  api: "127.0.0.1:5001",
  origins: "*",
  pages: "Every page. Without cookies a page learns no more than anybody could.",
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "POST"],
      says: "Add PUT, PATCH and DELETE if the API has them.",
    },
    {
      key: "allow_headers",
      value: ["Content-Type", "Authorization", "X-API-Key", "Idempotency-Key", "If-None-Match"],
      says: "The key, and what a careful client sends.",
    },
    {
      key: "expose_headers",
      value: [
        "ETag",
        "Link",
        "Location",
        "Retry-After",
        "RateLimit",
        "RateLimit-Policy",
        "X-RateLimit-Limit",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
        "X-Request-Id",
        "X-Total-Count",
      ],
      says: "Pages of a list, limits and ids: what a client cannot see is not there for it.",
    },
    maxAge,
  ],
  notes: [
    "A key in a page is readable by its visitors. Give pages keys that may be public.",
    "WebSockets stay open to the API's own pages only: `*` lists no origin.",
  ],
};

const fontsCdn: Recipe = {
  name: "fonts-cdn",
  title: "Fonts, scripts and images for other sites",
  about:
    "Browsers load fonts, module scripts, `crossorigin` images and WebAssembly from another origin only under CORS, and always without cookies.",
  api: "127.0.0.1:5001",
  origins: "*",
  pages: "Every page that embeds the files.",
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "POST"],
      says: "The files are read with GET; a policy cannot stop GET, HEAD and POST.",
    },
    {
      key: "expose_headers",
      value: ["Content-Range", "ETag"],
      says: "For pages that load parts of a large file.",
    },
    {
      key: "timing_allow_origin",
      value: true,
      says: "Pages may measure how long the files take.",
    },
    maxAge,
  ],
  notes: [
    "The answer does not depend on the origin, so it has no `Vary: Origin` and a CDN may store it once.",
    'In the page: `<link rel="preload" as="font" crossorigin>`, `<img crossorigin>`, `<script type="module">`.',
  ],
};

const supabase: Recipe = {
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

const s3Upload: Recipe = {
  name: "s3-upload",
  title: "Uploads from a page to S3-style storage",
  about:
    "A page uploads a file in parts with presigned URLs. To complete the upload it has to read the `ETag` of each part, which no page can without `expose_headers`.",
  api: "127.0.0.1:9000",
  origins: app,
  pages: "The pages that upload.",
  location: [
    {
      key: "client_max_body_size",
      value: "5gb",
      says: "The largest part that S3 takes.",
    },
    {
      key: "request_timeout",
      value: "1h",
      says: "A large part over a slow line takes its time.",
    },
  ],
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "PUT", "POST", "DELETE"],
      says: "PUT uploads a part, POST begins and completes, DELETE gives up.",
    },
    {
      key: "allow_headers",
      value: [
        "Content-Type",
        "Content-MD5",
        "Content-Disposition",
        "Cache-Control",
        "Authorization",
        "If-Match",
        "If-None-Match",
        "Range",
        "X-Amz-*",
        "Amz-Sdk-*",
      ],
      says: "X-Amz-* are the signature, checksums and the object's own metadata; Amz-Sdk-* are the SDK's.",
    },
    {
      key: "expose_headers",
      value: [
        "ETag",
        "Location",
        "X-Amz-Version-Id",
        "X-Amz-Request-Id",
        "X-Amz-Id-2",
        "X-Amz-Checksum-Crc32",
        "X-Amz-Checksum-Crc32c",
        "X-Amz-Checksum-Crc64nvme",
        "X-Amz-Checksum-Sha256",
      ],
      says: "The part's ETag completes the upload; the ids are for the storage's support.",
    },
    maxAge,
  ],
  notes: [
    'A presigned URL\'s signature covers the host. Sign for the name under which pages reach the gateway, or set the signed one for the upstream: `proxy_set_headers = ["Host: bucket.s3.example.com"]`.',
    'Object keys may hold `//` or end in a dot. If this server also has a location with another policy, write `ambiguous_paths = "allow"` here.',
  ],
};

const sentry: Recipe = {
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

const opentelemetry: Recipe = {
  name: "opentelemetry",
  title: "OpenTelemetry from the browser",
  about:
    "The OpenTelemetry SDK for the web posts traces, metrics and logs as OTLP over HTTP to a collector.",
  api: "127.0.0.1:4318",
  origins: app,
  pages: "The pages with the SDK.",
  path: "/v1",
  policy: [
    { key: "allow_methods", value: ["GET", "HEAD", "POST"], says: "Batches are posted." },
    {
      key: "allow_headers",
      value: ["Content-Type", "Content-Encoding", "Authorization", "X-Otlp-*"],
      says: "JSON or protobuf, compressed or not; a key for the collector if it wants one.",
    },
    {
      key: "expose_headers",
      value: ["Retry-After"],
      says: "When to send the next batch.",
    },
    {
      key: "on_mismatch",
      value: "reject-writes",
      says: "Batches of other sites are refused before the collector sees them.",
    },
    maxAge,
  ],
  notes: [
    "Propagation also adds `traceparent`, `tracestate` and `baggage` to the calls of your own API: list them in its `allow_headers`, or every call fails with a CORS error once tracing is on.",
    "`navigator.sendBeacon` sends a batch as the page closes, with cookies if there are any; the SDK's fetch exporter does not.",
  ],
};

/** In the order in which they are shown. */
export const recipes: readonly Recipe[] = [
  mcp,
  localAi,
  spaCookies,
  publicApi,
  fontsCdn,
  supabase,
  s3Upload,
  sentry,
  opentelemetry,
];
