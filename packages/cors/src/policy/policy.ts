// The page to read first: what a server promises to the pages of other origins. Each field mirrors
// one header of the Fetch standard (§3.2.3). A Policy is only made by readPolicy and carries its brand,
// so holding one means that it was checked; every value is normalised and frozen.

import type { OriginPattern } from "./origin-pattern.ts";

/** The key of the brand. From the registry of symbols: two copies of the library agree on it. */
export const policyBrand: unique symbol = Symbol.for("@corsway/cors/policy");

/**
 * A policy that was read and checked: normalised, complete and frozen. Made by definePolicy and
 * readPolicy only.
 */
export interface Policy {
  /** Set where the policy was checked. A copy (spread, structuredClone, JSON) does not have it. */
  readonly [policyBrand]: true;

  /**
   * Who may read. `"*"` is every origin; opaque ones (`null`) only without credentials.
   * holds: `"*"` => !allowCredentials || dangerouslyAllowAnyOriginWithCredentials
   */
  readonly allowOrigins: "*" | readonly OriginPattern[];

  /**
   * Methods that a page may use. GET, HEAD and POST pass by the standard, listed or not
   * (cors-safelisted-method); a list never stops them.
   */
  readonly allowMethods: "*" | readonly string[];

  /**
   * Request headers that a page may set. `any` is `*`, which by the standard does not cover
   * Authorization; `names` may then list it. No family covers it either.
   */
  readonly allowHeaders: RequestNameList;

  /**
   * Response headers that a page may read beside the safelisted seven.
   * holds: any => !allowCredentials
   */
  readonly exposeHeaders: NameList;

  readonly allowCredentials: boolean;

  /** Seconds that a preflight's answer may be cached; absent: no header (browsers keep it 5 s). */
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

/** A policy's fields without its brand: what is left of one after structuredClone or JSON. */
export type UnbrandedPolicy = Omit<Policy, typeof policyBrand>;

/**
 * What pages that the policy does not allow may do: everything, and only not read (`omit`); nothing but
 * GET, HEAD and OPTIONS (`reject-writes`); or nothing at all (`reject`), links that are followed to
 * here excepted. What they may not do is answered 403.
 */
export type OnMismatch = "omit" | "reject-writes" | "reject";

/** `*`, names, or both. `names` are as the person wrote them, each once; compare in lower case. */
export interface NameList {
  readonly any: boolean;
  readonly names: readonly string[];
}

/** Names of request headers, and families of them. */
export interface RequestNameList extends NameList {
  /**
   * `X-Amz-*`: every name that begins with what stands before the `*`, in any case, and goes on after
   * it. As the person wrote them, each once. Never Authorization.
   */
  readonly families: readonly string[];
}

/**
 * What a person writes in TypeScript; TOML's snake_case and the header names are read as well. A list
 * is an array, or one string with commas.
 */
export interface PolicyInput {
  /**
   * Who may read: `https://app.example.com`, `https://*.example.com` (any subdomain, not the apex),
   * `https://pr-*.example.com`, `http://localhost:*`, `http://localhost:[3000,8080]`,
   * `chrome-extension://*`, or `"*"`.
   */
  readonly allowOrigins: string | readonly string[];
  /** What pages may use beside GET, HEAD and POST, which no list stops; or `"*"`. `GET, HEAD, POST` */
  readonly allowMethods?: string | readonly string[];
  /**
   * Request headers that pages may set: names, families (`"X-Amz-*"`), or `"*"`. Neither a family nor
   * `"*"` covers Authorization. None
   */
  readonly allowHeaders?: string | readonly string[];
  /** Response headers that pages may read beside the safelisted seven; `"*"` not with credentials. None */
  readonly exposeHeaders?: string | readonly string[];
  /** May requests carry cookies and HTTP authentication? Never with `"*"` origins. `false` */
  readonly allowCredentials?: boolean;
  /** How long a preflight's answer may be kept: seconds, or `"24h"`, `"1h 30m"`. Absent: no header, 5 s */
  readonly maxAge?: number | string;
  /** The status of an allowed preflight. `204` */
  readonly preflightStatus?: 200 | 204;
  /**
   * What pages that the policy does not allow may do: everything but read (`omit`), nothing but GET, HEAD
   * and OPTIONS (`reject-writes`), nothing (`reject`). `"omit"`
   */
  readonly onMismatch?: OnMismatch;
  /** Send Timing-Allow-Origin to allowed origins. `false` */
  readonly timingAllowOrigin?: boolean;
  /** Lets `null` be listed, which every sandboxed frame and local file has. `false` */
  readonly dangerouslyAllowNullOrigin?: boolean;
  /** Lets `http:` origins stand with credentials. `false` */
  readonly dangerouslyAllowInsecureOrigins?: boolean;
  /** Lets `https://*.github.io` and its like, where each name is another person's. `false` */
  readonly dangerouslyAllowPublicSuffixSubdomains?: boolean;
  /** Lets `"*"` stand with credentials: every page may act as its visitor. `false` */
  readonly dangerouslyAllowAnyOriginWithCredentials?: boolean;
}
