// [limits] → Limits.

import type { Diagnostic } from "@corsway/cors";
import type { Limits } from "../config.ts";
import { limitsSection } from "./definition.ts";
import { readSection } from "./section.ts";
import { Spot } from "../tree/spot.ts";
import type { Tree } from "../tree/tree.ts";

const kb = 1024;

export const defaultLimits: Limits = {
  headerSize: 16 * kb,
  headerCount: 100,
  urlSize: 8 * kb,
  headerTimeout: 10_000,
  requestTimeout: 30_000,
  keepaliveTimeout: 65_000,
  writeStallTimeout: 30_000,
  maxConnections: 10_000,
  trustedProxies: [],
};

export function readLimits(tree: Tree, diagnostics: Diagnostic[]): Limits {
  const value = tree.value["limits"];
  if (value === undefined) return defaultLimits;
  const read = readSection(limitsSection, value, new Spot(tree, diagnostics, ["limits"]));
  return {
    headerSize: read.header_size ?? defaultLimits.headerSize,
    headerCount: read.header_count ?? defaultLimits.headerCount,
    urlSize: read.url_size ?? defaultLimits.urlSize,
    headerTimeout: read.header_timeout ?? defaultLimits.headerTimeout,
    requestTimeout: read.request_timeout ?? defaultLimits.requestTimeout,
    keepaliveTimeout: read.keepalive_timeout ?? defaultLimits.keepaliveTimeout,
    writeStallTimeout: read.write_stall_timeout ?? defaultLimits.writeStallTimeout,
    maxConnections: read.max_connections ?? defaultLimits.maxConnections,
    trustedProxies: read.trusted_proxies ?? [],
  };
}
