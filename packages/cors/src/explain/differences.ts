// Engines whose verdict differs from the standard's, one line each, because pages run in engines.

import type { EngineName } from "../browser/engine.ts";
import type { BlockDetail } from "../browser/verdict.ts";
import { listOf, titleOf } from "./engine-title.ts";
import type { Explanation } from "./explain.ts";

export function differences({ engine, verdict, engines }: Explanation): readonly string[] {
  const byOutcome = new Map<string, EngineName[]>();
  for (const [name, view] of Object.entries(engines) as [
    EngineName,
    Explanation["engines"][EngineName],
  ][]) {
    if (view === undefined || name === engine) continue;
    const { outcome, reason } = view.verdict;
    if (outcome === verdict.outcome && sameFault(reason, verdict.reason)) continue;
    const says =
      outcome === verdict.outcome
        ? `name another reason: ${reason ?? ""}`
        : outcome === "blocked"
          ? `block it: ${reason ?? ""}`
          : "let it through";
    byOutcome.set(says, [...(byOutcome.get(says) ?? []), name]);
  }
  return [...byOutcome].map(([says, names]) => {
    const subject = listOf(names.map(titleOf));
    const verb = names.length === 1 ? says.replace(/^(?:block|let|name)/, "$&s") : says;
    return `${subject} ${verb}${excuse(verdict.detail, says)}`;
  });
}

/** Only Chromium tells apart all the ways in which an origin can fail to match. */
function sameFault(a: string | undefined, b: string | undefined): boolean {
  return a === b || (isOriginFault(a) && isOriginFault(b));
}

function isOriginFault(reason: string | undefined): boolean {
  return (
    reason === "acao-missing" ||
    reason === "acao-mismatch" ||
    reason === "acao-invalid" ||
    reason === "acao-multiple"
  );
}

/** The reason, for the one difference that people meet often. */
function excuse(detail: BlockDetail | undefined, says: string): string {
  if (detail?.reason !== "header-not-allowed" || says !== "let it through") return "";
  return detail.names.includes("authorization") && detail.allowed?.includes("*")
    ? " today (`*` covers Authorization there, by the standard it does not): list the header by name to be safe"
    : "";
}
