// The Pingap location that answers a request decides its policy. Random configurations are served, and
// each request must reach the location that Pingap's documented order selects. The order is implemented
// here a second time, plainly: weigh, sort, take the first match.

import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import fc from "fast-check";
import { serveFiles } from "../support/browser/gateway.ts";
import { startUpstream } from "../support/browser/upstream.ts";
import { freePorts } from "../support/free-ports.ts";

interface Location {
  readonly host: string;
  readonly path: string;
  readonly weight: number | undefined;
}

const paths = ["", "/", "/a", "/ab", "/a/", "/a/b", "= /a", "=/a/b", "~ ^/a", "~^/[ac]/?b?$", "~b"];
const hosts = [
  "",
  "x.example",
  "*.example",
  "y.x.example,z.example",
  "~^x",
  "x.example,~example$",
  "~^(?:a-regular-expression-that-is-long-enough-to-weigh-more-than-a-plain-name-does|y\\.x|another-alternative-of-no-use|and-one-more)\\.",
];
const locations: fc.Arbitrary<readonly Location[]> = fc.array(
  fc.record({
    host: fc.constantFrom(...hosts),
    path: fc.constantFrom(...paths),
    weight: fc.option(fc.constantFrom(0, 130, 514, 600, 1030, 9000), { nil: undefined, freq: 4 }),
  }),
  { minLength: 2, maxLength: 9 },
);
const asked = ["x.example", "y.x.example", "z.example", "X.Example", "other.test"].flatMap((host) =>
  ["/", "/a", "/ab", "/a/", "/a/b", "/a/b/c", "/c"].map((path) => ({ host, path })),
);

function weigh({ host, path, weight }: Location): number {
  if (weight !== undefined) return weight;
  const kind = path.startsWith("=") ? 1024 : path.startsWith("~") ? 256 : 512;
  const ofPath = path.length > 1 ? kind + path.length : 0;
  const ofHost = host.split(",").some((one) => one.startsWith("~")) ? host.length : 128;
  return ofPath + (host === "" ? 0 : ofHost);
}

function fits({ host, path }: Location, to: { host: string; path: string }): boolean {
  const asked = to.host.toLowerCase();
  const ofHost = host.split(",").some((one) => {
    if (one === "") return true;
    if (one.startsWith("~")) return new RegExp(one.slice(1).trim()).test(asked);
    return one.startsWith("*.") ? asked.endsWith(one.slice(1)) : asked === one;
  });
  if (path.startsWith("~")) return ofHost && new RegExp(path.slice(1).trim()).test(to.path);
  if (path.startsWith("=")) return ofHost && path.slice(1).trim() === to.path;
  return ofHost && to.path.startsWith(path);
}

/** The index of the location that answers; -1: none. */
function chosen(all: readonly Location[], to: { host: string; path: string }): number {
  const order = all.map((_, index) => index).sort((l, r) => weigh(all[r]!) - weigh(all[l]!));
  return order.find((index) => fits(all[index]!, to)) ?? -1;
}

function write(sets: readonly (readonly Location[])[], ports: readonly number[], upstream: number) {
  const text = [`[upstreams.api]\naddrs = ["127.0.0.1:${upstream}"]\n`];
  sets.forEach((set, server) => {
    const names = set.map((_, index) => `s${server}-${index}`);
    text.push(`[servers.s${server}]\naddr = "127.0.0.1:${ports[server]}"\nhosts = "*"\n`);
    text.push(`locations = ${JSON.stringify(names)}\n`);
    set.forEach(({ host, path, weight }, index) => {
      text.push(`[locations.${names[index]}]\nupstream = "api"\nplugins = []\n`);
      text.push(`rewrite = "^.*$ /location/${index}"\n`);
      if (host !== "") text.push(`host = ${JSON.stringify(host)}\n`);
      if (path !== "") text.push(`path = ${JSON.stringify(path)}\n`);
      if (weight !== undefined) text.push(`weight = ${weight}\n`);
    });
  });
  return text.join("");
}

test("every request is routed to the location that Pingap's order selects", async () => {
  const seed = fc.readConfigureGlobal().seed ?? Date.now() % 1_000_000;
  const sets = fc.sample(locations, { seed, numRuns: 20 });
  const upstream = await startUpstream();
  const ports = await freePorts(sets.length);
  const files = { "pingap.toml": write(sets, ports, upstream.port) };
  const gateway = await serveFiles(files, ports);
  try {
    for (const [server, set] of sets.entries()) {
      for (const to of asked) {
        const from = upstream.reached.length;
        const status = await ask(ports[server]!, to);
        const reached = upstream.reached[from]?.url;
        const index = chosen(set, to);
        assert.deepEqual(
          [status, reached],
          index < 0 ? [404, undefined] : [200, `/location/${index}`],
          `seed ${seed}: ${to.host}${to.path} among ${JSON.stringify(set, null, 1)}`,
        );
      }
    }
  } finally {
    await gateway.stop();
    await upstream.close();
  }
});

function ask(port: number, { host, path }: { host: string; path: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request({ port, path, headers: { Host: host } }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    asking.on("error", reject).end();
  });
}
