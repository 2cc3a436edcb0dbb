// npm start: the demo. A gateway, an API behind it, and two pages on two other
// origins, all in this process, on a temporary copy of corsway.toml. Ctrl-C stops all of it.

import { renderText } from "@corsway/cors/diagnostics";
import { startGateway, UnusableConfig, type Gateway, type ReloadOutcome } from "corsway";
import { readFileSync, rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createApi } from "./api.ts";
import { chapters } from "./examples.ts";
import { asLine, GatewayLog } from "./gateway-log.ts";
import { createPages } from "./pages.ts";
import { choosePorts, wantedPorts, withPorts, type Ports } from "./ports.ts";

const { ports, moved } = await choosePorts();
const at = (name: keyof Ports): string => `http://127.0.0.1:${ports[name]}`;

const directory = await mkdtemp(path.join(tmpdir(), "corsway-demo-"));
process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
const configPath = path.join(directory, "corsway.toml");
const template = readFileSync(new URL("corsway.toml", import.meta.url), "utf8");
await writeFile(configPath, withPorts(template, ports));

/** What each address is, and what to try there. */
const about: Readonly<Record<keyof Ports, string>> = {
  admin: "the console: open it first, and its Traffic view",
  allowed: "a page that the gateway’s policies allow: open it and try the examples",
  foreign: "a page that they do not allow: try the same examples and see what is blocked",
  gateway: `the gateway: curl -i -H 'Origin: ${at("allowed")}' ${at("gateway")}/api/users`,
  api: "the API behind it, which sends no CORS headers: try the same curl without the gateway",
};

const log = new GatewayLog();
const pages = (role: "allowed" | "foreign"): Server => {
  const other = at(role === "allowed" ? "foreign" : "allowed");
  const setup = { role, origin: at(role), gateway: at("gateway"), other, admin: at("admin") };
  return createPages({ ...setup, configPath, chapters }, log);
};
const servers: readonly (readonly [Server, number])[] = [
  [createApi(), ports.api],
  [pages("allowed"), ports.allowed],
  [pages("foreign"), ports.foreign],
];
let gateway: Gateway | undefined;
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop(0));
process.stdout.on("error", () => stop(0)); // `npm start | head`: the reader is gone

try {
  for (const [server, port] of servers) await listen(server, port);
  gateway = await startGateway(configPath, {
    base: directory,
    onAccess: (line) => {
      log.add(line);
      console.log(asLine(line, process.stdout.columns ?? Infinity));
    },
    onReload: (outcome) => process.stderr.write(reloadInWords(outcome)),
  });
  console.log(greeting());
} catch (error) {
  const faults =
    error instanceof UnusableConfig
      ? renderText(error.diagnostics, { sources: error.sources })
      : `${(error as Error).message}\n`;
  process.stderr.write(`the demo could not start\n${faults}`);
  stop(2);
}

function greeting(): string {
  const busy = moved.map(
    (name) => `  port ${wantedPorts[name]} is busy, so it is ${ports[name]}\n`,
  );
  const lines = Object.entries(about).map(
    ([name, text]) => `  ${at(name as keyof Ports)}  ${text}\n`,
  );
  return `
Corsway demo

${busy.join("")}${busy.length > 0 ? "\n" : ""}${lines.join("")}
To try: on the second page, press Send at "PUT with X-Auth-Token". It is blocked, and "Why?" opens the
console, which says why and proposes the change that would allow it. Review it, save it, press Send
again. History takes you back. Each request is also under Traffic, as it happens.

  the configuration is ${configPath}
  change it and save: the change applies to the next request

Ctrl-C stops everything. What the gateway does:
`;
}

function reloadInWords({ ok, diagnostics, sources, problem }: ReloadOutcome): string {
  const faults = diagnostics.filter(({ severity }) => severity === (ok ? "warning" : "error"));
  const text = renderText(faults, { sources, color: false });
  if (ok) return `${text}  the changed configuration is applied\n`;
  return `${text}  the changed configuration is not applied${problem === undefined ? "" : `: ${problem}`}\n`;
}

function stop(code: number): void {
  if (stopping) process.exit(1);
  stopping = true;
  for (const [server] of servers) {
    server.close();
    server.closeAllConnections();
  }
  void Promise.resolve(gateway?.close(1000)).finally(() => process.exit(code));
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}
