// A policy as it is written in TypeScript for `cors()`: the same fields as PolicyInput, but narrow
// enough that the two mistakes which matter most are seen in the editor. What the types cannot say
// is checked where the middleware is made.

import type { PolicyInput } from "../policy/policy.ts";

/**
 * An origin pattern with its scheme: `https://app.example.com`, `https://*.example.com`.
 * `"app.example.com"` does not compile. For a list that is known only at run time, use `definePolicy` or
 * `readPolicy`, whose result `cors()` also accepts.
 */
export type OriginText = `${string}://${string}`;

/** What an origin function may use in addition to the origin: part of every cache key, so no `Vary` is missed. */
export interface OriginQuestion {
  /** `GET`; for a preflight, the method that it asks for. */
  readonly method: string;
  /** The `Host` of the request: `api.example.com:8080`. "" if there is none. */
  readonly host: string;
  /** Aborted when the time is up (`lookup.timeout`). */
  readonly signal: AbortSignal;
}

/**
 * Decides an origin at run time. It is asked only about well-formed origins of other sites, never about `null`.
 * Only `true` allows; an exception, a rejection, a late answer or any other answer refuses.
 */
export type OriginFunction = (
  origin: string,
  question: OriginQuestion,
) => boolean | PromiseLike<boolean>;

interface CommonFields extends Omit<
  PolicyInput,
  "allowOrigins" | "allowCredentials" | "dangerouslyAllowAnyOriginWithCredentials"
> {}

/** Requests without cookies: every origin may be allowed. */
export interface AnonymousPolicy extends CommonFields {
  /**
   * Who may read. Required: there is no safe default.
   * - permitted: `"https://app.example.com"`, `["https://app.example.com", "http://localhost:*"]`,
   *   `"https://*.example.com"` (any subdomain, not the apex), `"https://pr-*.example.com"`, `"*"`
   * - prohibited: `"app.example.com"` (no scheme), `"https://app.example.com/"` (a path),
   *   `"https://app.example.com:443"` (the default port), `/\.example\.com$/`
   */
  readonly allowOrigins: "*" | OriginText | readonly (OriginText | "null")[];
  /**
   * Whether requests may carry cookies and HTTP authentication.
   * @default false
   */
  readonly allowCredentials?: false;
}

/** Requests with cookies: only origins that are named. */
export interface CredentialedPolicy extends CommonFields {
  /**
   * Who may read, with the visitor's cookies. Required.
   * - permitted: `"https://app.example.com"`, `["https://app.example.com", "http://localhost:*"]`
   * - prohibited: `"*"` (a browser refuses it with credentials), `"null"`, `"http://example.com"`,
   *   `"https://*.github.io"` (each name belongs to a different person)
   */
  readonly allowOrigins: OriginText | readonly OriginText[];
  /**
   * Whether requests may carry cookies and HTTP authentication.
   * @default false
   */
  readonly allowCredentials: true;
}

/** Every page may act as its visitor: only if that is really intended. */
export interface AnyOriginCredentialedPolicy extends CommonFields {
  readonly allowOrigins: "*";
  readonly allowCredentials: true;
  readonly dangerouslyAllowAnyOriginWithCredentials: true;
}

/** A function decides the origins. */
export interface DynamicPolicy extends CommonFields {
  /**
   * Decides an origin at run time: `(origin) => tenants.has(origin)`, or with a promise. See OriginFunction; its
   * answers are kept as `lookup` in the settings says.
   */
  readonly allowOrigins: OriginFunction;
  /**
   * Whether requests may carry cookies and HTTP authentication.
   * @default false
   */
  readonly allowCredentials?: boolean;
}

/** A policy as written for `cors()`. `"*"` with credentials does not compile. */
export type PolicyLiteral =
  | AnonymousPolicy
  | CredentialedPolicy
  | AnyOriginCredentialedPolicy
  | DynamicPolicy;
