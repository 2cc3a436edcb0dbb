// The supported middlewares, as data: how each names a field, what it did by default, and which of its options have no counterpart.

/** The middleware whose options these are. */
export type CorsLibrary = "cors" | "@fastify/cors" | "@koa/cors" | "hono/cors";

/** What an option becomes. */
export type Target =
  | "origin"
  | "methods"
  | "requestHeaders"
  | "responseHeaders"
  | "credentials"
  | "maxAge"
  | "status";

export interface Library {
  readonly options: Readonly<Record<string, Target>>;
  /** Allowed if no methods were written. */
  readonly methods: readonly string[];
  /** Option → why it has no counterpart. */
  readonly dropped: Readonly<Record<string, string>>;
  /** Option → why only a person can say what it becomes. */
  readonly undecided?: Readonly<Record<string, string>>;
  /** What it did without an origin. */
  readonly withoutOrigin: "*" | "reflect";
}

const continued =
  "a preflight is answered where the policy is, and an OPTIONS that is not a preflight always reaches the application";

/** Every library that can be migrated from. */
export const libraries: Readonly<Record<CorsLibrary, Library>> = {
  cors: {
    options: {
      origin: "origin",
      methods: "methods",
      allowedHeaders: "requestHeaders",
      headers: "requestHeaders",
      exposedHeaders: "responseHeaders",
      credentials: "credentials",
      maxAge: "maxAge",
      optionsSuccessStatus: "status",
    },
    methods: ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"],
    dropped: { preflightContinue: continued },
    withoutOrigin: "*",
  },
  "@fastify/cors": {
    options: {
      origin: "origin",
      methods: "methods",
      allowedHeaders: "requestHeaders",
      exposedHeaders: "responseHeaders",
      credentials: "credentials",
      maxAge: "maxAge",
      optionsSuccessStatus: "status",
    },
    methods: ["GET", "HEAD", "POST"],
    dropped: {
      preflightContinue: continued,
      preflight: continued,
      strictPreflight: "only what a browser sends as a preflight is answered as one",
      hideOptionsRoute: "no route is added",
      hook: "the policy is decided in `onRequest`, before every hook that was added later",
      cacheControl: "no cache keeps the answer to an OPTIONS request (RFC 9110 §9.3.7)",
      logLevel: "no route is added",
      prefix: "it had no effect: the plugin belongs to the server that it is registered on",
    },
    undecided: { delegator: "what a function gives is only known at a request" },
    withoutOrigin: "*",
  },
  "@koa/cors": {
    options: {
      origin: "origin",
      allowMethods: "methods",
      allowHeaders: "requestHeaders",
      exposeHeaders: "responseHeaders",
      credentials: "credentials",
      maxAge: "maxAge",
    },
    methods: ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"],
    dropped: {
      keepHeadersOnError: "the policy is always kept on errors",
      secureContext:
        "it sets Cross-Origin-Opener-Policy and -Embedder-Policy, which are not CORS: set them yourself",
      privateNetworkAccess:
        "browsers gave the mechanism up; Local Network Access is a permission of the browser, without a header",
    },
    withoutOrigin: "*",
  },
  "hono/cors": {
    options: {
      origin: "origin",
      allowMethods: "methods",
      allowHeaders: "requestHeaders",
      exposeHeaders: "responseHeaders",
      credentials: "credentials",
      maxAge: "maxAge",
    },
    methods: ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"],
    dropped: {},
    withoutOrigin: "*",
  },
};
