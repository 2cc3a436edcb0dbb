// The page to read first: what a server promises to the pages of other origins. Each field mirrors
// one header of the Fetch standard (§3.2.3). A Policy is only made by readPolicy, so holding one
// means that it was checked; every value is normalised and frozen.

import type { OriginPattern } from "./origin-pattern.ts";

export interface Policy {
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
   * Authorization; `names` may then list it.
   */
  readonly allowHeaders: NameList;

  /**
   * Response headers that a page may read beside the safelisted seven.
   * holds: any => !allowCredentials
   */
  readonly exposeHeaders: NameList;

  readonly allowCredentials: boolean;

  /** Seconds that a preflight's answer may be cached; absent: no header (browsers keep it 5 s). */
  readonly maxAge?: number;

  readonly preflightStatus: 200 | 204;

  /** What an actual request from a refused origin gets: forwarded without CORS headers, or 403. */
  readonly onMismatch: "omit" | "reject";

  /** Send Timing-Allow-Origin to allowed origins. */
  readonly timingAllowOrigin: boolean;

  readonly dangerouslyAllowNullOrigin: boolean;
  readonly dangerouslyAllowInsecureOrigins: boolean;
  readonly dangerouslyAllowPublicSuffixSubdomains: boolean;
  readonly dangerouslyAllowAnyOriginWithCredentials: boolean;
}

/** `*`, names, or both. `names` are as the person wrote them, each once; compare in lower case. */
export interface NameList {
  readonly any: boolean;
  readonly names: readonly string[];
}

/** What a person writes in TypeScript; TOML's snake_case and the header names are read as well. */
export interface PolicyInput {
  readonly allowOrigins: string | readonly string[];
  readonly allowMethods?: string | readonly string[];
  readonly allowHeaders?: string | readonly string[];
  readonly exposeHeaders?: string | readonly string[];
  readonly allowCredentials?: boolean;
  readonly maxAge?: number | string;
  readonly preflightStatus?: 200 | 204;
  readonly onMismatch?: "omit" | "reject";
  readonly timingAllowOrigin?: boolean;
  readonly dangerouslyAllowNullOrigin?: boolean;
  readonly dangerouslyAllowInsecureOrigins?: boolean;
  readonly dangerouslyAllowPublicSuffixSubdomains?: boolean;
  readonly dangerouslyAllowAnyOriginWithCredentials?: boolean;
}
