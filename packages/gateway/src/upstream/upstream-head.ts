// What the forward and the walk look up in the head of an upstream's response.

import type { WireResponseHead } from "../http1/response-head.ts";
import { isNamed } from "@corsway/cors/standard";

/** Does a 101 switch to the protocol that was requested? */
export function isWebSocketSwitch(head: Pick<WireResponseHead, "fields">): boolean {
  const protocol = fieldOf(head, "upgrade");
  return protocol !== undefined && isNamed(protocol, "websocket");
}

/** The value of the first field of this name, given in lower case. */
export function fieldOf(
  { fields }: Pick<WireResponseHead, "fields">,
  lowerName: string,
): string | undefined {
  for (let i = 0; i < fields.length; i += 2)
    if (isNamed(fields[i]!, lowerName)) return fields[i + 1];
  return undefined;
}
