// The head of an upstream's response, checked before anything of it goes to a client, and rid of
// what ends at this hop. An upstream's bytes are no more to be trusted than a client's.

import type { Header, ResponseHead } from "@corsway/cors";
import { connectionOptions, isHopByHop } from "../head/hop-by-hop.ts";

const mostFields = 1000;

/**
 * The head as it may be passed on. Undefined where it must not be: a status outside 200–599, more than
 * one Content-Length, a transfer coding that is not chunked, more than a thousand fields. `raw` is flat.
 */
export function readUpstreamHead(
  status: number,
  raw: readonly (Buffer | string)[],
): ResponseHead | undefined {
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  if (raw.length > 2 * mostFields) return undefined;
  const all: Header[] = [];
  let lengths = 0;
  let codings = 0;
  for (let i = 0; i < raw.length; i += 2) {
    const name = text(raw[i]);
    const value = text(raw[i + 1]);
    const { length } = name;
    if (length === 14 && name.toLowerCase() === "content-length") {
      if (++lengths > 1 || !isDigits(value)) return undefined;
    } else if (length === 17 && name.toLowerCase() === "transfer-encoding") {
      if (++codings > 1 || value.toLowerCase() !== "chunked") return undefined;
    }
    all.push([name, value]);
  }
  if (lengths > 0 && codings > 0) return undefined;
  const options = connectionOptions(all);
  const bodiless = status === 204;
  const headers = all.filter(([name]) => {
    const lower = name.toLowerCase();
    if (bodiless && lower === "content-length") return false;
    return !isHopByHop(lower) && !options.has(lower);
  });
  return { status, headers };
}

/** The fields of a 101 as they may be passed on; what changes the protocol is written anew. */
export function readSwitchFields(raw: readonly (Buffer | string)[]): readonly Header[] {
  const all: Header[] = [];
  for (let i = 0; i < raw.length; i += 2) all.push([text(raw[i]), text(raw[i + 1])]);
  const options = connectionOptions(all);
  return all.filter(([name]) => {
    const lower = name.toLowerCase();
    return !isHopByHop(lower) && !options.has(lower) && lower !== "content-length";
  });
}

function text(part: Buffer | string | undefined): string {
  if (part === undefined) return "";
  return typeof part === "string" ? part : part.toString("latin1");
}

function isDigits(value: string): boolean {
  if (value.length === 0 || value.length > 15) return false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
