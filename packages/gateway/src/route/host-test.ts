// Does a host of the configuration mean this host of a request?

import { compileRe2 } from "../regex/re2.ts";
import type { HostMatch } from "../config/config.ts";

/** The host asked about: lower case, without a port and without a trailing dot; IPv6 in brackets. */
export function hostTest(match: HostMatch): (host: string) => boolean {
  if (match.kind === "exact") return (host) => host === match.host;
  if (match.kind === "subdomains")
    return (host) => host.length > match.suffix.length && host.endsWith(match.suffix);
  const regex = compileRe2(match.source);
  return (host) => regex.test(host);
}
