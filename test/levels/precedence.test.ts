// Every cell of document 000's precedence table: six fields, three ways to merge, which levels set a
// field, and what is between them. Pages in Chromium and `check --print effective` must both agree with
// the table.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startChromium, type RunningChromium } from "../support/browser/chromium.ts";
import { serveFiles } from "../support/browser/gateway.ts";
import { startPageServer, type PageServer } from "../support/browser/page-server.ts";
import { startUpstream, type Upstream } from "../support/browser/upstream.ts";
import { freePorts } from "../support/free-ports.ts";
import { runCorsway } from "../support/run-corsway.ts";
import { summonJury, type Judged, type Jury, type Learned } from "../support/levels/judge.ts";
import {
  effective,
  fields,
  levels,
  merges,
  speech,
  whoSays,
  words,
  writePolicy,
} from "../support/levels/table.ts";
import type { Field, Level, Merge, Said, Speech, Tone } from "../support/levels/table.ts";

/** One server × location: what its three levels say, and which fields are to be judged there. */
interface Cell {
  readonly server: string;
  readonly location: string;
  readonly speeches: Readonly<Record<Level, Speech>>;
  readonly holds: Said;
  readonly fields: readonly Field[];
}

type Speeches = ReadonlyMap<string, Speech>;
type Origins = Readonly<Record<Level, string>>;

const nothing: Said = {};
const globals = (at: string): Speeches =>
  new Map<string, Speech>([
    ["silent", undefined],
    ["bare", nothing],
    ["all-yes", speech("global", at, "yes")],
    ["all-no", speech("global", at, "no")],
  ]);
const servers = (at: string, tone: Tone): Speeches =>
  new Map<string, Speech>([
    ["silent", undefined],
    ["bare", nothing],
    ["all", speech("server", at, tone)],
  ]);
const locations = (at: string): Speeches => {
  const of = (tone: Tone, named: readonly Field[] = fields) => speech("location", at, tone, named);
  return new Map<string, Speech>([
    ["silent", undefined],
    ["bare", nothing],
    ["all-yes", of("yes")],
    ["all-no", of("no")],
    ...fields.flatMap((field): [string, Speech][] => [
      [`only-${field}-yes`, of("yes", [field])],
      [`only-${field}-no`, of("no", [field])],
      [
        `but-${field}`,
        of(
          "no",
          fields.filter((other) => other !== field),
        ),
      ],
    ]),
  ]);
};

/** Every server × location whose outcome is a whole policy; the others are refused (see below). */
function cellsOf(merge: Merge, global: Speech, origins: Origins): readonly Cell[] {
  const tone = global?.allow_credentials === true ? "no" : "yes";
  const whole = (said: Speech): said is Said => said !== undefined && "allow_origins" in said;
  const cells: Cell[] = [];
  for (const [server, ofServer] of servers(origins.server, tone)) {
    // Where no location fits, the server's policy must stand without one.
    const alone = effective(merge, global, ofServer, undefined);
    if (ofServer !== undefined && !whole(alone)) continue;
    for (const [location, ofLocation] of locations(origins.location)) {
      const holds = effective(merge, global, ofServer, ofLocation);
      if (!whole(holds)) continue;
      const [how, field] = location.split("-") as [string, Field?];
      const judged = how === "only" || how === "but" ? [field as Field] : fields;
      const speeches = { global, server: ofServer, location: ofLocation };
      cells.push({ server, location, speeches, holds, fields: judged });
    }
  }
  return cells;
}

function write(
  merge: Merge,
  cells: readonly Cell[],
  ports: ReadonlyMap<string, number>,
  upstream: number,
): string {
  const { global } = cells[0]!.speeches;
  const text = [`[upstreams.api]\naddrs = ["127.0.0.1:${upstream}"]\n`];
  text.push(`[global]\nmerge = "${merge}"\n${global ? 'cors = "realm"\n' : ""}`);
  if (global) text.push(writePolicy("realm", "global", global));
  for (const [name, port] of ports) {
    const own = cells.filter(({ server }) => server === name);
    const said = own[0]!.speeches.server;
    const names = own.map(({ location }) => location);
    text.push(`[servers.${name}]\naddr = "127.0.0.1:${port}"\nhosts = "*"\n`);
    text.push(`locations = ${JSON.stringify(names)}\n`);
    if (said) text.push(`cors = "of-${name}"\n`, writePolicy(`of-${name}`, "server", said));
  }
  for (const [name, said] of new Map(
    cells.map((cell) => [cell.location, cell.speeches.location]),
  )) {
    text.push(`[locations.${name}]\npath = "/${name}"\nupstream = "api"\n`);
    if (said) text.push(`cors = "${name}"\n`, writePolicy(name, "location", said));
  }
  return text.join("");
}

describe("the precedence table of 000, judged by Chromium and by --print effective", () => {
  let chromium: RunningChromium;
  let upstream: Upstream;
  let jury: Jury;
  const pages: PageServer[] = [];
  let origins: Origins;
  /** Cells of the table that were judged: `global-wins max_age global+location`. */
  const judged = new Set<string>();

  before(async () => {
    const exposed = levels.map((level): [string, string] => [words[level].exposed, "1"]);
    const answer = { headers: Object.fromEntries(exposed) };
    const named = [...locations("").keys()].map((name) => [`GET /${name}/read`, answer] as const);
    upstream = await startUpstream(Object.fromEntries(named));
    for (const _ of levels) pages.push(await startPageServer());
    const at = (index: number): string => `http://localhost:${pages[index]!.port}`;
    origins = { global: at(0), server: at(1), location: at(2) };
    chromium = await startChromium();
    jury = await summonJury(chromium.browser, origins);
  });
  after(async () => {
    await jury?.close();
    await chromium?.close();
    await upstream?.close();
    for (const page of pages) await page.close();
  });

  for (const merge of merges) {
    for (const realm of globals("").keys()) {
      // Without a merge a policy has to be whole by itself.
      if (merge === "replace" && realm === "bare") continue;
      it(`${merge}, with a realm policy that is ${realm}`, async () => {
        const global = globals(origins.global).get(realm);
        const cells = cellsOf(merge, global, origins);
        const names = [...new Set(cells.map(({ server }) => server))];
        const free = await freePorts(names.length);
        const ports = new Map(names.map((name, index) => [name, free[index]!]));
        const text = write(merge, cells, ports, upstream.port);
        const gateway = await serveFiles({ "corsway.toml": text }, free);
        try {
          const places = cells.map((cell) => placeOf(cell, ports));
          const [learned, printed] = await Promise.all([
            jury.judge(places),
            printEffective(gateway.directory),
          ]);
          cells.forEach((cell, index) => {
            const name = `${cell.server} × ${cell.location}`;
            const told = printed(cell);
            const saw = learned[index] as Learned;
            for (const field of cell.fields) {
              const holds = cell.holds[field];
              assert.deepEqual(told[field], holds, `${name}: what is printed of ${field}`);
              assert.deepEqual(
                saw[field],
                asSeen(field, holds, origins),
                `${name}: what the browser made of ${field}`,
              );
              judged.add(`${merge} ${field} ${whoSays(field, Object.entries(cell.speeches))}`);
            }
          });
          await keptAsLong(cells, places);
          assert.equal(gateway.stderr().includes("error["), false, gateway.stderr());

          /** A preflight is remembered exactly where the policy gives it an age. */
          async function keptAsLong(of: readonly Cell[], at: readonly Judged[]): Promise<void> {
            const again = of.flatMap((cell, index) => {
              const place = at[index]!;
              const given = cell.holds.max_age !== undefined;
              return given && place.keeps && cell.fields.includes("max_age")
                ? [{ cell, place: { ...place, fields: ["max_age"] as const } }]
                : [];
            });
            const first = await gateway.mark();
            await jury.judge(again.map(({ place }) => place));
            const log = gateway.logged.slice(first, (await gateway.mark()) - 1);
            // The second request of each, and its preflight where it had one.
            const expected = again.map(({ cell }) => (cell.holds.max_age === 0 ? 2 : 1));
            const total = expected.reduce((sum, count) => sum + count, 0);
            assert.equal(log.length, total);
            for (const { cell, place } of again) {
              const asked = log.filter(
                ({ method, path }) =>
                  method === "OPTIONS" && path === `${new URL(place.url).pathname}/age`,
              );
              const same = again.filter(({ cell: other }) => other.location === cell.location);
              const due = same.filter(({ cell: other }) => other.holds.max_age === 0).length;
              assert.equal(asked.length, due, `${cell.location}: preflights of a second request`);
            }
          }
        } finally {
          await gateway.stop();
        }
      });
    }
  }

  it("every cell of the table was tested", () => {
    const missing: string[] = [];
    for (const merge of merges) {
      for (const field of fields) {
        for (const who of [
          "nobody",
          "global",
          "location",
          "global+location",
          "server",
          "global+server",
          "server+location",
          "global+server+location",
        ]) {
          // Who lets in has to be said by somebody.
          if (field === "allow_origins" && who === "nobody") continue;
          const cell = `${merge} ${field} ${who}`;
          if (!judged.has(cell)) missing.push(cell);
        }
      }
    }
    assert.deepEqual(missing, []);
  });
});

function placeOf(cell: Cell, ports: ReadonlyMap<string, number>): Judged {
  const { holds, server, location } = cell;
  const [origin] = holds.allow_origins as readonly string[];
  const from = levels.find((level) =>
    (cell.speeches[level]?.allow_origins as readonly string[] | undefined)?.includes(origin!),
  )!;
  const [method] = (holds.allow_methods ?? []) as readonly string[];
  const [header] = (holds.allow_headers ?? []) as readonly string[];
  const keeps =
    method !== undefined
      ? { method }
      : header === undefined
        ? undefined
        : { headers: { [header]: "1" } };
  const url = `http://127.0.0.1:${ports.get(server)}/${location}`;
  return { url, from, fields: cell.fields, ...(keeps && { keeps }) };
}

/** What a browser can see of a value. */
function asSeen(field: Field, value: unknown, origins: Origins): unknown {
  if (field === "allow_credentials") return value ?? false;
  if (field === "max_age") return value ?? null;
  const mine = (level: Level): string =>
    ({
      allow_origins: origins[level],
      allow_methods: words[level].method,
      allow_headers: words[level].header,
      expose_headers: words[level].exposed,
    })[field];
  const listed = (value ?? []) as readonly string[];
  return levels.filter((level) => listed.includes(mine(level)));
}

/** `corsway check --print effective`: of each cell its fields' values, defaults left out. */
async function printEffective(directory: string): Promise<(cell: Cell) => Said> {
  const { code, out, err } = await runCorsway([
    "check",
    directory,
    "--print",
    "effective",
    "--format",
    "json",
  ]);
  assert.equal(code, 0, out + err);
  const { servers: printed } = JSON.parse(out) as {
    servers: {
      name: string;
      locations: {
        name: string;
        cors: { fields: Record<string, { value: unknown; from?: { level: Level } }> };
      }[];
    }[];
  };
  return (cell) => {
    const of = printed.find(({ name }) => name === cell.server);
    const found = of?.locations.find(({ name }) => name === cell.location)?.cors.fields ?? {};
    const said: Record<string, unknown> = {};
    for (const field of fields) {
      const { value, from } = found[field] ?? {};
      if (from === undefined) continue;
      said[field] = value;
      // And the place that is named is one that says so.
      assert.deepEqual(cell.speeches[from.level]?.[field], value, `${cell.location}: ${field}`);
    }
    return said;
  };
}
