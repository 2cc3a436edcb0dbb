// A large configuration on disk, for benchmarks: 10,000 locations and 100,000 origins in a directory
// of files under 1 MiB each.

import { writeFileSync } from "node:fs";
import path from "node:path";

export interface Shape {
  readonly address: string;
  readonly upstream: string;
  readonly locations: number;
  /** Of each policy; the locations are spread over the policies. */
  readonly origins: readonly number[];
  /** A change that makes another configuration of it. */
  readonly edition: number;
  /** What the locations name; another than `api` is a fault of each. */
  readonly named?: string;
}

/** Writes, or writes over, the files of it. Policy `p0` allows `https://a0.io`, and so on. */
export function writeLargeConfig(folder: string, shape: Shape): void {
  const { address, upstream, locations, origins, edition, named = "api" } = shape;
  writeFileSync(
    path.join(folder, "servers.toml"),
    `[servers.public]\naddr = "${address}"\n[upstreams.api]\naddrs = ["${upstream}"]\n`,
  );
  const each = Math.ceil(locations / origins.length);
  for (const [policy, count] of origins.entries()) {
    const listed = Array.from({ length: count }, (_, i) => `"https://a${i}.io",\n`).join("");
    writeFileSync(
      path.join(folder, `policy-${policy}.toml`),
      `[policies.p${policy}]\nallow_origins = [\n${listed}]\nmax_age = "${edition}s"\n`,
    );
    const tables = Array.from(
      { length: Math.min(each, locations - policy * each) },
      (_, i) =>
        `[locations.l${policy}-${i}]\nhost = "h${i % 100}.example.com"\npath = "/p${policy}/${i}"\nmethods = ["GET", "PUT"]\nupstream = "${named}"\ncors = "p${policy}"\n`,
    ).join("");
    const parts = Math.ceil(tables.length / 2 ** 19);
    const lines = tables.split("\n[");
    for (let part = 0; part < parts; part++) {
      const [from, to] = [part, part + 1].map((at) => Math.ceil((lines.length * at) / parts));
      const text = lines.slice(from, to).join("\n[");
      writeFileSync(
        path.join(folder, `locations-${policy}-${part}.toml`),
        `${from === 0 ? "" : "["}${text}\n`,
      );
    }
  }
}
