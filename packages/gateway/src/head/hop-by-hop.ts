// Fields that end at this hop (RFC 9110 §7.6.1), and what a peer's `Connection` may add to them. A peer
// must not make us remove fields that policy or framing depend on (`Connection: Origin`), so those names
// cannot be added.

import { isNamed } from "@corsway/cors/standard";

const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-authentication-info",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
]);

const protectedNames: ReadonlySet<string> = new Set([
  "host",
  "origin",
  "cookie",
  "set-cookie",
  "authorization",
  "content-length",
  "content-type",
  "content-encoding",
  "content-range",
  "cache-control",
  "vary",
  "location",
  "timing-allow-origin",
]);

/**
 * The names, in lower case, that the Connection fields of this message add; undefined if they add none,
 * as is usual. `fields` is flat.
 */
export function namedOptions(fields: readonly string[]): ReadonlySet<string> | undefined {
  let names: Set<string> | undefined;
  for (let i = 0; i < fields.length; i += 2) {
    if (!isNamed(fields[i]!, "connection")) continue;
    const value = fields[i + 1]!;
    if (isNamed(value, "keep-alive") || isNamed(value, "close")) continue;
    for (const part of value.toLowerCase().split(",", 64)) {
      const option = part.trim();
      if (option === "" || protectedNames.has(option) || hopByHop.has(option)) continue;
      if (option.startsWith("access-control-")) continue;
      (names ??= new Set()).add(option);
    }
  }
  return names;
}

/** By length and first letter, so that hardly any name is put into lower case: in practice only those that end here. */
const marks: Uint8Array = new Uint8Array(32 * 32);
for (const name of hopByHop) marks[name.length * 32 + (name.charCodeAt(0) & 31)] = 1;

/** Whether this field, with its name in any case, ends here. */
export function endsHere(name: string): boolean {
  const mark = name.length * 32 + (name.charCodeAt(0) & 31);
  return marks[mark] === 1 && hopByHop.has(name.toLowerCase());
}
