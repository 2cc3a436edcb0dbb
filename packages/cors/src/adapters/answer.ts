// What an adapter does with one request: a decision, or the refusal of a host, and how it is applied to a
// response that has no headers yet.

import type { Decision, Refusal } from "../policy/decide/decision.ts";
import type { Header, HeaderList } from "../standard/message.ts";

/** Like a Decision; `host-not-allowed` is the adapter's own refusal, before any policy. */
export interface Answer extends Omit<Decision, "refusal"> {
  readonly refusal?: Refusal | "host-not-allowed";
}

/** A look at one member costs less than `instanceof`, which walks the prototypes on every request. */
export function isPending(answer: Answer | Promise<Answer>): answer is Promise<Answer> {
  return "then" in answer;
}

const none: HeaderList = Object.freeze([]);

/** 421 Misdirected Request (RFC 9110 §15.5.20): no CORS headers, and no cache may keep it for another name. */
export const misdirected: Answer = Object.freeze<Answer>({
  kind: "not-cors",
  allowed: false,
  refusal: "host-not-allowed",
  status: 421,
  headers: none,
  vary: Object.freeze([]),
});

/** The same answer with `Corsway-Decision`, for a person who examines one request. */
export function explained(answer: Answer): Answer {
  const reason = answer.refusal === undefined ? "" : `; reason=${answer.refusal}`;
  const field: Header = [
    "Corsway-Decision",
    `kind=${answer.kind}; ${answer.allowed ? "allowed" : "refused"}${reason}`,
  ];
  return { ...answer, headers: [...answer.headers, field] };
}

const kept = new WeakMap<Answer, readonly string[]>();

/**
 * Names and values in turn, as Node's `writeHead` accepts them: the headers of a response without its own.
 * Most decisions belong to the policy and recur, so their lines are created once.
 */
export function linesOf(answer: Answer): readonly string[] {
  const found = kept.get(answer);
  if (found !== undefined) return found;
  const lines: string[] = [];
  for (const [name, value] of answer.headers) lines.push(name, value);
  if (answer.vary.length > 0) lines.push("Vary", answer.vary.join(", "));
  // Without it, Node would send an empty body in chunks.
  if (answer.status !== undefined && answer.status !== 204) lines.push("Content-Length", "0");
  kept.set(answer, Object.freeze(lines));
  return lines;
}
