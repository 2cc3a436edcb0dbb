// Which hosts an administrator may use without a token: the addresses of this machine, and the name
// `localhost`. A name that only begins like an address (127.0.0.1.nip.io) resolves to whatever its owner
// wants, so an address is parsed and never compared by its beginning.

import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** `host` without the brackets of IPv6. The only name that counts is `localhost`, not names below it. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return host === "localhost";
  return loopback.check(host, version === 6 ? "ipv6" : "ipv4");
}
