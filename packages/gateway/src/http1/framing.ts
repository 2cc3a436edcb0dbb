// How long a message's body is (RFC 9112 §6.3). This is the strict reading: anything that two implementations have ever been
// seen to read differently is a fault, because that difference is request smuggling.

import { asciiLowercase, isNamed } from "@corsway/cors/standard";
import { fault, type WireFault } from "./fault.ts";
import type { WireRequestHead } from "./request-head.ts";
import type { WireResponseHead } from "./response-head.ts";

export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "until-close" };

const none: Framing = Object.freeze({ kind: "none" });
const chunked: Framing = Object.freeze({ kind: "chunked" });
const untilClose: Framing = Object.freeze({ kind: "until-close" });

export function requestFraming(head: WireRequestHead): Framing | WireFault {
  return declared(head.fields, head.version, true) ?? none;
}

/** `method`: that of the request; the response to HEAD has no body, whatever it declares. */
export function responseFraming(head: WireResponseHead, method: string): Framing | WireFault {
  const framing = declared(head.fields, head.version, false);
  if (framing?.kind === "fault") return framing;
  const { status } = head;
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return none;
  return framing ?? untilClose;
}

function declared(
  fields: readonly string[],
  version: "1.0" | "1.1",
  lookalikes: boolean,
): Framing | WireFault | undefined {
  let length: string | undefined;
  let encoding: string | undefined;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    // By length first, so that hardly any name has to be compared.
    if (name.length === 14) {
      if (isNamed(name, "content-length")) {
        // Equal repetitions are rejected too: if one member of a chain keeps the first and another the list, they can be
        // made to disagree.
        if (length !== undefined) return fault("content-length-repeated", 0);
        length = fields[i + 1]!;
      } else if (lookalikes && isNamed(name, "content_length"))
        return fault("framing-lookalike", 0);
    } else if (name.length === 17) {
      if (isNamed(name, "transfer-encoding")) {
        if (encoding !== undefined) return fault("transfer-encoding-not-supported", 0);
        encoding = fields[i + 1]!;
      } else if (lookalikes && isNamed(name, "transfer_encoding"))
        return fault("framing-lookalike", 0);
    }
  }
  if (encoding !== undefined) {
    if (length !== undefined) return fault("length-and-encoding", 0);
    if (version === "1.0" || asciiLowercase(encoding) !== "chunked")
      return fault("transfer-encoding-not-supported", 0);
    return chunked;
  }
  if (length === undefined) return undefined;
  const parsed = parseContentLength(length);
  return parsed === undefined
    ? fault("content-length-malformed", 0)
    : { kind: "length", length: parsed };
}

/** One to fifteen digits: no sign, no list, nothing beyond what a number holds exactly. */
function parseContentLength(value: string): number | undefined {
  if (value.length === 0 || value.length > 15) return undefined;
  let length = 0;
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    length = length * 10 + digit;
  }
  return length;
}
