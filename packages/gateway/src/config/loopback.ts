// Which hosts an administrator may open without a token: the addresses of this machine alone, and the
// name `localhost`. A name that only begins like an address (127.0.0.1.nip.io) is whatever its owner
// lets it resolve to, so an address is parsed and never compared by its beginning.

import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** `host` without the brackets of IPv6. No name but `localhost` counts, not even one below it. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return host === "localhost";
  return loopback.check(host, version === 6 ? "ipv6" : "ipv4");
}
