// Whose word on CORS applies where: one value for each outcome of the levels, so that two places can be
// compared. Where all of a server's places have one voice, no spelling of a path leads round a policy.

import type { Policy } from "@corsway/cors";
import type { Effective, RouteConfig, ServerConfig } from "./config.ts";

/** `untouched`: the upstream's own headers pass, on purpose or because nothing was set. */
export type Voice = Policy | "closed" | "untouched" | `rules ${string}`;

/** A policy that is limited by a `path` is silent elsewhere. */
export function voicesOf(cors: Effective): readonly Voice[] {
  switch (cors.kind) {
    case "absent":
    case "upstream":
      return ["untouched"];
    case "closed":
      return ["closed"];
    case "policy":
      return cors.path === undefined ? [cors.policy] : [cors.policy, "untouched"];
    case "rules":
      return [voiceOfRules(cors.rules.map(({ policy }) => policy))];
  }
}

/** The same rules in the same order are one voice, at whatever level they are written. */
function voiceOfRules(policies: readonly Policy[]): Voice {
  return `rules ${policies.map(numberOf).join(" ")}`;
}

const numbers = new WeakMap<Policy, number>();
let taken = 0;

function numberOf(policy: Policy): number {
  let number = numbers.get(policy);
  if (number === undefined) numbers.set(policy, (number = taken++));
  return number;
}

/** Do two places of this server differ in policy? The absence of a location counts where it is possible. */
export function hasSeveralVoices({
  routes,
  fallback,
}: Pick<ServerConfig, "routes" | "fallback">): boolean {
  const voices = new Set(routes.flatMap(({ cors }) => voicesOf(cors)));
  if (!routes.some(takesEveryPath)) for (const voice of voicesOf(fallback)) voices.add(voice);
  return voices.size > 1;
}

function takesEveryPath({ location: { hosts, path } }: RouteConfig): boolean {
  if (hosts.length > 0) return false;
  if (path.kind === "any") return true;
  return (path.kind === "prefix" || path.kind === "raw-prefix") && path.path === "/";
}
