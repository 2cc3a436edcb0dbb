// Two assertions for any test runner. Their failure message is the explanation. They import no test
// runner, so they work in node:test, vitest and jest alike.

import type { PageRequest } from "../browser/request.ts";
import type { ReasonCode, Verdict } from "../browser/verdict.ts";
import { BlockedError } from "./blocked-error.ts";
import { explanation } from "./explanation.ts";
import { verdictOf } from "./open-page.ts";

/** Every runner shows an Error of this name, with `actual` and `expected`, as a failed assertion. */
export class ExpectationError extends Error {
  override readonly name = "AssertionError";
  readonly actual: string;
  readonly expected: string;

  constructor(expected: string, actual: string, explained: string) {
    super(`expected the page to get: ${expected}, but it is: ${actual}\n${explained}`);
    this.expected = expected;
    this.actual = actual;
  }
}

/** What an assertion accepts: a page's fetch, its response, or a verdict. */
export type Subject = Response | Verdict | Promise<Response | Verdict>;

/** Expects that the page can read the response. Returns it, for further assertions. */
export async function readable<T extends Response | Verdict>(subject: T | Promise<T>): Promise<T> {
  const { verdict, explained, outcome, value } = await outcomeOf(subject);
  if (verdict.outcome !== "readable") throw new ExpectationError("readable", outcome, explained);
  return value as T;
}

/** Expects that the page cannot read the response, for this reason if one is given. Returns the verdict. */
export async function blocked(subject: Subject, reason?: ReasonCode): Promise<Verdict> {
  const { verdict, explained, outcome } = await outcomeOf(subject);
  const expected = reason === undefined ? "blocked" : `blocked (${reason})`;
  if (verdict.outcome !== "blocked" || (reason !== undefined && verdict.reason !== reason))
    throw new ExpectationError(expected, outcome, explained);
  return verdict;
}

interface Outcome {
  readonly verdict: Verdict;
  /** The result of the subject, unless it was rejected. */
  readonly value?: Response | Verdict;
  /** `readable`, `opaque`, `blocked (acao-missing)` */
  readonly outcome: string;
  readonly explained: string;
}

async function outcomeOf(subject: Subject): Promise<Outcome> {
  try {
    const value = await subject;
    if (typeof value !== "object" || value === null)
      throw new TypeError(
        `expected a page's fetch, its response or a verdict, not ${typeof value === "string" ? `\`${value}\`` : String(value)}`,
      );
    const known = verdictOf(value);
    if (known !== undefined) return { ...tell(known.request, known.verdict), value };
    if ("outcome" in value) return { ...tell(requestOf(value), value), value };
    throw new TypeError("this Response does not come from a page opened by openPage");
  } catch (error) {
    // an abort, or a mistake in the test: not ours to hide
    if (!(error instanceof BlockedError)) throw error;
    return tell(error.request, error.verdict);
  }
}

function tell(request: PageRequest, verdict: Verdict): Omit<Outcome, "value"> {
  const outcome = verdict.reason === undefined ? verdict.outcome : `blocked (${verdict.reason})`;
  return { verdict, outcome, explained: explanation(request, verdict) };
}

/** The request of a verdict that was made somewhere else. */
function requestOf({ detail, wire }: Verdict): PageRequest {
  const head = wire.find(({ kind }) => kind === "actual")?.request ?? wire[0]?.request;
  const origin = head?.headers.find(([name]) => name === "Origin")?.[1] ?? "";
  return {
    origin: detail?.origin ?? origin,
    url: head?.url ?? detail?.url ?? "",
    method: head?.method ?? "GET",
    ...(detail !== undefined && { credentials: detail.credentials }),
  };
}
