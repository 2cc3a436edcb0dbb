// What is written but never used or never reached: it loads, but is probably a mistake.

import type { LocationConfig, ServerConfig, UpstreamConfig } from "./config.ts";
import type { Layers } from "./levels/layers.ts";
import type { WrittenLocation } from "./sections/locations.ts";
import type { Register } from "./levels/register.ts";
import { findBehindRoot, findShadowed } from "./shadow.ts";
import { findOpened } from "./opened-paths.ts";
import { quote } from "@corsway/cors/diagnostics";
import type { Spot } from "./tree/spot.ts";

export function checkUse(all: {
  readonly servers: readonly ServerConfig[];
  readonly locations: ReadonlyMap<string, WrittenLocation>;
  readonly upstreams: ReadonlyMap<string, UpstreamConfig>;
  readonly register: Register;
  readonly layers: Layers;
  readonly root: Spot;
  /** Everything was understood, so what seems unused really is. */
  readonly certain: boolean;
}): void {
  const { servers, locations, upstreams, register, layers, root, certain } = all;
  for (const written of register.policies.values()) {
    layers.checkUnused(written);
    if (layers.isUsed(written) || !certain) continue;
    const name = JSON.stringify(written.name);
    root.at(...written.path).fault("config/unused-policy", {
      key: true,
      message: `the policy ${quote(written.name)} is not used`,
      why: "nothing names it, or every nearer level sets something different, so it protects nothing",
      fix: `write ${written.plugin ? `plugins = [${name}]` : `cors = ${name}`} where it should apply, or remove it`,
    });
  }
  if (!certain) return;
  const asked = new Set([...locations.values()].map(({ location }) => location.upstream));
  for (const name of upstreams.keys()) {
    if (asked.has(name)) continue;
    root.at("upstreams", name).fault("config/unused-upstream", {
      key: true,
      message: `the upstream ${quote(name)} is not used`,
      why: "no location sends requests to it",
      fix: `write upstream = ${JSON.stringify(name)} in a location, or remove it`,
    });
  }
  if (servers.length === 0) return;
  for (const [location, others] of findOpened(servers)) {
    const names = [...others].map(({ name }) => quote(name));
    root.at("locations", location.name, "ambiguous_paths").fault("config/ambiguous-paths", {
      message: `ambiguous paths are accepted at the location ${quote(location.name)}`,
      why:
        names.length === 0
          ? "an upstream that reads `..;` as `..` serves what no location has, under this policy"
          : `an upstream that reads \`//x\` as \`/x\` serves what ${sayNames(names)} should protect, under the policy of ${quote(location.name)}`,
      fix: "remove it unless the paths of this location use such characters in names (`//`, `;`, upper case)",
    });
  }
  // A policy with a fault applies nowhere, which is not what was meant.
  const isFaulty = layers.diagnostics.some(({ severity }) => severity === "error");
  for (const { location, spot } of locations.values()) {
    // First, for what follows looks at every route: with 10,000 locations that was half of a start.
    if (location.loginRedirect === undefined || isFaulty) continue;
    const routes = servers.flatMap((server) =>
      server.routes.filter((one) => one.location === location),
    );
    if (routes.length === 0) continue;
    if (routes.some(({ cors }) => cors.kind === "policy")) continue;
    spot.at("login_redirect").fault("config/login-redirect", {
      message: `no page of another origin can read the 401 of the location ${quote(location.name)}`,
      why: "no policy applies there, so the response has no CORS headers",
      fix: 'name a policy: cors = "NAME"',
    });
  }
  const served = new Set(servers.flatMap(({ routes }) => routes.map((route) => route.location)));
  for (const { location, spot } of locations.values()) {
    if (served.has(location)) continue;
    spot.fault("config/unused-location", {
      key: true,
      message: `the location ${quote(location.name)} is never served`,
      why: "no server lists it in its `locations`",
      fix: "add its name to a server's `locations`, or remove it",
    });
  }
  const said = new Set<string>();
  const shadowed = (
    location: LocationConfig,
    by: LocationConfig,
    why: string,
    fix: string,
  ): void => {
    if (said.has(location.name)) return;
    // A path that could not be read counts as none, and no path matches everything.
    if (![location, by].every(({ name }) => locations.get(name)?.sound)) return;
    said.add(location.name);
    root.at("locations", location.name).fault("config/shadowed-location", {
      key: true,
      message: `the location ${quote(location.name)} is never reached`,
      why,
      fix,
      also: [{ path: ["locations", by.name], key: true, say: "this one gets the requests" }],
    });
  };
  for (const { routes } of servers) {
    const own = routes.map((route) => route.location);
    for (const [location, by] of findShadowed(own))
      shadowed(
        location,
        by,
        `${quote(by.name)} has the same host and path, comes first, and accepts all its methods`,
        "give one of the two another path, or give each its own `methods`",
      );
    for (const [location, by] of findBehindRoot(own))
      shadowed(
        location,
        by,
        `prefixes are matched before regular expressions, and the prefix \`/\` of ${quote(by.name)} matches every path`,
        `remove \`path\` from ${quote(by.name)}: it then matches what no other location matches`,
      );
  }
}

/** `a`, `b` and 3 more. */
function sayNames(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
