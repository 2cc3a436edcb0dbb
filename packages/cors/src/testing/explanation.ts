// A verdict in a few lines, for the message of a failed assertion or of a rejected fetch.

import type { PageRequest } from "../browser/request.ts";
import type { Verdict } from "../browser/verdict.ts";
import { ruleAdvice } from "../explain/advice.ts";
import { sentenceOf } from "../explain/sentence.ts";

/** The request, the wire, and for a blocked request the deciding step with its bytes and what fixes it. */
export function explanation(request: PageRequest, verdict: Verdict): string {
  const { detail, response } = verdict;
  const lines = [
    `${verdict.outcome}  ${request.method ?? "GET"} ${request.url}  from ${request.origin}  (credentials: ${request.credentials ?? "same-origin"})`,
  ];
  for (const { kind, request: head, response: answer } of verdict.wire)
    lines.push(
      `  ${kind.padEnd(9)}  ${head.method} ${head.url} → ${"kind" in answer ? answer.why : answer.status}`,
    );
  if (detail !== undefined) {
    const { says, why } = sentenceOf(detail);
    lines.push(`  ${detail.reason}: ${says}`, `  why  ${why}`);
    lines.push(`  note ${arrival(verdict)}`);
    for (const { side, say } of ruleAdvice(detail))
      lines.push(`  fix  ${side === "server" ? "server" : "page"}: ${say}`);
  } else if (response !== undefined) {
    const headers = verdict.exposedHeaders.length > 0 ? verdict.exposedHeaders.join(", ") : "none";
    lines.push(`  the page gets a response of type ${response.type}, readable headers: ${headers}`);
  }
  return lines.join("\n");
}

/** If a request failed before its response, it is unknown what the server did with it. */
function arrival({ sent, detail }: Verdict): string {
  if (sent) return "the server received the request and may have acted on it";
  return detail?.reason === "network-error" && detail.at === "actual"
    ? "the server may have received the request before it failed"
    : "the server never received the request itself";
}
