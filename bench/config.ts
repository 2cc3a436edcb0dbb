// What a large configuration costs to load, in CPU time (a wall clock would measure the machine's
// other work): 10,000 locations and 100,000 origins in a directory of files under 1 MiB each. Target:
// under two seconds; and a fault in it still gets its place.
//   node --conditions=source bench/config.ts

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../packages/gateway/src/config/load.ts";

const LOCATIONS = 10_000;
const ORIGINS = 100_000;
const POLICIES = 10;

const folder = mkdtempSync(join(tmpdir(), "corsway-bench-"));
try {
  const base =
    '[servers.public]\naddr = "127.0.0.1:8080"\n[upstreams.api]\naddrs = ["127.0.0.1:5001"]\n';
  writeFileSync(join(folder, "servers.toml"), base);
  const each = LOCATIONS / POLICIES;
  for (let policy = 0; policy < POLICIES; policy += 1) {
    const origins = Array.from(
      { length: ORIGINS / POLICIES },
      (_, index) => `  "https://a${index}.p${policy}.example.com",\n`,
    );
    const locations = Array.from(
      { length: each },
      (_, index) =>
        `[locations.l${policy}-${index}]\nhost = "h${index % 100}.example.com"\npath = "/p${policy}/${index}"\n` +
        `methods = ["GET", "PUT"]\nupstream = "api"\ncors = "p${policy}"\n`,
    );
    const rest = 'allow_methods = "GET, HEAD, POST, PUT"\n';
    writeFileSync(
      join(folder, `part-${policy}.toml`),
      `[policies.p${policy}]\nallow_origins = [\n${origins.join("")}]\n${rest}${locations.join("")}`,
    );
  }
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const start = process.cpuUsage();
    const { config, diagnostics } = loadConfig(folder);
    times.push(cpuSince(start));
    if (config?.servers[0]?.routes.length !== LOCATIONS || diagnostics.length > 0) {
      throw new Error(`it did not load: ${JSON.stringify(diagnostics.slice(0, 3))}`);
    }
  }
  console.log(
    `load, CPU: first ${times[0]!.toFixed(0)} ms, best ${Math.min(...times).toFixed(0)} ms`,
  );
  writeFileSync(join(folder, "z.toml"), '[locations.broken]\nupstream = "apy"\npath = "x"\n');
  const start = process.cpuUsage();
  const { diagnostics } = loadConfig(folder);
  const places = diagnostics.map(({ code, at }) => `${code} ${at?.line}:${at?.column}`);
  console.log(`two faults: ${cpuSince(start).toFixed(0)} ms (${places.join(", ")})`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Milliseconds of CPU time, garbage collection on other threads too. */
function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
