// A message where it stands in the text, before it is told in words.

import type { Hole, MessageEngine, MessageReason } from "./wording.ts";

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Found extends Span {
  readonly engine: MessageEngine;
  readonly reason: MessageReason;
  readonly at?: "preflight" | "actual";
  readonly passes?: true;
  readonly holes: Readonly<Partial<Record<Hole, string>>>;
  /** From the row of a Network panel. */
  readonly panel?: true;
  /** Words that no wording explains. */
  readonly unread?: string;
}

/** Parts of a text that messages have taken. */
export class Claims {
  readonly #taken: Span[] = [];

  isFree({ start, end }: Span): boolean {
    for (const other of this.#taken) if (start < other.end && other.start < end) return false;
    return true;
  }

  /** false: it overlaps what was taken before. */
  take(span: Span): boolean {
    if (!this.isFree(span)) return false;
    this.#taken.push({ start: span.start, end: span.end });
    return true;
  }
}

const isUnbroken: ReadonlySet<Hole> = new Set([
  "url",
  "initialUrl",
  "origin",
  "location",
  "name",
  "method",
]);

/** The groups of a match by their names. URLs, origins and names have no white space: a line ended in them. */
export function holesOf(
  names: readonly Hole[],
  match: RegExpExecArray,
): Partial<Record<Hole, string>> {
  const holes: Partial<Record<Hole, string>> = {};
  for (const [index, name] of names.entries()) {
    const value = match[index + 1];
    // Chromium leaves the quotes empty where a URL has a password in it.
    if (value === undefined || (value === "" && name === "location")) continue;
    holes[name] = isUnbroken.has(name) ? value.replace(/\s+/g, "") : value.replaceAll("\n", " ");
  }
  return holes;
}

/** The status and the origin that follow a reason and belong to it. */
export function following(text: string): Partial<Record<Hole, string>> {
  const near = text.slice(0, 400);
  const status =
    /^[^\n]{0,80}?Status\scode:\s(\d{3})/i.exec(near)?.[1] ??
    /^\)?\.?\sStatus\scode:\s(\d{3})/i.exec(near)?.[1] ??
    /^.{0,200}?The\sresponse\shad\sHTTP\sstatus\scode\s(\d{3})/is.exec(near)?.[1];
  const origin = /^.{0,120}?Origin\s'([^'\s]{1,600})'\sis\stherefore\snot\sallowed\saccess/is.exec(
    near,
  )?.[1];
  return {
    ...(status === undefined ? {} : { status }),
    ...(origin === undefined ? {} : { origin }),
  };
}
