// What a request's fields say to this hop alone: is the connection kept, is another protocol asked
// for, does the client wait before it sends its body.

import { asciiLowercase } from "@corsway/cors/standard";
import type { WireRequestHead } from "../http1/request-head.ts";

export interface ConnectionFields {
  readonly keep: boolean;
  /** A WebSocket's handshake. Any other upgrade is ignored, as RFC 9110 §7.8 lets a server do. */
  readonly upgrade: boolean;
  readonly expectsContinue: boolean;
}

const kept: ConnectionFields = { keep: true, upgrade: false, expectsContinue: false };

export function readConnectionFields({
  method,
  version,
  fields,
}: WireRequestHead): ConnectionFields {
  let connection: string | undefined;
  let upgrade = "";
  let expect = "";
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    // By length first: hardly any name is then compared.
    if (name.length === 10 && asciiLowercase(name) === "connection")
      connection = connection === undefined ? fields[i + 1]! : `${connection},${fields[i + 1]!}`;
    else if (name.length === 7 && asciiLowercase(name) === "upgrade") upgrade = fields[i + 1]!;
    else if (name.length === 6 && asciiLowercase(name) === "expect") expect = fields[i + 1]!;
  }
  const modern = version === "1.1";
  // The common case: nothing of this, or `keep-alive`, which 1.1 does anyway.
  if (modern && upgrade === "" && expect === "")
    if (connection === undefined || connection === "keep-alive") return kept;
  const options = connection === undefined ? [] : readOptions(connection);
  return {
    keep: modern ? !options.includes("close") : options.includes("keep-alive"),
    // In HTTP/1.0 both are to be ignored (RFC 9110 §7.8, §10.1.1).
    upgrade:
      modern &&
      method === "GET" &&
      options.includes("upgrade") &&
      asciiLowercase(upgrade) === "websocket",
    expectsContinue: modern && asciiLowercase(expect) === "100-continue",
  };
}

function readOptions(value: string): string[] {
  return asciiLowercase(value)
    .split(",", 64)
    .map((option) => option.trim());
}
