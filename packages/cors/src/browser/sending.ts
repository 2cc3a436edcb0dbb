// What a browser sends for a page, and what comes back: the interface between the model and a responder.

import type { RequestHead, ResponseHead } from "../standard/message.ts";
import type { NetworkError } from "./verdict.ts";

/** What accompanies a request head: enough for a transport to send it as the browser would. */
export interface Sending {
  readonly kind: "preflight" | "actual";
  /** Whether cookies may be sent with it. */
  readonly credentials: boolean;
  /** Whether the page's body is sent with it. (Not with a preflight, nor after a redirect turned it into GET.) */
  readonly body: boolean;
  readonly hop: number;
}

/** What a server returned: the head of a response, or a failure before there was one. */
export type Answer = ResponseHead | NetworkError;
/** A `Responder` that may also fail as a transport does, and may inspect what accompanies the head. */
export type BrowserResponder = (request: RequestHead, sending: Sending) => Answer;
/** An asynchronous BrowserResponder. */
export type AsyncBrowserResponder = (
  request: RequestHead,
  sending: Sending,
) => Answer | Promise<Answer>;
