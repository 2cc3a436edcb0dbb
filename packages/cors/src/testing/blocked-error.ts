// What a page's fetch rejects with: a TypeError as in a browser, but one that says why.

import type { PageRequest } from "../browser/request.ts";
import type { Verdict } from "../browser/verdict.ts";
import { explanation } from "./explanation.ts";

export class BlockedError extends TypeError {
  readonly request: PageRequest;
  /** holds: its outcome is `blocked` */
  readonly verdict: Verdict;

  /** `cause`: what the server or the connection threw, where that was the reason. */
  constructor(request: PageRequest, verdict: Verdict, cause?: unknown) {
    super(explanation(request, verdict), cause === undefined ? undefined : { cause });
    this.request = request;
    this.verdict = verdict;
  }
}
