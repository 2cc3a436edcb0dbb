// The head of a request (RFC 9112 §3): request line and field lines, from the collected bytes. Which form of target is
// acceptable, and what Host must be, is up to the server, not the codec. This is the full reader, which names the fault;
// plainly valid heads do not come here.

import { isToken } from "@corsway/cors/standard";
import { classes, target } from "./byte-classes.ts";
import { fault, type WireFault } from "./fault.ts";
import { parseFieldLines } from "./field-lines.ts";
import { isomorphicDecode } from "./isomorphic.ts";
import type { WireLimits } from "./limits.ts";
import { printLines, type Lines } from "./lines.ts";

export interface WireRequestHead {
  readonly kind: "request";
  readonly method: string;
  readonly target: string;
  readonly version: "1.0" | "1.1";
  /** Flat: `name, value, name, value…`, in order, case and number as sent. */
  readonly fields: readonly string[];
  /** The same fields, to be sent on. */
  readonly lines: Lines;
  /** Bytes, including the empty line. */
  readonly size: number;
}

/** `bytes` is a complete head. */
export function parseRequestHead(
  bytes: Uint8Array,
  limits: WireLimits,
): WireRequestHead | WireFault {
  const end = bytes.indexOf(0x0d);
  const afterMethod = bytes.indexOf(0x20);
  if (afterMethod < 0 || afterMethod > end) return fault("start-line-malformed", 0);
  const method = isomorphicDecode(bytes, 0, afterMethod);
  if (!isToken(method)) return fault("start-line-malformed", 0);
  // The version is located from the end, so that a space inside the target is a fault of the target.
  const beforeVersion = bytes.lastIndexOf(0x20, end - 1);
  const version = isomorphicDecode(bytes, beforeVersion + 1, end);
  if (beforeVersion === afterMethod || !version.startsWith("HTTP/"))
    return fault("start-line-malformed", beforeVersion + 1);
  if (version !== "HTTP/1.1" && version !== "HTTP/1.0")
    return fault("version-not-supported", beforeVersion + 1);
  const from = afterMethod + 1;
  if (beforeVersion - from > limits.targetSize)
    return fault("target-too-long", from + limits.targetSize);
  if (beforeVersion === from) return fault("target-malformed", from);
  for (let i = from; i < beforeVersion; i++)
    if ((classes[bytes[i]!]! & target) === 0) return fault("target-malformed", i);
  const lines = parseFieldLines(bytes, end + 2, limits.headerCount, "strict");
  if (lines.kind === "fault") return lines;
  return {
    kind: "request",
    method,
    target: isomorphicDecode(bytes, from, beforeVersion),
    version: version === "HTTP/1.1" ? "1.1" : "1.0",
    fields: lines.fields,
    lines: printLines(lines.fields),
    size: bytes.length,
  };
}
