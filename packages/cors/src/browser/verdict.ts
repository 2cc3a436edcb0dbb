// The browser's side of one request of a page: what the page gets, or why it gets nothing.

import type { HeaderList, RequestHead, ResponseHead } from "../standard/message.ts";
import type { CredentialsMode, RedirectMode } from "./request.ts";
import type { CookieFate } from "./cookie-jar.ts";
import type { Trace } from "./trace.ts";

/** Why a page does not get its response. Stable: `explain --format json` and `blocked()` use them. */
export type ReasonCode = BlockDetail["reason"];

/** Every reason, in the order in which the standard's algorithms can reach it. */
export const reasonCodes: readonly ReasonCode[] = [
  "forbidden-method",
  "request-invalid",
  "mode-same-origin",
  "redirect-mode",
  "scheme-not-cors",
  "network-error",
  "acao-missing",
  "acao-multiple",
  "acao-invalid",
  "acao-mismatch",
  "acao-wildcard-credentials",
  "acac-not-true",
  "preflight-redirect",
  "preflight-status",
  "acam-unparsable",
  "acah-unparsable",
  "method-not-allowed",
  "header-not-allowed",
  "corp-blocked",
  "redirect-location",
  "redirect-count",
  "redirect-credentials",
  "redirect-body",
  "worker-cross-origin",
  "websocket-refused",
  "csp-blocked",
  "mixed-content",
  "local-network-access",
];

/** Where it ended. */
export interface BlockPlace {
  /** `request`: before anything was sent for this URL. */
  readonly at: "request" | "preflight" | "actual";
  /** 0 for the page's own URL, 1 after the first redirect… */
  readonly hop: number;
  /** The requested URL, without a fragment. */
  readonly url: string;
  /** The `Origin` that the response was checked against: `null` after a tainting redirect. */
  readonly origin: string;
  readonly credentials: CredentialsMode;
}

/** The deciding step's data. Header values are as received (duplicates joined by `, `). */
export type BlockDetail = BlockPlace &
  (
    | { readonly reason: "forbidden-method"; readonly method: string }
    | { readonly reason: "request-invalid"; readonly why: RequestFault; readonly value: string }
    | { readonly reason: "mode-same-origin" }
    /** `status` is absent for mode no-cors with a redirect mode other than follow, before anything is sent. */
    | {
        readonly reason: "redirect-mode";
        readonly redirect: RedirectMode;
        readonly status?: number;
      }
    | { readonly reason: "scheme-not-cors"; readonly scheme: string }
    | { readonly reason: "network-error"; readonly why: string }
    | { readonly reason: "acao-missing"; readonly status: number }
    | {
        readonly reason: "acao-multiple";
        readonly value: string;
        readonly lines: readonly string[];
        readonly status: number;
      }
    | {
        readonly reason: "acao-invalid" | "acao-mismatch" | "acao-wildcard-credentials";
        readonly value: string;
        readonly status: number;
      }
    | { readonly reason: "acac-not-true"; readonly value: string | null; readonly status: number }
    | {
        readonly reason: "preflight-redirect";
        readonly status: number;
        readonly location: string;
      }
    | { readonly reason: "preflight-status"; readonly status: number }
    | {
        readonly reason: "acam-unparsable" | "acah-unparsable";
        readonly value: string;
        /** The first element that is not a token. */
        readonly offending: string;
        readonly status: number;
      }
    /** `allowed` is null if the header is absent. */
    | {
        readonly reason: "method-not-allowed";
        readonly method: string;
        readonly allowed: readonly string[] | null;
        readonly status: number;
      }
    /** `name` is the one that the browser names, `names` all that would be refused; both in lower case. */
    | {
        readonly reason: "header-not-allowed";
        readonly name: string;
        readonly names: readonly string[];
        readonly allowed: readonly string[] | null;
        readonly status: number;
      }
    | { readonly reason: "corp-blocked"; readonly value: string; readonly status: number }
    | { readonly reason: "redirect-location"; readonly location: string }
    | { readonly reason: "redirect-count"; readonly limit: number }
    | { readonly reason: "redirect-credentials"; readonly location: string }
    | { readonly reason: "redirect-body"; readonly status: number }
    | { readonly reason: "worker-cross-origin" | "mixed-content" | "local-network-access" }
    /** `value`: the sources that the directive lists. */
    | { readonly reason: "csp-blocked"; readonly directive: string; readonly value: string }
    /** The answer to the handshake is not 101. */
    | { readonly reason: "websocket-refused"; readonly status: number }
  );

/** Faults of the request itself: `fetch()` throws a TypeError before anything is sent. */
export type RequestFault =
  | "origin"
  | "url"
  | "url-credentials"
  | "method"
  | "no-cors-method"
  | "header-name"
  | "header-value"
  | "body-with-get"
  | "stream-mode"
  | "initiator";

/** A failed transport; whatever the cause, a page learns nothing about it. */
export interface NetworkError {
  readonly kind: "network-error";
  /** One line, lower case: `connection refused`. */
  readonly why: string;
}

/** One request on the wire and its response. */
export interface WireExchange {
  readonly kind: "preflight" | "actual";
  readonly request: RequestHead;
  readonly response: ResponseHead | NetworkError;
  /** Whether cookies and stored HTTP authentication may be sent with it, and Set-Cookie stored. */
  readonly credentials: boolean;
  readonly hop: number;
}

/** A response as the page sees it (Fetch: filtered response). */
export interface PageResponse {
  readonly type: "basic" | "cors" | "opaque" | "opaqueredirect";
  /** 0 if opaque. */
  readonly status: number;
  readonly headers: HeaderList;
  /** Empty if opaque; otherwise without a fragment. */
  readonly url: string;
  readonly redirected: boolean;
}

/** What happened in the preflight cache during this request. */
export interface PreflightCaching {
  /**
   * `hit`: the cache made a preflight unnecessary. `stored`: this response is cached, and saves the same
   * request its next preflight. `not-stored`: it does not (Firefox never uses a `*` for that).
   */
  readonly state: "hit" | "stored" | "not-stored";
  /** How long it is cached, after the engine's limit; 0 if it is not. */
  readonly seconds: number;
  /** Access-Control-Max-Age as received; null if it is absent or on a hit. */
  readonly maxAge: string | null;
}

/**
 * The result of one request of a page: readable, opaque or blocked, with the wire and every step that
 * led to it.
 */
export interface Verdict {
  readonly outcome: "readable" | "opaque" | "blocked";
  /** holds: present <=> blocked */
  readonly reason?: ReasonCode;
  readonly detail?: BlockDetail;
  /** Whether a server received an actual request (and so may have acted on it), whatever the page saw. */
  readonly sent: boolean;
  /** holds: absent <=> blocked */
  readonly response?: PageResponse;
  /** In lower case: what `response.headers` may show, including the seven safelisted. Empty unless readable. */
  readonly exposedHeaders: readonly string[];
  readonly wire: readonly WireExchange[];
  readonly trace: Trace;
  /** Absent if no preflight was needed. */
  readonly preflightCache?: PreflightCaching;
  /** What became of each cookie at each hop; absent if the page's cookies are not known. */
  readonly cookies?: readonly CookieFate[];
  /** Whether the page may read the timings (Timing-Allow-Origin). */
  readonly timingAllowed: boolean;
}
