// [upstreams.NAME] → UpstreamConfig.

import type { Diagnostic } from "@corsway/cors";
import type { UpstreamConfig } from "../config.ts";
import { upstreamSection } from "./definition.ts";
import { entriesOf } from "./entries.ts";
import { foreignKey } from "../pingap/pingap-keys.ts";
import { isPingap } from "../pingap/pingap.ts";
import { lacks, readSection } from "./section.ts";
import { Spot } from "../tree/spot.ts";
import { isTable, type Tree } from "../tree/tree.ts";

/** Every upstream that was written; one with a fault is included, so that its name is known. */
export function readUpstreams(
  tree: Tree,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, UpstreamConfig> {
  const upstreams = new Map<string, UpstreamConfig>();
  for (const [name, value, spot] of entriesOf("upstreams", new Spot(tree, diagnostics))) {
    const read = readSection(upstreamSection, value, spot, foreignKey);
    const silent =
      isTable(value) && lacks(value, "addrs", upstreamSection) && tree.isWhole(spot.path);
    if (silent || read.addrs?.length === 0) {
      spot.fault("config/required", {
        key: true,
        message: `the upstream \`${name}\` has no address`,
        why: "its requests have nowhere to go",
        fix: 'write addrs = ["127.0.0.1:5001"]',
      });
    }
    // Pingap's users combine it with plain http, where it has no effect in Pingap either.
    const plain = isTable(value) && (read.sni === "" || lacks(value, "sni", upstreamSection));
    if (read.verify_cert !== undefined && plain && !isPingap(tree.value)) {
      spot.at("verify_cert").fault("config/required", {
        message: "`verify_cert` has no effect without `sni`",
        why: "without `sni`, the gateway connects to an upstream with plain http, so there is no certificate",
        fix: `write sni = "$host", or the name in the certificate; or remove verify_cert`,
      });
    }
    const sni = read.sni === "$host" ? {} : { sni: read.sni ?? "" };
    upstreams.set(name, {
      name,
      addresses: read.addrs ?? [],
      algo: read.algo ?? { kind: "round_robin" },
      ...(read.health_check && { healthCheck: read.health_check }),
      ...(read.sni && { tls: { ...sni, verify: read.verify_cert ?? true } }),
      connectionTimeout: read.connection_timeout ?? 1000,
      readTimeout: read.read_timeout ?? 30_000,
      idleTimeout: read.idle_timeout ?? 60_000,
      maxConnections: read.max_connections ?? 512,
      maxWebSockets: read.max_websockets ?? 4096,
      queueTimeout: read.queue_timeout ?? 1000,
    });
  }
  return upstreams;
}
