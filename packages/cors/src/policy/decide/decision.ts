// The server's side of one request, as data. Codes, never prose: the hot path allocates no
// explanation.

import type { HeaderList, RequestHead } from "../../standard/message.ts";

/** Why a request is not allowed to do what it asked for. */
export type Refusal =
  | "origin-not-allowed"
  | "origin-malformed" // more than one Origin, a comma list, over-long, or no serialised origin
  | "site-not-allowed" // no Origin, and Sec-Fetch-Site is another site's page (under on_mismatch)
  | "method-not-allowed"
  | "header-not-allowed"
  | "headers-malformed"; // Access-Control-Request-Headers has no token, or is beyond 4 KiB or 64 names

/**
 * What the server does about CORS for one request: whether it answers the request itself (`status`) or
 * lets it proceed, and which headers to set on the response (`applyDecision`).
 */
export interface Decision {
  readonly kind: "not-cors" | "same-origin" | "preflight" | "actual";
  /**
   * false: a browser will not give the page what it asked for, or the request is refused. Always true
   * for a same-origin request.
   */
  readonly allowed: boolean;
  /** holds: present <=> !allowed */
  readonly refusal?: Refusal;
  /**
   * With several rules, the index of the one that decided. Absent for a single policy, and if no rule
   * was consulted: the request is neither a preflight nor an actual CORS request, and there is no
   * header to set.
   */
  readonly rule?: number;
  /**
   * The status with which the server itself must answer, without a body and without calling the
   * application: for every preflight (204 or 200; 403 if the origin is refused), and for requests that
   * `onMismatch` rejects (403). Absent: the request proceeds to the application.
   */
  readonly status?: number;
  /** The Access-Control-* (and Timing-Allow-Origin) headers to set. Frozen. */
  readonly headers: HeaderList;
  /** The header names to merge into Vary. Frozen; may be empty. */
  readonly vary: readonly string[];
}

/** The compiled form of a policy. Never throws, and does bounded work whatever the bytes. */
export type Decide = (request: RequestHead) => Decision;
