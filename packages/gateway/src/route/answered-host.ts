// The host lock as a check of a host name, compiled once per generation.

import { isIP } from "node:net";
import { isLoopbackHost } from "@corsway/cors/standard";
import type { AnsweredHosts } from "../config/config.ts";
import { hostTest } from "./host-test.ts";

/** `host`: lower case, without a port and without a trailing dot; IPv6 in brackets. */
export type AnswersTo = (host: string) => boolean;

/** Undefined: the server answers to every name, and nothing needs to be checked. */
export function compileAnsweredHosts(answered: AnsweredHosts): AnswersTo | undefined {
  if (answered.kind === "any") return undefined;
  const exact = new Set<string>();
  const tests: AnswersTo[] = [];
  for (const match of answered.hosts)
    if (match.kind === "exact") exact.add(match.host);
    else tests.push(hostTest(match));
  const listed: AnswersTo = (host) => exact.has(host) || tests.some((test) => test(host));
  return answered.kind === "listed" ? listed : (host) => isLoopbackName(host) || listed(host);
}

/** An IP address is not a name, so it cannot be re-pointed; `localhost` never leaves this machine. */
function isLoopbackName(host: string): boolean {
  return isLoopbackHost(host) || isIP(host.startsWith("[") ? host.slice(1, -1) : host) !== 0;
}
