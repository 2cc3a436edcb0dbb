// Request headers that a page did not set itself: a library or a tracer adds them, and causes a preflight. This table
// says which one does, and how to switch it off.

import { asciiLowercase } from "../../standard/token.ts";

export interface SdkHeader {
  /** Lower case; with a `*` at its end a family of names. */
  readonly name: string;
  readonly who: string;
  /** How the page can leave it out. */
  readonly off?: string;
  /** Why it cannot be left out: the server has to allow it. */
  readonly needed?: string;
}

const table: readonly SdkHeader[] = [
  {
    name: "x-stainless-*",
    who: "the SDKs of OpenAI, Anthropic and others that Stainless generates",
    off: "set each to `null` in the client's `defaultHeaders`",
  },
  {
    name: "anthropic-dangerous-direct-browser-access",
    who: "Anthropic's SDK with `dangerouslyAllowBrowser`",
    off: "send the request through your own server, which also keeps the key secret",
  },
  {
    name: "anthropic-version",
    who: "Anthropic's SDK",
    off: "send the request through your own server",
  },
  {
    name: "openai-organization",
    who: "OpenAI's SDK",
    off: "leave `organization` out of the client",
  },
  { name: "openai-project", who: "OpenAI's SDK", off: "leave `project` out of the client" },
  {
    name: "sentry-trace",
    who: "Sentry's tracing",
    off: "leave the API out of `tracePropagationTargets`",
  },
  {
    name: "baggage",
    who: "Sentry's or OpenTelemetry's tracing",
    off: "leave the API out of `tracePropagationTargets` (OpenTelemetry: `propagateTraceHeaderCorsUrls`)",
  },
  {
    name: "traceparent",
    who: "tracing by OpenTelemetry, Datadog, Elastic or Application Insights",
    off: "leave the API out of `propagateTraceHeaderCorsUrls` (Datadog: `allowedTracingUrls`)",
  },
  {
    name: "tracestate",
    who: "tracing by OpenTelemetry, Datadog or Elastic",
    off: "leave the API out of `propagateTraceHeaderCorsUrls` (Datadog: `allowedTracingUrls`)",
  },
  {
    name: "x-datadog-*",
    who: "Datadog's browser monitoring (RUM)",
    off: "leave the API out of `allowedTracingUrls`",
  },
  {
    name: "x-b3-*",
    who: "Zipkin's (B3) tracing",
    off: "leave the API out of the tracer's list of URLs",
  },
  {
    name: "newrelic",
    who: "New Relic's distributed tracing",
    off: "leave the API out of `distributed_tracing.allowed_origins`",
  },
  {
    name: "x-newrelic-id",
    who: "New Relic's browser agent",
    off: "switch its cross-application tracing off",
  },
  {
    name: "elastic-apm-traceparent",
    who: "Elastic's monitoring (RUM)",
    off: "leave the API out of `distributedTracingOrigins`",
  },
  {
    name: "request-id",
    who: "Application Insights",
    off: "set `disableCorrelationHeaders`, or list the host in `correlationHeaderExcludedDomains`",
  },
  {
    name: "request-context",
    who: "Application Insights",
    off: "set `disableCorrelationHeaders`, or list the host in `correlationHeaderExcludedDomains`",
  },
  {
    name: "x-amzn-trace-id",
    who: "AWS X-Ray or CloudWatch RUM",
    off: "switch its tracing of requests off",
  },
  {
    name: "x-client-info",
    who: "Supabase's client",
    off: "override it in the client's `global.headers`",
  },
  {
    name: "apikey",
    who: "Supabase's client",
    needed: "it is the key itself",
  },
  {
    name: "x-supabase-api-version",
    who: "Supabase's client",
    off: "override it in the client's `global.headers`",
  },
  {
    name: "prefer",
    who: "PostgREST's client (Supabase)",
    needed: "it is part of the request",
  },
  {
    name: "x-requested-with",
    who: "jQuery, older axios or an XMLHttpRequest wrapper",
    off: "jQuery sends it only within the origin unless `crossDomain: false` is set; delete it from the client's default headers",
  },
  {
    name: "x-xsrf-token",
    who: "axios or Angular, from a cookie",
    off: "leave `withXSRFToken` unset (axios), or use `withNoXsrfProtection()` (Angular)",
  },
  {
    name: "x-csrf-token",
    who: "Rails, Laravel or a form helper",
    off: "send it only to your own origin",
  },
  { name: "x-csrftoken", who: "Django's snippet for AJAX", off: "send it only to your own origin" },
  {
    name: "x-goog-*",
    who: "Google's clients",
    needed: "it is part of the request",
  },
  {
    name: "x-firebase-*",
    who: "Firebase's SDK",
    needed: "it is part of the request",
  },
  {
    name: "x-amz-*",
    who: "the AWS SDK, which signs its requests",
    needed: "it is part of the signature",
  },
  {
    name: "amz-sdk-*",
    who: "the AWS SDK",
    off: "remove the middleware that adds it, or allow it on the server",
  },
  {
    name: "x-ms-*",
    who: "Azure's SDK",
    needed: "it is part of the request",
  },
  {
    name: "apollographql-*",
    who: "Apollo Client, for its `name` and `version`",
    off: "leave `name` and `version` out of the client",
  },
  {
    name: "apollo-require-preflight",
    who: "an Apollo client, against CSRF",
    needed: "it is meant to be preflighted",
  },
  { name: "x-apollo-*", who: "Apollo Client", off: "leave it out of the link's headers" },
  { name: "x-signalr-user-agent", who: "SignalR's client", needed: "the client always sends it" },
  {
    name: "mcp-*",
    who: "a client of the Model Context Protocol",
    needed: "it is part of the protocol",
  },
  {
    name: "last-event-id",
    who: "an EventSource client",
    needed: "it is how a stream is resumed",
  },
  {
    name: "x-posthog-*",
    who: "PostHog's tracing headers",
    off: "leave the host out of `__add_tracing_headers`",
  },
  {
    name: "x-inertia*",
    who: "Inertia's client",
    off: "visit pages of other origins with a plain link",
  },
  {
    name: "hx-*",
    who: "htmx",
    off: "set `htmx.config.selfRequestsOnly`, or allow `hx-*` on the server",
  },
  {
    name: "ngrok-skip-browser-warning",
    who: "a hint for ngrok's tunnel",
    off: "remove it once the tunnel is gone",
  },
  {
    name: "rsc",
    who: "Next.js' router, which was redirected to another origin",
    off: "link to that page with a plain `<a>`, or redirect on the page instead of in middleware",
  },
  {
    name: "next-*",
    who: "Next.js' router, which was redirected to another origin",
    off: "link to that page with a plain `<a>`, or redirect on the page instead of in middleware",
  },
  {
    name: "x-nextjs-data",
    who: "Next.js' router, which was redirected to another origin",
    off: "link to that page with a plain `<a>`, or redirect on the page instead of in middleware",
  },
  {
    name: "turbo-frame",
    who: "Turbo (Hotwire)",
    off: 'set `data-turbo="false"` on links and forms that lead to other origins',
  },
  {
    name: "x-turbo-request-id",
    who: "Turbo (Hotwire)",
    off: 'set `data-turbo="false"` on links and forms that lead to other origins',
  },
  { name: "x-livewire*", who: "Livewire", off: "load the page and its API from one origin" },
  { name: "x-grpc-web", who: "gRPC-Web's client", needed: "it is part of the protocol" },
  { name: "grpc-timeout", who: "gRPC-Web's client", needed: "it is part of the protocol" },
  { name: "x-user-agent", who: "gRPC-Web's client", needed: "the client always sends it" },
  { name: "connect-*", who: "Connect's client", needed: "it is part of the protocol" },
  { name: "tus-resumable", who: "a tus upload client", needed: "it is part of the protocol" },
  { name: "upload-*", who: "a tus upload client", needed: "it is part of the protocol" },
  {
    name: "solana-client",
    who: "Solana's web3.js",
    off: "pass a `fetch` of your own that removes it",
  },
  { name: "stripe-version", who: "Stripe's client", needed: "it is part of the request" },
  {
    name: "x-appwrite-*",
    who: "Appwrite's SDK",
    needed: "it is part of the request (add the page's host as a platform of the project)",
  },
  {
    name: "x-sdk-*",
    who: "Appwrite's SDK",
    needed: "the client always sends it (add the page's host as a platform of the project)",
  },
  { name: "x-parse-*", who: "Parse's SDK", needed: "it is part of the request" },
  { name: "x-hasura-*", who: "a Hasura client", needed: "it is part of the request" },
  {
    name: "x-contentful-user-agent",
    who: "Contentful's SDK",
    needed: "the client always sends it",
  },
  { name: "x-wp-nonce", who: "WordPress' `apiFetch`", off: "send it only to your own origin" },
  {
    name: "sdkversion",
    who: "Microsoft Graph's SDK",
    off: "request a download URL with a plain `fetch`, without the client",
  },
  {
    name: "client-request-id",
    who: "Microsoft Graph's SDK or MSAL",
    off: "request a download URL with a plain `fetch`, without the client",
  },
  {
    name: "uber-trace-id",
    who: "Jaeger's tracing",
    off: "leave the API out of the tracer's list of URLs",
  },
  {
    name: "x-cloud-trace-context",
    who: "Google Cloud's tracing",
    off: "leave the API out of the tracer's list of URLs",
  },
  {
    name: "if-modified-since",
    who: "a client that revalidates by itself",
    off: 'leave that to the browser\'s cache (`cache: "no-cache"`)',
  },
  {
    name: "if-none-match",
    who: "a client that revalidates by itself",
    off: 'leave that to the browser\'s cache (`cache: "no-cache"`)',
  },
  {
    name: "expires",
    who: "a client that switches caches off",
    off: 'use `cache: "no-store"` in `fetch()` instead',
  },
  {
    name: "upgrade-insecure-requests",
    who: "a request that was copied from a browser",
    off: "remove it: browsers send it themselves, with navigations",
  },
  {
    name: "pragma",
    who: "a client that switches caches off",
    off: 'use `cache: "no-store"` in `fetch()` instead',
  },
  {
    name: "cache-control",
    who: "a client that switches caches off",
    off: 'use `cache: "no-store"` in `fetch()` instead',
  },
];

/** What adds this header; undefined if it is the page's own. */
export function sdkHeader(name: string): SdkHeader | undefined {
  const lower = asciiLowercase(name);
  return table.find((row) =>
    row.name.endsWith("*") ? lower.startsWith(row.name.slice(0, -1)) : lower === row.name,
  );
}
