// A policy as it is written in TypeScript for `cors()`: the same fields as PolicyInput, but narrow enough that the mistakes
// which matter most are seen in the editor. What the types cannot say is checked where the middleware is made.

import type { PolicyInput } from "../policy/policy.ts";

/**
 * An origin pattern with its scheme: `https://app.example.com`, `https://*.example.com`.
 * `"app.example.com"` does not compile. The compiler cannot know the rest: a path, upper case or a slash at the end is
 * reported when the middleware is made.
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
  "allowOrigins" | "allowCredentials" | "exposeHeaders" | "dangerouslyAllowAnyOriginWithCredentials"
> {}

interface FieldsWithoutCredentials extends CommonFields {
  /**
   * Whether requests may carry cookies and HTTP authentication.
   * @default false
   */
  readonly allowCredentials?: false;
  /**
   * Response headers that pages may read in addition to the seven safelisted ones.
   * - permitted: `["X-Request-ID", "X-Total-Count"]`, `"X-Request-ID, ETag"`, `"*"`
   * - prohibited: `["Set-Cookie"]` (no page can read it)
   * @default none
   */
  readonly exposeHeaders?: string | readonly string[];
}

interface FieldsWithCredentials extends CommonFields {
  /**
   * Whether requests may carry cookies and HTTP authentication.
   * @default false
   */
  readonly allowCredentials: true;
  /**
   * Response headers that pages may read in addition to the seven safelisted ones.
   * - permitted: `["X-Request-ID", "X-Total-Count"]`, `"X-Request-ID, ETag"`
   * - prohibited: `"*"` (with credentials a browser reads it as the name of a header), `["Set-Cookie"]`
   * @default none
   */
  readonly exposeHeaders?: HeaderNameText | readonly string[];
}

/** The name of a header, or several with commas, and not `"*"`: it begins with a letter. */
export type HeaderNameText = `${Letter | Uppercase<Letter>}${string}`;
type Letter =
  | "a"
  | "b"
  | "c"
  | "d"
  | "e"
  | "f"
  | "g"
  | "h"
  | "i"
  | "j"
  | "k"
  | "l"
  | "m"
  | "n"
  | "o"
  | "p"
  | "q"
  | "r"
  | "s"
  | "t"
  | "u"
  | "v"
  | "w"
  | "x"
  | "y"
  | "z";

/** Requests without cookies: every origin may be allowed. */
export interface AnonymousPolicy extends FieldsWithoutCredentials {
  /**
   * Who may read. Required: there is no safe default.
   * - permitted: `"https://app.example.com"`, `["https://app.example.com", "http://localhost:*"]`,
   *   `"https://*.example.com"` (any subdomain, not the apex), `"https://pr-*.example.com"`, `"*"`
   * - prohibited: `"app.example.com"` (no scheme), `"https://app.example.com/"` (a path),
   *   `"https://app.example.com:443"` (the default port), `/\.example\.com$/`
   */
  readonly allowOrigins: "*" | OriginText | readonly (OriginText | "null")[];
}

/** Requests with cookies: only origins that are named. */
export interface CredentialedPolicy extends FieldsWithCredentials {
  /**
   * Who may read, with the visitor's cookies. Required.
   * - permitted: `"https://app.example.com"`, `["https://app.example.com", "http://localhost:*"]`
   * - prohibited: `"*"` (a browser refuses it with credentials), `"null"`, `"http://example.com"`,
   *   `"https://*.github.io"` (each name belongs to a different person)
   */
  readonly allowOrigins: OriginText | readonly OriginText[];
}

/** Every page may act as its visitor: only if that is really intended. */
export interface AnyOriginCredentialedPolicy extends FieldsWithCredentials {
  /** Every origin: `"*"`. The response names the page's own origin, because a browser refuses `*` with credentials. */
  readonly allowOrigins: "*";
  /**
   * Allows `"*"` together with credentials: every page may act as its visitor.
   * @default false
   */
  readonly dangerouslyAllowAnyOriginWithCredentials: true;
}

interface DynamicOrigins {
  /**
   * Decides an origin at run time: `(origin) => tenants.has(origin)`, or with a promise. See OriginFunction; its
   * answers are kept as `lookup` in the settings says.
   */
  readonly allowOrigins: OriginFunction;
}

/** A function decides the origins. */
export type DynamicPolicy =
  | (DynamicOrigins & FieldsWithoutCredentials)
  | (DynamicOrigins & FieldsWithCredentials);

/** A policy as written for `cors()`. `"*"` with credentials does not compile, for origins and for exposed headers. */
export type PolicyLiteral =
  | AnonymousPolicy
  | CredentialedPolicy
  | AnyOriginCredentialedPolicy
  | DynamicPolicy;

/**
 * A policy whose origins only the running program knows, from an environment variable or a database: their type is
 * `string` and not a text. They are checked when the middleware is made.
 */
export interface RunTimePolicy<Origins> extends Omit<PolicyInput, "allowOrigins"> {
  /**
   * Who may read. Required.
   * - permitted: `process.env.ORIGINS.split(",")`, `[process.env.APP_ORIGIN ?? "http://localhost:3000"]`
   * - prohibited: `[process.env.APP_ORIGIN]` (it may be undefined), a list whose texts are all in the source
   */
  readonly allowOrigins: Origins & KnownAtRunTime<Origins>;
}

/** `never` if every text is in the source: each is then an OriginText, or wrong. */
type KnownAtRunTime<Origins> = [OfAnyText<Origins>] extends [never] ? never : unknown;

/** The part of a type that is `string`, or a list of it. */
type OfAnyText<Origins> = Origins extends readonly (infer Origin)[]
  ? string extends Origin
    ? Origins
    : never
  : string extends Origins
    ? Origins
    : never;
