// Local Network Access: a public page that asks this machine or the local network needs the user's permission.
// Outside Fetch so far; it acts before CORS, and no header grants it.

import { isLoopbackHost } from "../standard/loopback-host.ts";
import {
  blocked,
  currentUrl,
  placeOf,
  type BlockedFetch,
  type FetchParams,
} from "./fetch-params.ts";
import type { AddressSpace } from "./request.ts";
import type { Algorithm } from "./trace.ts";

const algorithm: Algorithm = {
  name: "Local Network Access",
  anchor: "integration-with-fetch",
  standard: "local-network-access",
};

/** undefined: go on. */
export function localNetworkAccessCheck(params: FetchParams): BlockedFetch | undefined {
  const { request, trace, engine, client } = params;
  const { origin } = request;
  const url = currentUrl(request);
  const target = addressSpaceOf(url.hostname);
  const page =
    client?.addressSpace ?? (origin.kind === "tuple" ? addressSpaceOf(origin.host) : undefined);
  if (target === "public" || page === undefined || page !== "public") return undefined;
  const saw = { page, target, permission: client?.localNetworkAccess ?? "prompt" };
  if (!engine.localNetworkAccess) {
    trace.step(algorithm, "permission", "the user's permission", "not-modelled", saw);
    return undefined;
  }
  const refuse = (says: string): BlockedFetch => {
    trace.step(algorithm, "permission", says, "failed", saw);
    return blocked({ ...placeOf(request, "request"), reason: "local-network-access" });
  };
  if (origin.kind === "tuple" && origin.scheme === "http" && !isLoopbackHost(origin.host))
    return refuse("the page is a secure context");
  if (client?.localNetworkAccess === "denied") return refuse("the user grants the permission");
  const isGranted = client?.localNetworkAccess === "granted";
  const says = isGranted ? "the user granted the permission" : "the user is asked";
  trace.step(algorithm, "permission", says, isGranted ? "passed" : "not-modelled", saw);
  return undefined;
}

/** As far as the host itself tells (a name may resolve to anything): the standard's table of addresses. */
export function addressSpaceOf(host: string): AddressSpace {
  if (isLoopbackHost(host)) return "loopback";
  if (host.startsWith("[")) return ipv6Space(host);
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  if (parts === null) return host.split(".").at(-1) === "local" ? "local" : "public";
  return ipv4Space(Number(parts[1]), Number(parts[2]), host);
}

function ipv4Space(first: number, second: number, host: string): AddressSpace {
  if (host === "0.0.0.0" || (first === 198 && (second === 18 || second === 19))) return "loopback";
  const isLocal =
    first === 10 ||
    (first === 100 && second >= 64 && second <= 127) ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254);
  return first === 127 ? "loopback" : isLocal ? "local" : "public";
}

function ipv6Space(host: string): AddressSpace {
  const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(host);
  if (mapped !== null) {
    const high = Number.parseInt(mapped[1]!, 16);
    return ipv4Space(high >> 8, high & 255, host);
  }
  const group = /^\[([0-9a-f]{1,4}):([0-9a-f]{0,4})/.exec(host);
  if (group === null) return "public";
  const bits = Number.parseInt(group[1]!, 16);
  // fc00::/7, fe80::/10 and 2001:db8::/32; `[fc::1]` begins with 00fc and is none of them.
  const isLocal =
    (bits & 0xfe00) === 0xfc00 ||
    (bits & 0xffc0) === 0xfe80 ||
    (bits === 0x2001 && group[2] === "db8");
  return isLocal ? "local" : "public";
}
