// Drives the model: the algorithms are one generator that yields what a browser would send. A sync and
// an async driver call a responder and pass its response back. Neither does any I/O itself.

import type { AsyncResponder } from "../standard/message.ts";
import { fetchOf } from "./fetch.ts";
import type { PageRequest } from "./request.ts";
import type { RunOptions } from "./run-options.ts";
import type { AsyncBrowserResponder, BrowserResponder } from "./sending.ts";
import type { Verdict } from "./verdict.ts";

/** The page's view of one request, with a synchronous responder. Throws only if the responder does. */
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

/** The same with an asynchronous responder. Rejects if the responder's promise rejects. */
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
