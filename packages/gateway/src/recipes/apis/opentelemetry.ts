import type { Recipe } from "./recipe.ts";
import { app, maxAge } from "./usual.ts";

export const opentelemetry: Recipe = {
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
