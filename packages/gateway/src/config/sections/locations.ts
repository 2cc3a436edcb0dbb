// [locations.NAME] → LocationConfig, and what it says about CORS.

import type { Diagnostic } from "@corsway/cors";
import type { LocationConfig, PathMatch } from "../config.ts";
import type { CorsChoice } from "../forms/cors-choice.ts";
import { locationSection } from "./definition.ts";
import { entriesOf } from "./entries.ts";
import { foreignKey } from "../pingap/pingap-keys.ts";
import { noteRawPrefix, weightOf } from "../pingap/pingap.ts";
import { lacks, readSection } from "./section.ts";
import { Spot } from "../tree/spot.ts";
import { isTable, type Tree } from "../tree/tree.ts";

const mb = 1024 * 1024;
const kinds = {
  http: { methods: ["POST", "PUT", "GET", "PATCH", "DELETE", "OPTIONS"] },
  rest: { methods: ["POST", "PUT", "GET", "PATCH", "DELETE", "OPTIONS"], bodyLimit: 5 * mb },
  "http-file": {
    methods: ["POST", "PUT", "GET", "PATCH", "DELETE"],
    bodyLimit: 50 * mb,
    requestTimeout: 900_000,
  },
} as const;

export interface WrittenLocation {
  readonly location: LocationConfig;
  readonly cors?: CorsChoice;
  /** Pingap's list. */
  readonly plugins?: readonly string[];
  readonly spot: Spot;
  /** It has no fault of its own: what it matches is what was meant. */
  readonly sound: boolean;
}

export function readLocations(
  tree: Tree,
  pingap: boolean,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, WrittenLocation> {
  const locations = new Map<string, WrittenLocation>();
  let noted = false;
  for (const [name, value, spot] of entriesOf("locations", new Spot(tree, diagnostics))) {
    const before = diagnostics.length;
    const read = readSection(locationSection, value, spot, foreignKey);
    const sound = !diagnostics.slice(before).some(({ severity }) => severity === "error");
    const { upstream } = read;
    const silent =
      isTable(value) &&
      (value["upstream"] === "" || lacks(value, "upstream", locationSection)) &&
      tree.isWhole(spot.path);
    if (silent) {
      spot.fault("config/required", {
        key: true,
        message: `the location \`${name}\` has no upstream`,
        why: pingap
          ? "its requests have nowhere to go: a plugin that answers by itself in Pingap does not run here"
          : "its requests have nowhere to go",
        fix: 'write upstream = "NAME", and [upstreams.NAME] with its addrs',
      });
    }
    const path = raw(read.path ?? { kind: "any" }, pingap);
    // If a prefix ends in a slash, both readings of it are the same.
    if (path.kind === "raw-prefix" && !path.path.endsWith("/") && !noted) {
      noted = true;
      noteRawPrefix(path.path, spot.at("path"));
    }
    const kind = read.kind && kinds[read.kind];
    const methods = read.methods ?? kind?.methods;
    const bodyLimit = kind && "bodyLimit" in kind ? kind.bodyLimit : 10 * mb;
    const requestTimeout =
      read.request_timeout ?? (kind && "requestTimeout" in kind ? kind.requestTimeout : undefined);
    const byPingap = pingap && isTable(value);
    const weight = read.weight ?? (byPingap ? weightOf(value["path"], value["host"]) : undefined);
    const location: LocationConfig = {
      name,
      hosts: read.host ?? [],
      path,
      ...(methods && { methods: [...new Set(methods)] }),
      ...(weight !== undefined && { weight }),
      ...(upstream !== undefined && upstream !== "" && { upstream }),
      ...(read.kind && { kind: read.kind }),
      ...(read.rewrite && { rewrite: read.rewrite }),
      bodyLimit: read.client_max_body_size ?? bodyLimit,
      ...(requestTimeout !== undefined && { requestTimeout }),
      setHeaders: read.proxy_set_headers ?? [],
      addHeaders: read.proxy_add_headers ?? [],
      websocketWithoutOrigin: read.websocket_without_origin ?? false,
      ...(read.login_redirect && { loginRedirect: 401 as const }),
      ...(read.ambiguous_paths === "allow" && { ambiguousPaths: "allow" as const }),
    };
    locations.set(name, {
      location,
      ...(read.cors && { cors: read.cors }),
      ...(read.plugins && { plugins: read.plugins }),
      spot,
      sound,
    });
  }
  return locations;
}

/** Pingap's prefixes ignore segments: `/api` also matches `/apix`. */
function raw(path: PathMatch, pingap: boolean): PathMatch {
  return pingap && path.kind === "prefix" ? { kind: "raw-prefix", path: path.path } : path;
}
