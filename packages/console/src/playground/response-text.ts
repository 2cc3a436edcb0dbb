// Response heads as people paste them: with or without a status line, from `curl -i`, DevTools or a
// `curl -v` transcript (`< ` in front of each line).

import type { ResponseHead } from "@corsway/cors";

/** Total. Lines that are not headers are returned for the person to see. */
export function readResponseText(text: string): {
  readonly head: ResponseHead;
  readonly ignored: readonly string[];
} {
  let status = 200;
  const headers: (readonly [string, string])[] = [];
  const ignored: string[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/^[<>*]\s?/, "").trim();
    if (line === "") continue;
    const first = /^(?:HTTP\/[\d.]+\s+|:status:\s*|status(?: code)?:?\s*)(\d{3})\b/i.exec(line);
    const colon = line.indexOf(":");
    if (first !== null) status = Number(first[1]);
    else if (colon > 0 && /^[\w!#$%&'*+.^`|~-]+$/.test(line.slice(0, colon)))
      headers.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
    else ignored.push(line);
  }
  return { head: { status, headers }, ignored };
}
