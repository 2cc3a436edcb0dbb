// The head of an upstream's response, rid of what ends at this hop. The codec has held it to the
// standard already: a status between 100 and 599, one framing, bounded fields.

import type { Header, ResponseHead } from "@corsway/cors";
import type { WireResponseHead } from "../http1/response-head.ts";
import { connectionOptions, isHopByHop } from "../head/hop-by-hop.ts";

/** The head as it may be passed on. */
export function readUpstreamHead({ status, fields }: WireResponseHead): ResponseHead {
  // A response without content says no length of it (RFC 9110 §8.6).
  return { status, headers: passedOn(fields, status === 204) };
}

/** The fields of a 101 as they may be passed on; what changes the protocol is written anew. */
export function readSwitchFields({ fields }: WireResponseHead): readonly Header[] {
  return passedOn(fields, true);
}

/** Does a 101 switch to what was asked for? */
export function isWebSocketSwitch({ fields }: WireResponseHead): boolean {
  for (let i = 0; i < fields.length; i += 2)
    if ((fields[i] as string).toLowerCase() === "upgrade")
      return (fields[i + 1] as string).toLowerCase() === "websocket";
  return false;
}

function passedOn(fields: readonly string[], bodiless: boolean): readonly Header[] {
  const all: Header[] = [];
  for (let i = 0; i < fields.length; i += 2)
    all.push([fields[i] as string, fields[i + 1] as string]);
  const options = connectionOptions(all);
  return all.filter(([name]) => {
    const lower = name.toLowerCase();
    if (bodiless && lower === "content-length") return false;
    return !isHopByHop(lower) && !options.has(lower);
  });
}
