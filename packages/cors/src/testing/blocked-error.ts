// What a page's fetch rejects with: a TypeError as in a browser, but one that says why.

import type { PageRequest } from "../browser/request.ts";
import type { Verdict } from "../browser/verdict.ts";
import { explanation } from "./explanation.ts";

/**
 * Rejects a page's fetch. Its message is the explanation; request and verdict are behind getters, so
 * that a runner which prints an error's properties does not bury the message under the whole trace.
 */
export class BlockedError extends TypeError {
  readonly #request: PageRequest;
  readonly #verdict: Verdict;

  /** `cause`: what the server or the connection threw, where that was the reason. */
  constructor(request: PageRequest, verdict: Verdict, cause?: unknown) {
    super(explanation(request, verdict), cause === undefined ? undefined : { cause });
    this.#request = request;
    this.#verdict = verdict;
  }

  /** What the page asked. */
  get request(): PageRequest {
    return this.#request;
  }

  /** holds: its outcome is `blocked` */
  get verdict(): Verdict {
    return this.#verdict;
  }
}
