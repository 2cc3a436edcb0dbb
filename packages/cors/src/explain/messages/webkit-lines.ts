// WebKit's messages are two lines: the reason, and below it the URL. Both are found, and paired.

import { following, holesOf, type Claims, type Found } from "./found.ts";
import {
  webkitRedirect,
  webkitSubresource,
  webkitUrlLine,
  webkitWordings,
} from "./messages-webkit.ts";
import { searchable, searching, type Hole } from "./wording.ts";

const urlLine = searching(webkitUrlLine, "anywhere");
const redirect = searching(webkitRedirect, "anywhere");
const subresource = searching(webkitSubresource, "anywhere");
const anywhere = searchable(webkitWordings, "anywhere");
const atStart = searchable(webkitWordings, "at-start");

/** A line with a reason, or one with the URL that the reason before it is about. */
type Line = Found & { readonly kind: "reason" | "repeat" | "url" };

/** Every message of WebKit outside of what is claimed. */
export function webkitLines(text: string, claims: Claims): readonly Found[] {
  const lines = [...prefixed(text), ...reasons(text), ...urls(text)]
    .filter((line) => claims.isFree(line))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  return paired(lines.filter((line, index) => !isWithin(line, lines, index)));
}

/** A reason behind a prefix is found twice: with it, and by itself. */
function isWithin(line: Line, lines: readonly Line[], index: number): boolean {
  for (let at = index - 1; at >= 0 && at >= index - 3; at--) {
    const before = lines[at]!;
    if (before.start <= line.start && line.end <= before.end) return true;
  }
  return false;
}

/** Reasons of a redirect's own answer, and of scripts, images and the like. */
function prefixed(text: string): Line[] {
  const found: Line[] = [];
  for (const [regex, name] of [
    [redirect, "location"],
    [subresource, "api"],
  ] as const)
    for (const match of text.matchAll(regex)) {
      const from = match.index + match[0].length;
      const after = text.slice(from, from + 6000);
      const wording = atStart.find((row) => row.regex.test(after));
      const reason = wording?.regex.exec(after);
      const end = from + (reason?.[0].length ?? 0);
      const holes = holesOf([name], match);
      found.push({
        kind: isRepeat(text, match.index) ? "repeat" : "reason",
        start: match.index,
        end,
        engine: "webkit",
        reason: wording?.reason ?? "unspecified",
        ...(wording?.at === undefined ? {} : { at: wording.at }),
        holes: {
          ...holes,
          ...wording?.fixed,
          ...following(text.slice(end)),
          ...(reason === undefined || reason === null ? {} : holesOf(wording?.holes ?? [], reason)),
        },
      });
    }
  return found;
}

function reasons(text: string): Line[] {
  const found: Line[] = [];
  for (const { regex, reason, at, fixed, holes } of anywhere)
    for (const match of text.matchAll(regex)) {
      const framed = urlBefore(text, match.index);
      const end = match.index + match[0].length;
      found.push({
        kind: isRepeat(text, match.index) ? "repeat" : "reason",
        start: match.index - (framed?.length ?? 0),
        end,
        engine: "webkit",
        reason,
        ...(at === undefined ? {} : { at }),
        holes: {
          ...fixed,
          ...framed?.holes,
          ...following(text.slice(end)),
          ...holesOf(holes ?? [], match),
        },
      });
    }
  return found;
}

/** `XMLHttpRequest cannot load https://a.example/x. ` before the reason, as older versions wrote it. */
function urlBefore(
  text: string,
  at: number,
): { readonly length: number; readonly holes: Partial<Record<Hole, string>> } | undefined {
  const before = text.slice(Math.max(0, at - 4200), at);
  const from = Math.max(
    before.lastIndexOf("XMLHttpRequest"),
    before.lastIndexOf("Fetch"),
    before.lastIndexOf("EventSource"),
  );
  if (from < 0) return undefined;
  const match = /^(Fetch\sAPI|XMLHttpRequest|EventSource)\scannot\sload\s(\S{1,4096}?)\.?\s$/i.exec(
    before.slice(from),
  );
  return match === null
    ? undefined
    : { length: match[0].length, holes: holesOf(["api", "url"], match) };
}

/** The console says the reason again, of the resource. */
function isRepeat(text: string, at: number): boolean {
  return /Failed\sto\sload\sresource:\s$/i.test(text.slice(Math.max(0, at - 40), at));
}

function urls(text: string): Line[] {
  return [...text.matchAll(urlLine)].map((match) => ({
    kind: "url" as const,
    start: match.index,
    end: match.index + match[0].length,
    engine: "webkit" as const,
    reason: "unspecified" as const,
    holes: holesOf(["api", "api", "url"], match),
  }));
}

/** A reason belongs to the URL that follows it; where none does, to the one before it. */
function paired(lines: readonly Line[]): readonly Found[] {
  const found: Found[] = [];
  let open: number | undefined;
  for (let index = 0; index < lines.length; index++) {
    const run = runFrom(lines, index);
    if (run !== undefined) {
      found.push(...run.pairs);
      index = run.last;
      continue;
    }
    const line = lines[index]!;
    if (line.kind === "url") {
      open = found.push(line) - 1;
      continue;
    }
    const isTold = found.some(({ reason }) => reason === line.reason);
    if (line.kind === "repeat" && isTold) continue;
    // On iOS the resource's line stands between the two.
    let at = index + 1;
    while (lines[at]?.kind === "repeat" && lines[at]?.reason === line.reason) at++;
    const next = lines[at];
    const isOwn = line.holes.url === undefined || line.holes.url === next?.holes.url;
    if (next?.kind === "url" && isOwn) {
      found.push(joined(line, next));
      index = at;
      open = undefined;
    } else if (line.holes.url === undefined && open !== undefined) {
      found[open] = joined(line, found[open]!);
      open = undefined;
    } else found.push(line);
  }
  return found;
}

/**
 * Several requests at once: as many reasons, and then as many URLs, in one order. With another number it cannot be known
 * which belongs to which.
 */
function runFrom(
  lines: readonly Line[],
  from: number,
): { readonly pairs: readonly Found[]; readonly last: number } | undefined {
  const reasonsOf: Line[] = [];
  let at = from;
  for (; at < lines.length && lines[at]!.kind !== "url"; at++) {
    const line = lines[at]!;
    if (line.kind === "reason" && line.holes.url === undefined) reasonsOf.push(line);
    else if (line.kind === "reason") return undefined;
  }
  const urlsOf: Line[] = [];
  for (; at < lines.length && lines[at]!.kind === "url"; at++) urlsOf.push(lines[at]!);
  if (reasonsOf.length < 2 || reasonsOf.length !== urlsOf.length) return undefined;
  // Of its URL's place: from the reason to the URL there is another request's.
  const pairs = reasonsOf.map((reason, index) => {
    const { start, end } = urlsOf[index]!;
    return Object.assign({}, joined(reason, urlsOf[index]!), { start, end });
  });
  return { pairs, last: at - 1 };
}

function joined(reason: Found, url: Found): Found {
  return {
    ...reason,
    start: Math.min(reason.start, url.start),
    end: Math.max(reason.end, url.end),
    holes: { ...url.holes, ...reason.holes },
  };
}
