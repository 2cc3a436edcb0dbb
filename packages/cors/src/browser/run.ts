// Driving the model: the algorithms are one generator that yields what a browser would send; a
// sync and an async driver ask a responder and hand the answer back. Neither does any I/O itself.

import type { AsyncResponder, RequestHead, ResponseHead } from "../standard/message.ts";
import type { CorsPreflightCache } from "./cors-preflight-cache.ts";
import type { Engine } from "./engine.ts";
import { fetchOf } from "./fetch.ts";
import type { PageRequest } from "./request.ts";
import type { NetworkError, Verdict } from "./verdict.ts";

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

/** Whose browser, and what it remembers from before. */
export interface RunOptions {
  /** The standard, by default. */
  readonly engine?: Engine;
  /** Shared by the requests of one browser; by default a fresh one for this request. */
  readonly cache?: CorsPreflightCache;
  /** Milliseconds; only differences count. */
  readonly now?: () => number;
  /** The network partition key: the top-level site, usually. By default one for all. */
  readonly partition?: string;
}

/** The page's view of one request, with a responder that answers at once. Never throws unless the responder does. */
export function runSync(
  request: PageRequest,
  responder: BrowserResponder,
  options: RunOptions = {},
): Verdict {
  const fetching = fetchOf(request, options);
  let turn = fetching.next();
  while (turn.done !== true)
    turn = fetching.next(responder(turn.value.request, turn.value.sending));
  return turn.value;
}

/** The same, with a responder that may take its time. A rejected promise rejects. */
export async function run(
  request: PageRequest,
  responder: AsyncBrowserResponder | AsyncResponder,
  options: RunOptions = {},
): Promise<Verdict> {
  const fetching = fetchOf(request, options);
  let turn = fetching.next();
  while (turn.done !== true)
    turn = fetching.next(await responder(turn.value.request, turn.value.sending));
  return turn.value;
}
