// Engines whose verdict differs from the standard's, one line each, because pages run in engines.

import type { EngineName } from "../browser/engine.ts";
import type { BlockDetail, Verdict } from "../browser/verdict.ts";
import { showAll } from "./bytes-shown.ts";
import { absences } from "./cookie-words.ts";
import { listOf, titleOf } from "./engine-title.ts";
import type { EngineView, Explanation } from "./explain.ts";

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
        ? `give another reason: ${reason ?? ""}`
        : outcome === "blocked"
          ? `block it: ${reason ?? ""}`
          : "allow it";
    byOutcome.set(says, [...(byOutcome.get(says) ?? []), name]);
  }
  return [
    ...cookieDifferences({ engine, verdict, engines }),
    ...[...byOutcome].map(([says, names]) => {
      const subject = listOf(names.map(titleOf));
      const verb = names.length === 1 ? says.replace(/^(?:block|allow|give)/, "$&s") : says;
      return `${subject} ${verb}${excuse(verdict.detail, says)}`;
    }),
  ];
}

/** Engines that send other cookies with the last request. */
function cookieDifferences({
  engine,
  verdict,
  engines,
}: Pick<Explanation, "engine" | "verdict" | "engines">): readonly string[] {
  const lines: string[] = [];
  const led = sentCookies(verdict);
  for (const [name, view] of Object.entries(engines) as [EngineName, EngineView | undefined][]) {
    if (view === undefined || name === engine) continue;
    const sent = sentCookies(view.verdict);
    const missing = [...led].filter((cookie) => !sent.has(cookie));
    const added = [...sent].filter((cookie) => !led.has(cookie));
    if (missing.length > 0)
      lines.push(
        `${titleOf(name)} sends it without ${showAll(missing)}: ${missing.map((cookie) => absenceIn(view.verdict, cookie)).join("; ")}`,
      );
    if (added.length > 0)
      lines.push(
        `${titleOf(name)} sends ${showAll(added)} as well: \`http\` and \`https\` of one host are one site there`,
      );
  }
  return lines;
}

function absenceIn({ cookies = [] }: Verdict, name: string): string {
  const fate = cookies.findLast((each) => each.name === name);
  return fate?.because === undefined ? "it is not known there" : absences[fate.because];
}

function sentCookies({ cookies = [] }: Verdict): ReadonlySet<string> {
  const last = cookies.reduce((hop, fate) => Math.max(hop, fate.hop), 0);
  return new Set(cookies.filter(({ hop, sent }) => sent && hop === last).map(({ name }) => name));
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
  if (detail?.reason !== "header-not-allowed" || says !== "allow it") return "";
  return detail.names.includes("authorization") && detail.allowed?.includes("*")
    ? " today (there `*` covers Authorization; by the standard it does not): list the header by name to be safe"
    : "";
}
