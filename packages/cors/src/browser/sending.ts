// What a browser sends for a page, and what comes back: the joint between the model and whoever answers.

import type { RequestHead, ResponseHead } from "../standard/message.ts";
import type { NetworkError } from "./verdict.ts";

/** What goes with a request head: enough for a transport to send it as the browser would. */
export interface Sending {
  readonly kind: "preflight" | "actual";
  /** May cookies go with it? */
  readonly credentials: boolean;
  /** Is the page's body sent with it? (Not with a preflight, nor after a redirect turned it into GET.) */
  readonly body: boolean;
  readonly hop: number;
}

/** What a server gave: a response's head, or a failure before there was one. */
export type Answer = ResponseHead | NetworkError;
/** A `Responder` that may also fail as a transport does, and may look at what goes with the head. */
export type BrowserResponder = (request: RequestHead, sending: Sending) => Answer;
/** A BrowserResponder that may take its time. */
export type AsyncBrowserResponder = (
  request: RequestHead,
  sending: Sending,
) => Answer | Promise<Answer>;
