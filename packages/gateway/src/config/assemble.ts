// The combined tree → Config: each section is read, names are resolved, the levels are resolved for every
// server × location, and probable mistakes are pointed out.

import type { Diagnostic } from "@corsway/cors";
import { answeredHosts, isOpenUnderPolicy } from "./answered-hosts.ts";
import { checkUse } from "./check-use.ts";
import { Known } from "./known.ts";
import type { Config, RouteConfig, ServerConfig } from "./config.ts";
import type { CorsChoice } from "./forms/cors-choice.ts";
import { globalSection } from "./sections/definition.ts";
import type { Layer } from "./levels/layer.ts";
import { Layers } from "./levels/layers.ts";
import { readLimits } from "./sections/limits.ts";
import { readLocations, type WrittenLocation } from "./sections/locations.ts";
import { unknownName } from "./tree/names.ts";
import { foreignSection } from "./pingap/pingap-keys.ts";
import { isPingap } from "./pingap/pingap.ts";
import { readRegister } from "./levels/register.ts";
import { readSection, unknownKey } from "./sections/section.ts";
import { checkAddresses, readAdmin, readServers, type WrittenServer } from "./sections/servers.ts";
import { quote } from "@corsway/cors/diagnostics";
import { Spot } from "./tree/spot.ts";
import { suggestion } from "./tree/suggestion.ts";
import { isTable, type Lost, type Tree } from "./tree/tree.ts";
import { readUpstreams } from "./sections/upstreams.ts";

const sections = ["global", "policies", "servers", "upstreams", "locations", "admin", "limits"];

/** `lost`: text that could not be read; what seems to be missing may be in it. */
export function assemble(
  tree: Tree,
  files: readonly string[],
  lost: Lost,
  diagnostics: Diagnostic[],
): Config {
  const root = new Spot(tree, diagnostics);
  for (const name of Object.keys(tree.value)) {
    if (sections.includes(name) || name === "plugins") continue;
    if (foreignSection(name, tree.value[name], root.at(name))) continue;
    unknownKey(name, sections, root, tree.value);
    readAsMeant(name, tree);
  }
  const pingap = isPingap(tree.value);
  const global = readSection(globalSection, tree.value["global"] ?? emptyTable, root.at("global"));
  const known = new Known(tree, lost, global);
  const register = readRegister(tree, known, diagnostics);
  const upstreams = readUpstreams(tree, diagnostics);
  const locations = readLocations(tree, pingap, diagnostics);
  const written = readServers(tree, diagnostics);
  const admin = readAdmin(tree, diagnostics);
  checkAddresses(written, admin, tree, diagnostics);

  const layers = new Layers(tree, known.merge ?? "replace");
  const choose = (
    level: Layer["level"],
    choice: CorsChoice | undefined,
    spot: Spot,
  ): Layer | undefined => choice && register.layer(level, choice, spot.at("cors"));
  const globalLayer = choose("global", global.cors, root.at("global"));
  const locationLayers = new Map<string, Layer | undefined>();
  for (const [name, { cors, plugins, spot }] of locations) {
    const fromPlugins = plugins && register.plugins(plugins, spot, cors !== undefined);
    locationLayers.set(name, choose("location", cors, spot) ?? fromPlugins);
  }
  for (const { location, spot } of locations.values()) {
    if (location.upstream !== undefined && !upstreams.has(location.upstream) && known.tables) {
      unknownName("upstream", location.upstream, upstreams.keys(), spot.at("upstream"));
    }
  }
  const limits = readLimits(tree, diagnostics);
  const hasTrustedProxies = limits.trustedProxies.length > 0;
  const servers = written.map((from): ServerConfig => {
    const serverLayer = choose("server", from.cors, from.spot);
    const routes = servedBy(from, locations, known).map(({ location }): RouteConfig => ({
      location,
      cors: layers.effective([locationLayers.get(location.name), serverLayer, globalLayer]),
    }));
    const hosts = answeredHosts(from, routes, hasTrustedProxies);
    if (from.hosts === undefined && isOpenUnderPolicy(hosts, routes)) sayOpenHosts(from);
    return { ...from.server, hosts, routes, fallback: layers.fallback([serverLayer, globalLayer]) };
  });
  const served = new Set(servers.flatMap(({ routes }) => routes.map((route) => route.location)));
  for (const { location } of locations.values()) {
    // A location that no server serves is checked anyway.
    const layer = locationLayers.get(location.name);
    if (layer && !served.has(location)) layers.effective([layer, globalLayer]);
  }
  if (written.length === 0 && known.tables) noServers(root);
  // A misspelt name may be the use that seems to be missing, and so may a missing one.
  const certain =
    known.uses && [...locations.values()].every(({ location }) => location.upstream !== undefined);
  checkUse({ servers, locations, upstreams, register, layers, root, certain });
  diagnostics.push(
    ...layers.diagnostics.filter(({ code }) => known.origins || code !== "policy/missing-origins"),
  );
  return {
    files,
    servers,
    upstreams,
    ...(admin && { admin }),
    limits,
  };
}

/** Reads a section with a misspelt name as the intended one, to report its faults too. */
function readAsMeant(name: string, tree: Tree): void {
  const meant = suggestion(name, sections);
  const value = tree.value[name];
  const written = tree.written([name]);
  if (meant === undefined || meant in tree.value || !isTable(value) || !written) return;
  tree.value[meant] = value;
  tree.graft([meant], written.document, written.path);
}

const emptyTable: unknown = Object.create(null);

/** In the order of the file, or of the server's own list. */
function servedBy(
  { locations: names, spot }: WrittenServer,
  locations: ReadonlyMap<string, WrittenLocation>,
  known: Known,
): readonly WrittenLocation[] {
  if (names === undefined) return [...locations.values()];
  return [...new Set(names)].flatMap((name) => {
    const found = locations.get(name);
    if (found !== undefined) return [found];
    if (known.tables) {
      const index = names.indexOf(name);
      const written = spot.tree.value["servers"] as Record<string, { locations?: unknown }>;
      const isArray = Array.isArray(written[String(spot.path[1])]?.locations);
      const at = isArray ? spot.at("locations", index) : spot.at("locations");
      unknownName("location", name, locations.keys(), at);
    }
    return [];
  });
}

function sayOpenHosts({ server, spot }: WrittenServer): void {
  spot.fault("config/open-hosts", {
    key: true,
    message: `the server ${quote(server.name)} answers to every name`,
    why: "a page whose own name is re-pointed at this address (DNS rebinding) is same-origin to its browser, so no policy stops it",
    fix: 'list the host names under which it is reached: hosts = "api.example.com"; or write hosts = "*" if every name is meant',
  });
}

function noServers(root: Spot): void {
  root.fault("config/no-servers", {
    message: "no server is defined: nothing would listen",
    why: "a gateway needs an address to listen on",
    fix: 'write [servers.public] and below it addr = "127.0.0.1:8080"',
  });
}
