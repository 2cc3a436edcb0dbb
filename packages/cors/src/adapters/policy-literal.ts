// A policy as it is written in TypeScript for `cors()`: the same fields as PolicyInput, but narrow
// enough that the two mistakes which matter most are seen in the editor. What the types cannot say
// is checked where the middleware is made.

import type { PolicyInput } from "../policy/policy.ts";

/**
 * An origin pattern with its scheme: `https://app.example.com`, `https://*.example.com`.
 * `"app.example.com"` does not compile. A list that is only known at run time goes through
 * `definePolicy` or `readPolicy`, whose result `cors()` takes as well.
 */
export type OriginText = `${string}://${string}`;

/** What an origin function may look at beside the origin: part of every cache's key, so no `Vary` is missed. */
export interface OriginQuestion {
  /** `GET`; of a preflight the method that it asks for. */
  readonly method: string;
  /** The `Host` that was asked: `api.example.com:8080`. "" where there is none. */
  readonly host: string;
  /** Aborted when the time is up (`lookup.timeout`). */
  readonly signal: AbortSignal;
}

/**
 * Decides an origin at run time. It is asked about well-formed origins of other sites only, never
 * about `null`. Only `true` allows; a throw, a rejection, a late or another answer refuses.
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
   * May requests carry cookies and HTTP authentication?
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
   *   `"https://*.github.io"` (each name is another person's)
   */
  readonly allowOrigins: OriginText | readonly OriginText[];
  /**
   * May requests carry cookies and HTTP authentication?
   * @default false
   */
  readonly allowCredentials: true;
}

/** Every page may act as its visitor: for whoever really means it. */
export interface AnyOriginCredentialedPolicy extends CommonFields {
  readonly allowOrigins: "*";
  readonly allowCredentials: true;
  readonly dangerouslyAllowAnyOriginWithCredentials: true;
}

/** The origins are decided by a function. */
export interface DynamicPolicy extends CommonFields {
  /**
   * Decides an origin at run time: `(origin) => tenants.has(origin)`, or with a promise. See
   * OriginFunction; its answers are kept as `lookup` of the settings says.
   */
  readonly allowOrigins: OriginFunction;
  /**
   * May requests carry cookies and HTTP authentication?
   * @default false
   */
  readonly allowCredentials?: boolean;
}

/** A policy as one writes it for `cors()`. `"*"` with credentials does not compile. */
export type PolicyLiteral =
  | AnonymousPolicy
  | CredentialedPolicy
  | AnyOriginCredentialedPolicy
  | DynamicPolicy;
