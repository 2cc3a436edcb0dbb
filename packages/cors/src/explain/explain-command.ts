// The command that asks the server itself, to be copied into a shell. URL and origin come from a text that somebody pasted, so
// nothing of them may mean anything to the shell: `&` would cut the command, and `$(…)` would run another one.

import { escapeNonAscii } from "../diagnostics/quote.ts";

/** `corsway explain URL --origin ORIGIN`; in place of what is unknown, or is not a URL, the word itself. */
export function explainCommand(url: string | undefined, origin: string | undefined): string {
  const page = origin === undefined || origin === "" ? "ORIGIN" : argument(escapeNonAscii(origin));
  return `corsway explain ${argument(requestable(url) ?? "URL")} --origin ${page}`;
}

/** As a browser writes it, in ASCII; undefined also for one that somebody shortened. */
function requestable(url: string | undefined): string | undefined {
  if (url === undefined || /[…█•●]/.test(url) || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return /^https?:$/.test(protocol) ? href : undefined;
}

/** Quoted where a shell needs it. */
function argument(text: string): string {
  return /^[\w./:%@=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
