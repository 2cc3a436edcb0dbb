// The head of a response (RFC 9112 §4): status line and field lines, from the collected bytes. This is the full reader, which
// names the fault; plainly valid heads do not come here.

import { classes, strictValue, type ValueRule } from "./byte-classes.ts";
import { fault, type WireFault } from "./fault.ts";
import { parseFieldLines } from "./field-lines.ts";
import { isomorphicDecode } from "./isomorphic.ts";
import type { WireLimits } from "./limits.ts";
import { printLines, type Lines } from "./lines.ts";

export interface WireResponseHead {
  readonly kind: "response";
  readonly version: "1.0" | "1.1";
  readonly status: number;
  /** As sent; empty if it is absent. */
  readonly reason: string;
  /** Flat: `name, value, name, value…`, in order, case and number as sent. */
  readonly fields: readonly string[];
  /** The same fields, to be sent on. */
  readonly lines: Lines;
  /** Bytes, including the empty line. */
  readonly size: number;
}

export const responsePrefix = "HTTP/";

/** `bytes` is a complete head that begins with `HTTP/`. */
export function parseResponseHead(
  bytes: Uint8Array,
  limits: WireLimits,
  rule: ValueRule,
): WireResponseHead | WireFault {
  const end = bytes.indexOf(0x0d);
  const version = isomorphicDecode(bytes, 5, 8);
  if (version !== "1.1" && version !== "1.0") return fault("version-not-supported", 5);
  if (bytes[8] !== 0x20) return fault("start-line-malformed", 8);
  let status = 0;
  for (let i = 9; i < 12; i++) {
    const digit = bytes[i]! - 0x30;
    if (!(digit >= 0 && digit <= 9)) return fault("start-line-malformed", i);
    status = status * 10 + digit;
  }
  // `HTTP/1.1 200` without the space that should follow is common, and every client accepts it.
  if (end > 12 && bytes[12] !== 0x20) return fault("start-line-malformed", 12);
  if (status < 100 || status > 599) return fault("status-not-allowed", 9);
  for (let i = 13; i < end; i++)
    if ((classes[bytes[i]!]! & strictValue) === 0) return fault("start-line-malformed", i);
  const lines = parseFieldLines(bytes, end + 2, limits.headerCount, rule);
  if (lines.kind === "fault") return lines;
  const reason = isomorphicDecode(bytes, Math.min(13, end), end);
  return {
    kind: "response",
    version,
    status,
    reason,
    fields: lines.fields,
    lines: printLines(lines.fields),
    size: bytes.length,
  };
}
