// What a request's fields say to this hop alone: whether the connection is kept, whether another protocol is
// requested, and whether the client waits before it sends its body.

import { asciiLowercase, isNamed } from "@corsway/cors/standard";
import type { WireRequestHead } from "../http1/request-head.ts";

export interface ConnectionFields {
  readonly keep: boolean;
  /** A WebSocket handshake. Any other upgrade is ignored, which RFC 9110 §7.8 allows. */
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
    // By length first, so that hardly any name has to be compared.
    if (name.length === 10 && isNamed(name, "connection"))
      connection = connection === undefined ? fields[i + 1]! : `${connection},${fields[i + 1]!}`;
    else if (name.length === 7 && isNamed(name, "upgrade")) upgrade = fields[i + 1]!;
    else if (name.length === 6 && isNamed(name, "expect")) expect = fields[i + 1]!;
  }
  const modern = version === "1.1";
  // The usual case: none of these, or `keep-alive`, which is the default in 1.1.
  if (modern && upgrade === "" && expect === "")
    if (connection === undefined || connection === "keep-alive") return kept;
  const options = connection === undefined ? [] : readOptions(connection);
  return {
    keep: modern ? !options.includes("close") : options.includes("keep-alive"),
    // In HTTP/1.0 both must be ignored (RFC 9110 §7.8, §10.1.1).
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
