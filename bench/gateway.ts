// The gateway beside nginx, HAProxy, Caddy and what npm has, in one run and interleaved: CPU time a
// request, latencies, memory, start-up. nginx without a log is the 1.0 of every ratio.
//   npm run bench:gateway -- [--rounds N] [--seconds S] [--only requests,tls,…] [--json FILE]
// Needs nginx and wrk on PATH, and Linux's /proc; the other servers take part where they are installed.

import { spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { cpus, loadavg, release, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { certificateFor } from "../test/support/browser/certificate.ts";
import { freePorts } from "../test/support/free-ports.ts";
import { builtCommand } from "./built.ts";
import { writeLargeConfig } from "./large-config.ts";
import { median, run, type Load, type Sample } from "./measure.ts";
import { accepting, memoryKb, start, stop, versionOf } from "./processes.ts";
import {
  peers,
  startCorsway,
  startNginx,
  startUpstream,
  tenOrigins,
  type Peer,
  type Setting,
  type Variant,
} from "./servers.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    only: { type: "string", default: "requests,latency,tls,scale,body,memory,start,workers" },
    json: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const parts = new Set(values.only.split(","));

for (const tool of ["nginx", "wrk"])
  if (versionOf(tool, "-v") === undefined) {
    console.error(`bench: \`${tool}\` is not on PATH (Debian: apt-get install nginx wrk)`);
    process.exit(2);
  }

const folder = mkdtempSync(path.join(tmpdir(), "corsway-bench-"));
chmodSync(folder, 0o755); // nginx's workers are somebody else
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const [upstreamPort] = await freePorts(1);
const tls = { cert: path.join(folder, "cert.pem"), key: path.join(folder, "key.pem") };
const certificate = await certificateFor("localhost");
writeFileSync(tls.cert, certificate.cert);
writeFileSync(tls.key, certificate.key);
const setting: Setting = {
  folder,
  command: await builtCommand(folder),
  upstream: upstreamPort!,
  tls,
};
const upstream = startUpstream(folder, upstreamPort!);
await accepting(upstreamPort!, upstream);

const origin = tenOrigins[9]!;
const asked = {
  "Access-Control-Request-Method": "PUT",
  "Access-Control-Request-Headers": "content-type,x-auth-token",
};
const get: Load = {
  name: "proxied GET, 1 KB",
  method: "GET",
  path: "/api/users",
  headers: { Origin: origin },
  connections: 50,
};
const preflight: Load = {
  ...get,
  name: "preflight, allowed",
  method: "OPTIONS",
  headers: { Origin: origin, ...asked },
};
const refused: Load = {
  ...preflight,
  name: "preflight, refused",
  headers: { Origin: "https://evil.example", ...asked },
  refused: true,
};

interface Row {
  readonly load: string;
  readonly server: string;
  readonly cpu: { readonly median: number; readonly min: number; readonly max: number };
  readonly ratio: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}
const rows: Row[] = [];
const figures: Record<string, number | string> = {};
const machine = {
  cpu: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
  kernel: release(),
  node: process.version,
  load: loadavg()[0]!.toFixed(1),
  servers: Object.fromEntries(peers.map(({ name, version }) => [name, version ?? "not installed"])),
};
console.log(`${rounds} rounds of ${seconds} s; ${JSON.stringify(machine, null, 1)}\n`);

interface Running {
  readonly name: string;
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
}

async function launch(name: string, begin: (port: number) => ChildProcess): Promise<Running> {
  const [port] = await freePorts(1);
  const child = begin(port!);
  await accepting(port!, child);
  return { name, child, pid: child.pid!, port: port! };
}

/** Rounds over all servers, the order reversed each time; round 0, three times as long, warms up. The first is the 1.0. */
function compare(load: Load, servers: readonly Running[]): void {
  const samples = new Map<string, Sample[]>(servers.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
      const sample = run(folder, load, server, round > 0 ? seconds : 3 * seconds);
      if (round > 0) samples.get(server.name)!.push(sample);
    }
  console.log(`${load.name}, ${load.connections} connections`);
  let control = 0;
  for (const [server, all] of samples) {
    const cpu = all.map((sample) => sample.cpu);
    const middle = median(cpu);
    control ||= middle;
    const row: Row = {
      load: `${load.name}, c=${load.connections}`,
      server,
      cpu: { median: middle, min: Math.min(...cpu), max: Math.max(...cpu) },
      ratio: middle / control,
      perSecond: median(all.map((sample) => sample.perSecond)),
      p50: median(all.map((sample) => sample.p50)),
      p99: median(all.map((sample) => sample.p99)),
    };
    rows.push(row);
    const { min, max } = row.cpu;
    console.log(
      `  ${server.padEnd(20)} ${middle.toFixed(1).padStart(8)} µs (${min.toFixed(1)} to ${max.toFixed(1)})  ×${row.ratio.toFixed(2)}  p50 ${row.p50.toFixed(2)} ms, p99 ${row.p99.toFixed(2)} ms`,
    );
  }
  console.log("");
}

async function stopAll(servers: readonly Running[]): Promise<void> {
  await Promise.all(servers.map(({ child }) => stop(child)));
}

function figure(name: string, value: number | string): void {
  figures[name] = value;
  console.log(`  ${name.padEnd(56)} ${typeof value === "number" ? value.toFixed(1) : value}`);
}

const both = (variant: Variant): Promise<Running[]> =>
  Promise.all([
    launch("nginx", (port) => startNginx(setting, port, variant)),
    launch("corsway", (port) => startCorsway(setting, port, variant)),
  ]);

if (parts.has("requests")) {
  const installed = peers.filter(({ version }) => version !== undefined);
  const servers: Running[] = [];
  for (const peer of installed) servers.push(await launchPeer(peer));
  for (const load of [get, preflight, refused]) compare(load, servers);
  await stopAll(servers);
}

function launchPeer(peer: Peer): Promise<Running> {
  return launch(peer.name, (port) => peer.start(setting, port, { origins: tenOrigins }));
}

if (parts.has("latency")) {
  const servers = await both({ origins: tenOrigins });
  for (const connections of [8, 500]) compare({ ...get, connections }, servers);
  await stopAll(servers);
}

if (parts.has("tls")) {
  const servers = await both({ origins: tenOrigins, tls: true });
  compare({ ...get, name: `${get.name}, TLS 1.3`, tls: true }, servers);
  compare({ ...preflight, name: `${preflight.name}, TLS 1.3`, tls: true }, servers);
  await stopAll(servers);
}

if (parts.has("scale")) {
  const families = Array.from({ length: 1000 }, (_, i) => `https://*.tenant${i}.example.com`);
  const last = { Origin: "https://app.tenant999.example.com" };
  const wild = await both({ origins: families });
  compare({ ...get, name: `${get.name}, 1,000 wildcards`, headers: last }, wild);
  compare(
    { ...preflight, name: `${preflight.name}, 1,000 wildcards`, headers: { ...last, ...asked } },
    wild,
  );
  await stopAll(wild);
  await compareLarge();
}

/** One location and ten origins (the 1.0), and 10,000 locations whose policy lists 100,000. */
async function compareLarge(): Promise<void> {
  const large = path.join(folder, "large");
  mkdirSync(large);
  const one = await launch("one location", (port) =>
    startCorsway(setting, port, { origins: tenOrigins }),
  );
  const [port] = await freePorts(1);
  writeLargeConfig(large, {
    address: `127.0.0.1:${port}`,
    upstream: `127.0.0.1:${upstreamPort}`,
    locations: 10_000,
    origins: [34_000, 33_000, 33_000],
    edition: 600,
  });
  const child = start(process.execPath, [setting.command, "serve", large, "--log", "json"]);
  figure("serve until the port is open, 100,000 origins; ms", await accepting(port!, child));
  figure("resident memory then; MB", memoryKb(child.pid!) / 1024);
  const many: Running = { name: "10,000 locations", child, pid: child.pid!, port: port! };
  const there = { Host: "h99.example.com", Origin: "https://a33000.io" };
  for (const load of [get, preflight]) {
    const headers = (server: Running): Load =>
      server === many
        ? { ...load, path: "/p0/3299", headers: { ...load.headers, ...there } }
        : load;
    compareEach(`${load.name}, flatness`, [one, many], headers);
  }
  await stopAll([one, many]);
}

/** As `compare`, with a load for each server. */
function compareEach(
  name: string,
  servers: readonly Running[],
  loadFor: (server: Running) => Load,
): void {
  const cpu = new Map<string, number[]>(servers.map((server) => [server.name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
      const load = { ...loadFor(server), name: `${name} ${server.name}` };
      const sample = run(folder, load, server, round > 0 ? seconds : 3 * seconds);
      if (round > 0) cpu.get(server.name)!.push(sample.cpu);
    }
  const [first, second] = servers.map((server) => median(cpu.get(server.name)!));
  figure(`${name}: ${servers[1]!.name} to ${servers[0]!.name}; ×`, second! / first!);
}

if (parts.has("body")) {
  const servers = await both({ origins: tenOrigins });
  compare({ ...get, name: "proxied GET, 10 MB", path: "/api/large", connections: 8 }, servers);
  await stopAll(servers);
}

if (parts.has("memory")) {
  const servers = await both({ origins: tenOrigins });
  for (const { name, pid, port } of servers) {
    figure(`${name}: resident memory, idle; MB`, memoryKb(pid) / 1024);
    const open = await idleConnections(port, 1000); // what a first load makes it hold is not theirs
    const before = memoryKb(pid);
    const more = await idleConnections(port, 8000);
    figure(`${name}: an idle connection; KB`, (memoryKb(pid) - before) / 8000);
    for (const socket of [...open, ...more]) socket.destroy();
  }
  await stopAll(servers);
}

/** Connections that have had one preflight answered. */
async function idleConnections(port: number, count: number): Promise<Socket[]> {
  const lines = Object.entries({ Host: "127.0.0.1", ...preflight.headers });
  const request = `OPTIONS /api/users HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i += 50)
    await Promise.all(
      Array.from({ length: 50 }, () => {
        const socket = connect(port, "127.0.0.1");
        sockets.push(socket);
        socket.write(request);
        return new Promise((resolve) => socket.once("data", resolve));
      }),
    );
  await new Promise((resolve) => setTimeout(resolve, 500));
  return sockets;
}

if (parts.has("start")) {
  const config = path.join(folder, "small.toml");
  writeFileSync(
    config,
    `[policies.p]\nallow_origins = ["https://a.example"]\n[servers.s]\naddr = "127.0.0.1:1"\nhosts = "*"\n[upstreams.u]\naddrs = ["127.0.0.1:2"]\n[locations.l]\npath = "/"\nupstream = "u"\ncors = "p"\n`,
  );
  const commands: readonly (readonly [string, readonly string[]])[] = [
    ["node -e 0", ["-e", "0"]],
    ["corsway --version", [setting.command, "--version"]],
    ["corsway check, a small file", [setting.command, "check", config]],
  ];
  const times = commands.map((): number[] => []);
  const opened: number[] = [];
  for (let round = 0; round < 2 * rounds; round++) {
    for (const [index, [name, args]] of commands.entries()) {
      const begun = performance.now();
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      if (status !== 0) throw new Error(`${name}: ${stdout}${stderr}`);
      times[index]!.push(performance.now() - begun);
    }
    const [port] = await freePorts(1);
    const child = startCorsway(setting, port!, { origins: tenOrigins });
    opened.push(await accepting(port!, child));
    await stop(child);
  }
  for (const [index, [name]] of commands.entries()) figure(`${name}; ms`, median(times[index]!));
  figure("corsway serve until the port is open; ms", median(opened));
}

if (parts.has("workers")) {
  for (const load of [get, preflight]) {
    const perSecond: number[] = [];
    for (const workers of [1, 2]) {
      const server = await launch(`${workers} workers`, (port) =>
        startCorsway(setting, port, { origins: tenOrigins, workers }),
      );
      const samples = Array.from({ length: rounds }, () => run(folder, load, server, seconds));
      perSecond.push(median(samples.map((sample) => sample.perSecond)));
      await stop(server.child);
    }
    figure(`${load.name}: two workers to one, requests a second; ×`, perSecond[1]! / perSecond[0]!);
  }
}

if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify({ machine, rounds, seconds, rows, figures }, null, 2)}\n`,
  );
await stop(upstream);
process.exit(0);
