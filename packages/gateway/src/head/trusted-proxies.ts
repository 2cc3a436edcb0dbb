// The peers whose X-Forwarded-* are trusted: `[limits] trusted_proxies`, CIDR blocks or addresses.

import { BlockList, isIP } from "node:net";

export interface TrustedProxies {
  trusts(address: string): boolean;
  /** The nearest address in X-Forwarded-For that is not a trusted proxy, or the peer. */
  client(peer: string, forwardedFor: string | undefined): string;
}

export function trustedProxies(blocks: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = "", bits] = block.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  const trusts =
    blocks.length === 0
      ? () => false
      : (address: string) => {
          const version = isIP(address);
          return version !== 0 && list.check(address, version === 6 ? "ipv6" : "ipv4");
        };
  return {
    trusts,
    client(peer, forwardedFor) {
      if (forwardedFor === undefined || !trusts(peer)) return peer;
      // From the very end: proxies append, so what they add comes after anything that a client made up.
      const hops = forwardedFor.split(",");
      for (let i = hops.length - 1; i >= 0; i--) {
        const hop = (hops[i] as string).trim();
        if (isIP(hop) === 0) return peer;
        if (!trusts(hop)) return hop;
      }
      return peer;
    },
  };
}
