// The gateway's access log as it arrives: kept for the pages, which ask what became of a request of
// theirs, and put into words.

import type { AccessRecord } from "corsway";

/** What the gateway writes to stdout, one JSON object a line, as far as the demo reads it. */
export type AccessLine = Pick<
  AccessRecord,
  | "method"
  | "path"
  | "host"
  | "status"
  | "origin"
  | "policy"
  | "kind"
  | "allowed"
  | "refusal"
  | "requested_method"
  | "requested_headers"
  | "error"
>;

/** One line as a page shows it. */
export interface ShownLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly kind: string;
  readonly allowed: boolean;
  /** The name of the policy that decided; none where no policy applies. */
  readonly policy?: string | undefined;
  readonly says: string;
}

/**
 * The name of one click, as the last segment of the paths that it asks for: the log has no query, a
 * preflight has no header of the page's own, and a path is in both. No location's answer depends on it.
 */
const tryName = /\/try-([a-z0-9-]+)$/;

/** The path without the name of a click. */
export function plainPath(path: string): string {
  return path.replace(tryName, "");
}

/** A page has got its answer before the line is written; this long nothing more must come. */
const quiet = 100;
const patience = 2000;

export class GatewayLog {
  readonly #lines: AccessLine[] = [];

  add(line: AccessLine): void {
    this.#lines.push(line);
  }

  /** The lines of one click of a page, when no more come. */
  async of(name: string, origin: string): Promise<readonly ShownLine[]> {
    const start = Date.now();
    const own = (): readonly AccessLine[] =>
      this.#lines.filter((line) => line.origin === origin && tryName.exec(line.path)?.[1] === name);
    let seen = 0;
    let changed = start;
    while (Date.now() - start < patience) {
      const count = own().length;
      if (count !== seen) [seen, changed] = [count, Date.now()];
      if (seen > 0 && Date.now() - changed >= quiet) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return own().map((line) => ({
      method: line.method,
      path: plainPath(line.path),
      status: line.status,
      kind: line.kind ?? "no-policy",
      allowed: line.allowed === true,
      policy: line.policy,
      says: inWords(line),
    }));
  }
}

/** On one line of the terminal, or where that is too narrow with the sentence on a second line. */
export function asLine(line: AccessLine, columns: number): string {
  const origin = line.origin?.replace(/^https?:\/\//, "");
  const from = origin === undefined ? "" : `${harmless(origin)}  `;
  const asked = harmless(`${line.method} ${plainPath(line.path)} → ${line.status}`);
  const says = harmless(inWords(line).replaceAll("`", ""));
  const whole = `  ${from}${asked.padEnd(32)}  ${says}`;
  return whole.length <= columns ? whole : `  ${from}${asked}\n      ${says}`;
}

/** Whoever sends a request chose some of these bytes, and must not move the cursor by them. */
function harmless(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd");
}

/** What the gateway decided, in a sentence. */
export function inWords(line: AccessLine): string {
  const { kind } = line;
  if (line.error === "host_not_allowed")
    return `refused: \`hosts\` does not name \`${line.host}\`, whatever the page’s origin`;
  if (kind === undefined) return "no policy here: forwarded unchanged";
  if (kind === "not-cors" || kind === "same-origin") return "not a cross-origin request";
  const policy = line.policy === undefined ? "the policy" : `\`${line.policy}\``;
  if (line.allowed === true) return `${kind} request, allowed by ${policy}`;
  switch (line.refusal) {
    case "origin-not-allowed":
      if (line.status === 403 && kind !== "preflight")
        return `refused before the API sees it: the page’s origin is not in ${policy}’s \`allow_origins\``;
      return kind === "preflight"
        ? `preflight refused: the page’s origin is not in ${policy}’s \`allow_origins\``
        : `response without CORS headers: the page’s origin is not in ${policy}’s \`allow_origins\``;
    case "method-not-allowed":
      return `the preflight response lists ${policy}’s \`allow_methods\`; ${line.requested_method} is not among them`;
    case "header-not-allowed":
      return `the preflight response lists ${policy}’s \`allow_headers\`; the page asked for \`${line.requested_headers}\``;
    default:
      return `${kind} request refused by ${policy}: ${line.refusal}`;
  }
}
