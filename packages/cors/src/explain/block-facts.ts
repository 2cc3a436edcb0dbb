// What is known about a block, from a verdict or from a console message, and the reasons that only messages have.

import type { HeaderList } from "../standard/message.ts";
import type { ReasonCode } from "../browser/verdict.ts";

/** What is known about a block; a console message leaves most of it open. */
export interface BlockFacts {
  readonly reason: ReasonCode | MessageOnlyReason;
  readonly at?: "request" | "preflight" | "actual";
  readonly origin?: string;
  readonly url?: string;
  readonly value?: string | null;
  readonly lines?: readonly string[];
  readonly status?: number;
  readonly method?: string;
  readonly name?: string;
  readonly names?: readonly string[];
  readonly allowed?: readonly string[] | null;
  readonly offending?: string;
  readonly location?: string;
  readonly redirect?: string;
  readonly scheme?: string;
  readonly limit?: number;
  readonly credentials?: string;
  readonly why?: string;
  /** Redirects before it. */
  readonly hop?: number;
  /** The message does not distinguish a missing header from a different origin (WebKit). */
  readonly missingOrOther?: boolean;
  /** The headers of the deciding response, if they are known. */
  readonly seen?: HeaderList;
  /** The URL whose response redirected to this one. */
  readonly redirectedFrom?: string;
  /** For a gateway whose configuration is available: its own policy refused. */
  readonly ruling?: {
    readonly policy?: string;
    readonly refusal:
      | "origin-not-allowed"
      | "method-not-allowed"
      | "header-not-allowed"
      | "no-policy";
    /** With `no-policy`: what the configuration does instead. */
    readonly why?: string;
    /** A listed origin that is nearly this one. */
    readonly near?: string;
  };
  /** The source of a message. */
  readonly engine?: string;
  /** `fetch`, `XMLHttpRequest`, `font`, `manifest`… */
  readonly api?: string;
  /** Of a Content Security Policy: `connect-src`. */
  readonly directive?: string;
  /** The directive that applies because the policy has no such one: `default-src`. */
  readonly standIn?: string;
  /** A warning: today the request passes. */
  readonly passes?: boolean;
  /** Words of a message that match no known wording. */
  readonly unread?: string;
}

/** What consoles say in addition to the reasons for which the model blocks a request. */
export type MessageOnlyReason =
  | "header-not-exposed"
  | "forbidden-header"
  | "unspecified"
  | Exclude<NotCorsReason, ReasonCode>;

/** What stops a request, or its use, and is not CORS: no Access-Control header changes it. */
export type NotCorsReason =
  | "network-error"
  | "certificate"
  | "request-aborted"
  | "content-blocker"
  | "csp-blocked"
  | "mixed-content"
  | "local-network-access"
  | "connection-allowlist"
  | "corp-blocked"
  | "coep-blocked"
  | "orb-blocked"
  | "corb-blocked"
  | "mime-type"
  | "canvas-tainted"
  | "stylesheet-unreadable"
  | "integrity-needs-cors"
  | "worker-cross-origin"
  | "websocket-refused"
  | "frame-unreadable"
  | "frame-refused"
  | "service-worker"
  | "cookie-rejected"
  | "opaque-response"
  | "simulated-page"
  | "no-browser";
