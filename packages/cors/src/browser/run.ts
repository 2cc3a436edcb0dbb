// Driving the model: the algorithms are one generator that yields what a browser would send; a
// sync and an async driver ask a responder and hand the answer back. Neither does any I/O itself.

import type { AsyncResponder } from "../standard/message.ts";
import { fetchOf } from "./fetch.ts";
import type { PageRequest } from "./request.ts";
import type { RunOptions } from "./run-options.ts";
import type { AsyncBrowserResponder, BrowserResponder } from "./sending.ts";
import type { Verdict } from "./verdict.ts";

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
