// The register of migrate/* codes: what the options of another CORS middleware meant, what they really
// did, and what to write instead. A test joins them with docs/reference/diagnostics.md.

import type { RegisteredCode } from "../diagnostics/codes.ts";

const register = {
  "migrate/every-origin": { severity: "warning", title: "every origin was allowed" },
  "migrate/reflected-origin": { severity: "warning", title: "every origin was reflected" },
  "migrate/reflected-with-credentials": {
    severity: "error",
    title: "every origin was reflected, with credentials",
  },
  "migrate/any-origin-with-credentials": {
    severity: "error",
    title: "`*` was sent with credentials",
  },
  "migrate/switched-off": { severity: "error", title: "CORS was switched off" },
  "migrate/origin-never-matched": {
    severity: "warning",
    title: "an origin that could never match",
  },
  "migrate/origin-regular-expression": {
    severity: "warning",
    title: "a regular expression for an origin, and its pattern",
  },
  "migrate/origin-regular-expression-open": {
    severity: "error",
    title: "a regular expression that allows foreign origins",
  },
  "migrate/origin-regular-expression-unclear": {
    severity: "error",
    title: "a regular expression without a pattern that means the same",
  },
  "migrate/origin-function": { severity: "info", title: "a function for the origin" },
  "migrate/origin-function-open": {
    severity: "warning",
    title: "a function that allows foreign origins",
  },
  "migrate/default-methods": { severity: "info", title: "methods that were allowed by default" },
  "migrate/reflected-headers": {
    severity: "warning",
    title: "every request header was allowed",
  },
  "migrate/dropped-option": { severity: "info", title: "an option that is no longer needed" },
  "migrate/ignored-option": {
    severity: "warning",
    title: "an option that the middleware ignored",
  },
  "migrate/unusable-value": { severity: "error", title: "a value that cannot be carried over" },
  "migrate/run-time-value": {
    severity: "info",
    title: "a value that is known only when the program runs",
  },
  "migrate/refused-with-error": {
    severity: "info",
    title: "an origin that got an error response",
  },
  "migrate/several-policies": {
    severity: "error",
    title: "two calls that meet on one request and differ",
  },
  "migrate/preflight-route": { severity: "info", title: "a route for preflights" },
  "migrate/other-use": { severity: "error", title: "a middleware used in another way than a call" },
  "migrate/left-in-place": {
    severity: "warning",
    title: "another CORS setting that is not migrated",
  },
  "migrate/syntax": { severity: "error", title: "a source that cannot be parsed" },
} as const;

/** A code that fromCorsOptions, or `corsway migrate`, may raise beside those of a policy. */
export type MigrationCode = keyof typeof register;

/** Every code that fromCorsOptions, or `corsway migrate`, may raise beside those of a policy. */
export const migrationCodes: Readonly<Record<MigrationCode, RegisteredCode>> =
  Object.freeze(register);
