// CPU time per request of the gateway's walk, beside nginx with the same policy, in the same run and
// interleaved: what is compared is Δ(user+system) of the server's process ÷ requests, which a busy
// machine disturbs far less than throughput. Needs nginx and wrk on PATH, and Linux's /proc.
//   npm run bench:gateway -- [--rounds N] [--seconds S]

import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { freePorts } from "../test/support/free-ports.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const ticksPerSecond = 100; // sysconf(_SC_CLK_TCK) on every Linux that Node runs on

for (const tool of ["nginx", "wrk"])
  if (spawnSync(tool, ["-v"]).error !== undefined) {
    console.error(`bench: \`${tool}\` is not on PATH (Debian: apt-get install nginx wrk)`);
    process.exit(2);
  }

const folder = mkdtempSync(path.join(tmpdir(), "corsway-bench-"));
const running: ChildProcess[] = [];
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const origins = Array.from({ length: 10 }, (_, i) => `https://app${i}.example.com`);
const [upstreamPort, nginxPort, corswayPort] = await freePorts(3);

startNginx("upstream", upstreamServer(upstreamPort!));
const nginx = startNginx("nginx", nginxServer(nginxPort!, upstreamPort!));
const corsway = startCorsway(corswayPort!, upstreamPort!);
await Promise.all([upstreamPort!, nginxPort!, corswayPort!].map(accepting));

const browserHeaders: Record<string, string> = {
  "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36",
  Accept: "*/*",
  "Accept-Language": "en-US,en;q=0.9",
  "Accept-Encoding": "gzip, deflate, br, zstd",
  "Sec-Fetch-Mode": "cors",
  "Sec-Fetch-Site": "same-site",
  "Sec-Fetch-Dest": "empty",
};
const preflight = {
  "Access-Control-Request-Method": "PUT",
  "Access-Control-Request-Headers": "content-type,x-auth-token",
};
const workloads = [
  script("proxied GET, allowed origin", "GET", { Origin: origins[9]! }),
  script("preflight, allowed origin", "OPTIONS", { Origin: origins[9]!, ...preflight }),
  script("preflight, refused origin", "OPTIONS", { Origin: "https://evil.example", ...preflight }),
];

const servers = [
  { name: "nginx", port: nginxPort!, pid: workerOf(nginx) },
  { name: "corsway", port: corswayPort!, pid: () => corsway.pid! },
];

console.log(
  `${rounds} rounds of ${seconds} s, 50 connections, one worker each; ${process.version}`,
);
console.log("CPU µs a request, median (min to max), and the ratio of medians to nginx\n");
for (const { name, file } of workloads) {
  const results = new Map<string, number[]>(servers.map((server) => [server.name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
      const before = cpuSeconds(server.pid());
      const requests = load(server.port, file);
      const micros = ((cpuSeconds(server.pid()) - before) / requests) * 1e6;
      if (round > 0) results.get(server.name)!.push(micros); // round 0 warms up
    }
  const control = median(results.get("nginx")!);
  console.log(name);
  for (const [server, micros] of results)
    console.log(
      `  ${server.padEnd(9)} ${median(micros).toFixed(1).padStart(7)}  (${Math.min(...micros).toFixed(1)} to ${Math.max(...micros).toFixed(1)})  ×${(median(micros) / control).toFixed(2)}`,
    );
}
process.exit(0);

function load(port: number, file: string): number {
  const run = spawnSync(
    "wrk",
    ["-t1", "-c50", `-d${seconds}s`, "-s", file, `http://127.0.0.1:${port}/api/users`],
    { encoding: "utf8" },
  );
  const requests = Number(/(\d+) requests in/.exec(run.stdout)?.[1]);
  const failed = /Socket errors|Non-2xx or 3xx responses: (\d+)/.exec(run.stdout);
  // A refused preflight is 403 by design; anything else that fails would make the figure a lie.
  if (!(requests > 0) || (failed !== null && !file.includes("refused")))
    throw new Error(`wrk: ${run.stdout}${run.stderr}`);
  return requests;
}

function script(name: string, method: string, headers: Record<string, string>) {
  const file = path.join(folder, `${name.replaceAll(/\W+/g, "-")}.lua`);
  const lines = Object.entries({ ...browserHeaders, ...headers }).map(
    ([header, value]) => `wrk.headers[${JSON.stringify(header)}]=${JSON.stringify(value)}`,
  );
  writeFileSync(file, [`wrk.method=${JSON.stringify(method)}`, ...lines].join("\n"));
  return { name, file };
}

function startCorsway(port: number, upstream: number): ChildProcess {
  const config = path.join(folder, "corsway.toml");
  writeFileSync(
    config,
    `[global]
cors = "webapp"
[policies.webapp]
allow_origins = ${JSON.stringify(origins)}
allow_methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
allow_headers = ["content-type", "x-auth-token"]
expose_headers = ["X-Request-ID"]
allow_credentials = true
max_age = 86400
[servers.main]
addr = "127.0.0.1:${port}"
hosts = "*"
[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]
[locations.api]
path = "/api"
upstream = "api"
`,
  );
  return start(process.execPath, [
    "--conditions=source",
    path.resolve(import.meta.dirname, "../packages/gateway/bin/corsway.mjs"),
    "serve",
    config,
    "--log",
    "off",
  ]);
}

function startNginx(name: string, server: string): ChildProcess {
  const prefix = path.join(folder, name);
  mkdirSync(prefix);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${prefix}/${kind};`)
    .join(" ");
  const config = path.join(prefix, "nginx.conf");
  writeFileSync(
    config,
    `worker_processes 1; daemon off; pid ${prefix}/pid; error_log ${prefix}/error.log crit;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; keepalive_timeout 3600; tcp_nodelay on; ${temporary}
${server}
}
`,
  );
  return start("nginx", ["-c", config, "-p", prefix]);
}

function upstreamServer(port: number): string {
  const body = `{"users":[${"0,".repeat(500)}0]}`;
  return `server { listen 127.0.0.1:${port} backlog=4096; default_type application/json; location / { return 200 '${body}'; } }`;
}

function nginxServer(port: number, upstream: number): string {
  const always = `add_header Access-Control-Allow-Origin $cors_origin always;
add_header Access-Control-Allow-Credentials $cors_credentials always;
add_header Vary Origin always;`;
  return `map $http_origin $cors_origin { default ""; ${origins.map((origin) => `"${origin}" "${origin}";`).join(" ")} }
map $cors_origin $cors_credentials { "" ""; default "true"; }
upstream api { server 127.0.0.1:${upstream}; keepalive 128; keepalive_requests 100000000; }
server { listen 127.0.0.1:${port} backlog=4096;
location / {
${always}
add_header Access-Control-Expose-Headers "X-Request-ID" always;
if ($request_method = OPTIONS) {
${always}
add_header Access-Control-Allow-Methods "GET, POST, PUT, PATCH, DELETE" always;
add_header Access-Control-Allow-Headers "content-type, x-auth-token" always;
add_header Access-Control-Max-Age 86400 always;
return 204; }
proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; } }`;
}

function start(program: string, args: string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  running.push(child);
  return child;
}

/** nginx's worker does the work; its master only watches. */
function workerOf(master: ChildProcess): () => number {
  return () =>
    Number(
      readFileSync(`/proc/${master.pid}/task/${master.pid}/children`, "utf8").trim().split(" ")[0],
    );
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

async function accepting(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing listens on port ${port}`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
