// What an adapter does with one request: a decision, or the refusal of a host, and how it is applied to a
// response that has no headers yet.

import type { Decision, Refusal } from "../policy/decide/decision.ts";
import type { Header, HeaderList } from "../standard/message.ts";

/**
 * Like a Decision; `host-not-allowed` is the adapter's own refusal, before any policy. Every answer has the
 * same members in the same order, because an engine reads objects of one shape much faster.
 */
export interface Answer {
  readonly kind: Decision["kind"];
  readonly allowed: boolean;
  readonly refusal?: Refusal | "host-not-allowed" | undefined;
  readonly rule?: number | undefined;
  /** The status with which the adapter itself answers. undefined: the request goes on to the application. */
  readonly status?: number | undefined;
  readonly headers: HeaderList;
  readonly vary: readonly string[];
  /** The value of `Vary` if the response has none of its own; "" for none. */
  readonly varyValue: string;
  /**
   * Names and values in turn, as Node's `writeHead` accepts them: all headers of a response without its own. Pass on
   * a copy, because responses to different visitors share the list. (It is not frozen: Node reads a frozen array so
   * much more slowly that a copy costs less.)
   */
  readonly lines: readonly string[];
}

/** Most decisions belong to the policy and recur, so this is called once for each of them. */
export function answerOf({
  kind,
  allowed,
  refusal,
  rule,
  status,
  headers,
  vary,
}: Omit<Answer, "varyValue" | "lines">): Answer {
  const lines = headers.flat();
  const varyValue = vary.join(", ");
  if (varyValue !== "") lines.push("Vary", varyValue);
  // Without it, Node would send an empty body in chunks.
  if (status !== undefined && status !== 204) lines.push("Content-Length", "0");
  return Object.freeze<Answer>({
    kind,
    allowed,
    refusal,
    rule,
    status,
    headers,
    vary,
    varyValue,
    lines,
  });
}

/** A look at one member costs less than `instanceof`, which walks the prototypes on every request. */
export function isPending(answer: Answer | Promise<Answer>): answer is Promise<Answer> {
  return "then" in answer;
}

/** 421 Misdirected Request (RFC 9110 §15.5.20): no CORS headers, and no cache may keep it for another name. */
export const misdirected: Answer = answerOf({
  kind: "not-cors",
  allowed: false,
  refusal: "host-not-allowed",
  status: 421,
  headers: Object.freeze([]),
  vary: Object.freeze([]),
});

/** The same answer with `Corsway-Decision`, for a person who examines one request. */
export function explained(answer: Answer): Answer {
  const reason = answer.refusal === undefined ? "" : `; reason=${answer.refusal}`;
  const field: Header = [
    "Corsway-Decision",
    `kind=${answer.kind}; ${answer.allowed ? "allowed" : "refused"}${reason}`,
  ];
  return answerOf({ ...answer, headers: [...answer.headers, field] });
}
