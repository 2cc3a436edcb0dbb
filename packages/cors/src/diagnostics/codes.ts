// The register of policy/* codes: stable, public, and joined by a test to their vectors and to
// their sections in docs/reference/diagnostics.md. Severity belongs to the code, never to the place
// that raises it.

import type { Severity } from "./diagnostic.ts";

/** What is true of a code wherever it is raised. */
export interface RegisteredCode {
  readonly severity: Severity;
  /** What the fault is, without any input in it. */
  readonly title: string;
}

const register = {
  // the table itself
  "policy/not-a-table": { severity: "error", title: "a policy that is not a table of fields" },
  "policy/unreadable": { severity: "error", title: "a value that cannot be read" },
  "policy/unknown-key": { severity: "error", title: "a key that is not a policy field" },
  "policy/field-written-twice": { severity: "error", title: "one field in two spellings" },
  "policy/missing-origins": { severity: "error", title: "no allowed origins" },
  "policy/wrong-type": { severity: "error", title: "a value of the wrong type" },
  "policy/not-one-of": { severity: "error", title: "a value that is not one of those allowed" },
  // lists
  "policy/list-too-long": { severity: "error", title: "a list with too many entries" },
  "policy/list-in-entry": { severity: "warning", title: "several values in one entry of a list" },
  "policy/empty-entry": { severity: "warning", title: "an empty entry in a list" },
  "policy/duplicate-entry": { severity: "warning", title: "an entry that is listed twice" },
  "policy/shadowed": { severity: "warning", title: "an entry that another entry covers" },
  // origins
  "policy/origin-comma-list": { severity: "warning", title: "a comma-separated list of origins" },
  "policy/origin-markdown-link": {
    severity: "error",
    title: "a Markdown link in place of an origin",
  },
  "policy/origin-several": { severity: "error", title: "several origins not separated by a comma" },
  "policy/origin-regular-expression": {
    severity: "error",
    title: "a regular expression in place of an origin",
  },
  "policy/origin-no-scheme": { severity: "error", title: "an origin without a scheme" },
  "policy/origin-scheme": { severity: "error", title: "an origin with a malformed scheme" },
  "policy/origin-file": { severity: "error", title: "a file: origin" },
  "policy/origin-user-info": { severity: "error", title: "an origin with user info" },
  "policy/origin-trailing-slash": { severity: "error", title: "an origin that ends in a slash" },
  "policy/origin-path": { severity: "error", title: "an origin with a path, query or fragment" },
  "policy/origin-upper-case": { severity: "error", title: "an origin with upper-case letters" },
  "policy/origin-non-ascii": { severity: "error", title: "an origin with non-ASCII letters" },
  "policy/origin-port": { severity: "error", title: "an origin with a malformed port" },
  "policy/origin-default-port": { severity: "error", title: "an origin with its default port" },
  "policy/origin-ip": { severity: "error", title: "an IP address that is not in canonical form" },
  "policy/origin-host": { severity: "error", title: "an origin with a malformed host" },
  "policy/origin-wildcard": { severity: "error", title: "a wildcard where none is allowed" },
  "policy/null-origin": { severity: "error", title: "the null origin without its flag" },
  "policy/credentials-with-null-origin": {
    severity: "error",
    title: "the null origin with credentials",
  },
  "policy/credentials-with-any-origin": { severity: "error", title: "any origin with credentials" },
  "policy/credentials-with-insecure-origin": {
    severity: "error",
    title: "an http origin with credentials",
  },
  "policy/credentials-with-whole-scheme": {
    severity: "warning",
    title: "all origins of a scheme, with credentials",
  },
  "policy/credentials-with-public-suffix": {
    severity: "error",
    title: "all names under a public suffix, with credentials",
  },
  "policy/public-suffix": { severity: "warning", title: "all names under a public suffix" },
  // names of methods and headers
  "policy/name-unusual": { severity: "warning", title: "a name that is probably a mistake" },
  // methods
  "policy/method-malformed": { severity: "error", title: "a method that is not a token" },
  "policy/method-forbidden": { severity: "error", title: "a method that no browser sends" },
  "policy/method-lower-case": { severity: "warning", title: "a method in lower case" },
  "policy/method-options": { severity: "warning", title: "OPTIONS among the methods" },
  "policy/methods-not-stopped": { severity: "info", title: "methods that a list cannot stop" },
  // header names
  "policy/header-malformed": { severity: "error", title: "a header name that is not a token" },
  "policy/header-of-cors": { severity: "error", title: "a CORS header among the names" },
  "policy/request-header-forbidden": {
    severity: "warning",
    title: "a request header that no page can set",
  },
  "policy/request-header-safelisted": {
    severity: "warning",
    title: "a request header that needs no permission",
  },
  "policy/authorization-not-covered": {
    severity: "warning",
    title: "a wildcard that does not cover Authorization",
  },
  "policy/response-header-forbidden": {
    severity: "error",
    title: "a response header that no page can read",
  },
  "policy/response-header-safelisted": {
    severity: "warning",
    title: "a response header that every page can read",
  },
  "policy/credentials-with-any-exposed-header": {
    severity: "error",
    title: "`*` among exposed headers with credentials",
  },
  // on_mismatch
  "policy/mismatch-never": {
    severity: "warning",
    title: "`on_mismatch` where every origin is allowed",
  },
  // max_age
  "policy/max-age-malformed": { severity: "error", title: "not a duration" },
  "policy/max-age-negative": { severity: "error", title: "a negative duration" },
  "policy/max-age-too-long": { severity: "warning", title: "longer than any browser keeps it" },
  "policy/max-age-capped": { severity: "info", title: "longer than some browsers keep it" },
} as const;

/** A code that readPolicy may raise: `policy/origin-trailing-slash`. */
export type PolicyCode = keyof typeof register;

/** Every code that readPolicy may raise. docs/reference/diagnostics.md has a section for each. */
export const policyCodes: Readonly<Record<PolicyCode, RegisteredCode>> = Object.freeze(register);
