// The server's side of one request, as data. Codes, never prose: the hot path allocates no
// explanation.

import type { HeaderList, RequestHead } from "../../standard/message.ts";

/** Why a request is not allowed what it asked for. */
export type Refusal =
  | "origin-not-allowed"
  | "origin-malformed" // more than one Origin, a comma list, over-long, or no serialised origin
  | "site-not-allowed" // no Origin, and Sec-Fetch-Site is another site's page (under on_mismatch)
  | "method-not-allowed"
  | "header-not-allowed"
  | "headers-malformed"; // Access-Control-Request-Headers has no token, or is beyond 4 KiB or 64 names

/**
 * What the server does about CORS for one request: answer it itself (`status`) or go on, and what
 * to put on the response (`applyDecision`).
 */
export interface Decision {
  readonly kind: "not-cors" | "same-origin" | "preflight" | "actual";
  /**
   * false: a browser will keep the page from what it asked, or the request is refused. same-origin:
   * true.
   */
  readonly allowed: boolean;
  /** holds: present <=> !allowed */
  readonly refusal?: Refusal;
  /**
   * Of several rules the one that answered, or refused, counted from 0. Absent for a policy alone, and
   * where no rule was asked: another kind than preflight and actual, with no header to set.
   */
  readonly rule?: number;
  /**
   * The status with which the server itself answers, without a body and without asking further:
   * every preflight (204 or 200; 403 where the origin is refused), and what `onMismatch` keeps out
   * (403). Absent: the request goes on to whoever answers it.
   */
  readonly status?: number;
  /** The Access-Control-* (and Timing-Allow-Origin) headers to set. Frozen. */
  readonly headers: HeaderList;
  /** The header names to merge into Vary. Frozen; may be empty. */
  readonly vary: readonly string[];
}

/** The compiled form of a policy. Total: never throws, bounded work whatever the bytes. */
export type Decide = DecideFor<RequestHead>;

/** The same for requests of any kind. */
export type DecideFor<Request> = (request: Request) => Decision;
