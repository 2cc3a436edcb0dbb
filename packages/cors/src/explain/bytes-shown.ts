// Values from the wire, shown so that nothing is hidden: control bytes, non-ASCII bytes and look-alikes become
// escapes, and the back-ticks show where the value begins and ends.

import { escapeNonAscii } from "../diagnostics/quote.ts";

/** `` `https://a.example` ``; a vertical tab is `\x0b`, a byte above 0x7E `\xe9`. */
export function show(value: string): string {
  if (value === "") return "empty";
  return `\`${escapeNonAscii(value)}\``;
}

/** The same, shortened in the middle if it is long. */
export function showShort(value: string): string {
  if (value === "") return "empty";
  return `\`${shorten(escapeNonAscii(value))}\``;
}

/** `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``. */
export function showAll(values: readonly string[], how: (value: string) => string = show): string {
  const shown = values.map((value) => how(value));
  if (shown.length < 2) return shown.join("");
  return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)!}`;
}

/** A value shortened in the middle if it is long, because its ends are what matters. */
export function shorten(value: string, limit = 200): string {
  if (value.length <= limit) return value;
  const half = Math.floor((limit - 1) / 2);
  return `${value.slice(0, half)}…${value.slice(-half)}`;
}
