// The page to read first: what a server promises to pages of other origins. Each field corresponds to
// one header of the Fetch standard (§3.2.3). Only readPolicy makes a Policy, and it brands it, so a
// Policy has always been checked; every value is normalised and frozen.

import type { OriginPattern } from "./origin-pattern.ts";

/** The key of the brand. It is in the symbol registry, so that two copies of the library agree on it. */
export const policyBrand: unique symbol = Symbol.for("@corsway/cors/policy");

/**
 * A policy that was read and checked: normalised, complete and frozen. Made only by definePolicy and
 * readPolicy.
 */
export interface Policy {
  /** Set when the policy was checked. A copy (spread, structuredClone, JSON) does not have it. */
  readonly [policyBrand]: true;

  /**
   * Who may read. `"*"` is every origin, and opaque origins (`null`) only without credentials.
   * holds: `"*"` => !allowCredentials || dangerouslyAllowAnyOriginWithCredentials
   */
  readonly allowOrigins: "*" | readonly OriginPattern[];

  /**
   * Methods that a page may use. Under the standard GET, HEAD and POST pass whether they are listed or
   * not (cors-safelisted-method); a list never stops them.
   */
  readonly allowMethods: "*" | readonly string[];

  /**
   * Request headers that a page may set. `any` is `*`, which under the standard does not cover
   * Authorization; `names` may list it as well. No family covers it either.
   */
  readonly allowHeaders: RequestNameList;

  /**
   * Response headers that a page may read in addition to the seven safelisted ones.
   * holds: any => !allowCredentials
   */
  readonly exposeHeaders: NameList;

  readonly allowCredentials: boolean;

  /** Seconds for which a preflight response may be cached. Absent: no header (browsers cache it for 5 s). */
  readonly maxAge?: number;

  readonly preflightStatus: 200 | 204;

  /** What pages that the policy does not allow may do. See `admits`. */
  readonly onMismatch: OnMismatch;

  /** Send Timing-Allow-Origin to allowed origins. */
  readonly timingAllowOrigin: boolean;

  readonly dangerouslyAllowNullOrigin: boolean;
  readonly dangerouslyAllowInsecureOrigins: boolean;
  readonly dangerouslyAllowPublicSuffixSubdomains: boolean;
  readonly dangerouslyAllowAnyOriginWithCredentials: boolean;
}

/** The fields of a policy without its brand: what remains after structuredClone or JSON. */
export type UnbrandedPolicy = Omit<Policy, typeof policyBrand>;

/**
 * What pages that the policy does not allow may do: everything except read (`omit`); only GET, HEAD and
 * OPTIONS (`reject-writes`); or nothing (`reject`), except following links to here. Anything they may
 * not do gets a 403.
 */
export type OnMismatch = "omit" | "reject-writes" | "reject";

/** `*`, names, or both. `names` are as the person wrote them, each once; compare them in lower case. */
export interface NameList {
  readonly any: boolean;
  readonly names: readonly string[];
}

/** Names of request headers, and families of them. */
export interface RequestNameList extends NameList {
  /**
   * `X-Amz-*`: every name that begins with the part before the `*`, in any case, and is longer. As the
   * person wrote them, each once. Never Authorization.
   */
  readonly families: readonly string[];
}

/**
 * A policy as a person writes it in TypeScript. TOML's snake_case and the names of the headers are also
 * accepted. A list is an array, or one string with commas.
 */
export interface PolicyInput {
  /**
   * Who may read. Required: there is no safe default.
   * - permitted: `"https://app.example.com"`, `"https://*.example.com"` (any subdomain, not the apex),
   *   `"https://pr-*.example.com"`, `"http://localhost:*"`, `"http://localhost:[3000,8080]"`,
   *   `"chrome-extension://*"`, `"*"`
   * - prohibited: `"app.example.com"` (no scheme), `"https://app.example.com/"` (a path),
   *   `"https://App.example.com"` (upper case), `"https://app.example.com:443"` (the default port)
   */
  readonly allowOrigins: string | readonly string[];
  /**
   * Methods allowed in addition to GET, HEAD and POST, which a list never stops; or `"*"`.
   * - permitted: `["GET", "PUT"]`, `"*"`, `["PATCH"]` (upper case: browsers send it as the page writes it)
   * - prohibited: `["TRACE"]` (no browser sends it), `["GET PUT"]`
   * @default "GET, HEAD, POST"
   */
  readonly allowMethods?: string | readonly string[];
  /**
   * Request headers that pages may set: names, families (`"X-Amz-*"`), or `"*"`. Neither a family nor
   * `"*"` covers Authorization.
   * - permitted: `["Content-Type", "Authorization"]`, `["X-Amz-*"]`, `["*", "Authorization"]`
   * - prohibited: `["Access-Control-Allow-Origin"]`, `["X Y"]`
   * @default none
   */
  readonly allowHeaders?: string | readonly string[];
  /**
   * Response headers that pages may read in addition to the seven safelisted ones. `"*"` is not allowed
   * with credentials.
   * - permitted: `["X-Request-ID", "X-Total-Count"]`, `"*"` without credentials
   * - prohibited: `["Set-Cookie"]` (no page can read it), `"*"` with credentials
   * @default none
   */
  readonly exposeHeaders?: string | readonly string[];
  /**
   * Whether requests may carry cookies and HTTP authentication. Not allowed with `"*"` origins.
   * - permitted: `true`, with origins that are listed
   * - prohibited: `"true"` (a string), `true` with `allowOrigins: "*"`
   * @default false
   */
  readonly allowCredentials?: boolean;
  /**
   * How long a preflight response may be cached: seconds, or a duration such as `"24h"` or `"1h 30m"`.
   * - permitted: `600`, `"10m"`, `0` (ask each time)
   * - prohibited: `-1`, `1.5`, `"soon"`
   * @default no header, which browsers treat as 5 seconds
   */
  readonly maxAge?: number | string;
  /**
   * The status of an allowed preflight.
   * - permitted: `204`, `200` (for intermediaries that drop an empty 204)
   * - prohibited: every other status
   * @default 204
   */
  readonly preflightStatus?: 200 | 204;
  /**
   * What pages that the policy does not allow may do: everything except read (`omit`), only GET, HEAD
   * and OPTIONS (`reject-writes`), or nothing (`reject`).
   * - permitted: `"omit"`, `"reject-writes"` (recommended with cookies), `"reject"`
   * - prohibited: `true`
   * @default "omit"
   */
  readonly onMismatch?: OnMismatch;
  /**
   * Whether to send Timing-Allow-Origin to allowed origins.
   * - permitted: `true`, `false`
   * - prohibited: `"https://app.example.com"` (its origins are those of `allowOrigins`)
   * @default false
   */
  readonly timingAllowOrigin?: boolean;
  /**
   * Allows `null` to be listed. Every sandboxed frame and local file has this origin.
   * - permitted: `true`, with `allowOrigins: ["null"]`
   * - prohibited: `true` with `allowCredentials: true` and `"null"`
   * @default false
   */
  readonly dangerouslyAllowNullOrigin?: boolean;
  /**
   * Allows `http:` origins together with credentials. `http://localhost` never needs it.
   * - permitted: `true`, with `allowOrigins: ["http://intranet.example"]`
   * - prohibited: `"http://intranet.example"` (it applies to all of them)
   * @default false
   */
  readonly dangerouslyAllowInsecureOrigins?: boolean;
  /**
   * Allows patterns such as `https://*.github.io`, where each name belongs to a different person.
   * - permitted: `true`, with `allowOrigins: ["https://*.github.io"]`
   * - prohibited: `["github.io"]` (it applies to all of them)
   * @default false
   */
  readonly dangerouslyAllowPublicSuffixSubdomains?: boolean;
  /**
   * Allows `"*"` together with credentials: every page may act as its visitor.
   * - permitted: `true`, with `allowOrigins: "*"` and `allowCredentials: true`
   * - prohibited: `"https://app.example.com"` (list it in `allowOrigins`, and leave this out)
   * @default false
   */
  readonly dangerouslyAllowAnyOriginWithCredentials?: boolean;
}
