// What became of a request, in one word and in one sentence.

import type { AccessRecord } from "../api/shapes.ts";
import { refusalInWords } from "../look/refusals.ts";

export type Outcome = "allowed" | "refused" | "other";

export function outcomeOf({ allowed, kind }: AccessRecord): Outcome {
  if (allowed === false) return "refused";
  return allowed === true && (kind === "preflight" || kind === "actual") ? "allowed" : "other";
}

/** The deciding rule in words, from the gateway's side. */
export function decisionInWords(record: AccessRecord): string {
  const { kind, policy, refusal, requested_method, requested_headers } = record;
  const by = policy === undefined ? "no policy" : `the policy \`${policy}\``;
  if (kind === undefined)
    return record.error === undefined
      ? "No policy applies here. CORS was left to the upstream."
      : `The gateway answered by itself: \`${record.error}\`.`;
  if (kind === "not-cors") return "No page of another origin asked: there is no Origin header.";
  if (kind === "same-origin") return "The page is of the same origin: CORS does not apply.";
  if (record.allowed === true) return `Allowed by ${by}.`;
  const what =
    refusal === "method-not-allowed"
      ? `: the page wants \`${requested_method ?? ""}\``
      : refusal === "header-not-allowed"
        ? `: the page wants to send \`${requested_headers ?? ""}\``
        : "";
  return `Refused by ${by}: ${refusalInWords(refusal ?? "")}${what}.`;
}
