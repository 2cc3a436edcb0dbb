// The head of an upstream's response, without the fields that end at this hop. The codec has already checked it against the standard:
// a status between 100 and 599, one framing, limited fields.

import type { WireResponseHead } from "../http1/response-head.ts";
import { endsHere, namedOptions } from "../head/hop-by-hop.ts";
import { isNamed } from "@corsway/cors/standard";

/** A response's head as it may be passed on. */
export interface UpstreamHead {
  readonly status: number;
  /** Flat. */
  readonly fields: readonly string[];
}

export function readUpstreamHead({ status, fields }: WireResponseHead): UpstreamHead {
  // A response without content does not state its length (RFC 9110 §8.6).
  return { status, fields: passedOn(fields, status === 204) };
}

/** The fields of a 101 as they may be passed on, flat; what switches the protocol is written anew. */
export function readSwitchFields({ fields }: WireResponseHead): readonly string[] {
  return passedOn(fields, true);
}

/** Does a 101 switch to the protocol that was requested? */
export function isWebSocketSwitch({ fields }: WireResponseHead): boolean {
  for (let i = 0; i < fields.length; i += 2)
    if (isNamed(fields[i]!, "upgrade")) return isNamed(fields[i + 1]!, "websocket");
  return false;
}

function passedOn(fields: readonly string[], bodiless: boolean): readonly string[] {
  const options = namedOptions(fields);
  const passed: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    if (endsHere(name) || (bodiless && isNamed(name, "content-length"))) continue;
    if (options !== undefined && options.has(name.toLowerCase())) continue;
    passed.push(name, fields[i + 1]!);
  }
  return passed;
}

/** The value of the first field of this name, given in lower case. */
export function fieldOf({ fields }: UpstreamHead, lowerName: string): string | undefined {
  for (let i = 0; i < fields.length; i += 2)
    if (isNamed(fields[i]!, lowerName)) return fields[i + 1];
  return undefined;
}
