// What a page's fetch rejects with: a TypeError as in a browser, but with the reason.

import type { PageRequest } from "../browser/request.ts";
import type { Verdict } from "../browser/verdict.ts";
import { explanation } from "./explanation.ts";

/**
 * The rejection of a page's fetch. Its message is the explanation. Request and verdict are getters, so
 * that a runner that prints an error's properties does not bury the message under the complete trace.
 */
export class BlockedError extends TypeError {
  readonly #request: PageRequest;
  readonly #verdict: Verdict;

  /** `cause`: what the server or the connection threw, if that was the reason. */
  constructor(request: PageRequest, verdict: Verdict, cause?: unknown) {
    super(explanation(request, verdict), cause === undefined ? undefined : { cause });
    this.#request = request;
    this.#verdict = verdict;
  }

  /** The page's request. */
  get request(): PageRequest {
    return this.#request;
  }

  /** holds: its outcome is `blocked` */
  get verdict(): Verdict {
    return this.#verdict;
  }
}
