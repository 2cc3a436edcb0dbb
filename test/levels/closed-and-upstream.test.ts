// `false` and "upstream" are not policies, so levels cannot merge them. They are kept if the nearer
// level sets them, or if the level that takes precedence does.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startChromium, type RunningChromium } from "../support/browser/chromium.ts";
import { serveFiles } from "../support/browser/gateway.ts";
import { startPageServer, type PageServer } from "../support/browser/page-server.ts";
import { startUpstream, type Upstream } from "../support/browser/upstream.ts";
import { freePorts } from "../support/free-ports.ts";
import { summonJury, type Jury } from "../support/levels/judge.ts";
import { levels, merges, type Level, type Merge } from "../support/levels/table.ts";

type Word = "policy" | "false" | "upstream";

/** Whose page reads: the global policy's, the location's, the upstream's own choice, or nobody's. */
function reads(merge: Merge, global: Word, location: Word | "silent"): readonly Level[] {
  const of = (word: Word, policy: Level): readonly Level[] =>
    word === "policy" ? [policy] : word === "upstream" ? ["server"] : [];
  if (location === "silent") return of(global, "global");
  if (location !== "policy" || merge !== "global-wins") return of(location, "location");
  return of(global, "global");
}

describe('`false` and "upstream", globally and on a location', () => {
  let chromium: RunningChromium;
  let upstream: Upstream;
  let jury: Jury;
  const pages: PageServer[] = [];
  let origins: Readonly<Record<Level, string>>;

  before(async () => {
    for (const _ of levels) pages.push(await startPageServer());
    const at = (index: number): string => `http://localhost:${pages[index]!.port}`;
    origins = { global: at(0), server: at(1), location: at(2) };
    // The upstream lets in a page of its own, on every path.
    const answer = { headers: { "Access-Control-Allow-Origin": origins.server } };
    const names = ["silent", "policy", "false", "upstream"];
    upstream = await startUpstream(
      Object.fromEntries(names.map((name) => [`GET /${name}/read`, answer])),
    );
    chromium = await startChromium();
    jury = await summonJury(chromium.browser, origins);
  });
  after(async () => {
    await jury?.close();
    await chromium?.close();
    await upstream?.close();
    for (const page of pages) await page.close();
  });

  const cors = (word: Word | "silent", level: "global" | "location"): string => {
    if (word === "silent") return "";
    if (word !== "policy") return `cors = ${word === "false" ? "false" : '"upstream"'}\n`;
    return `cors = { allow_origins = "${origins[level]}" }\n`;
  };

  for (const merge of merges) {
    for (const global of ["policy", "false", "upstream"] as const) {
      it(`${merge}, with [global] set to ${global}`, async () => {
        const [port] = (await freePorts(1)) as [number];
        const locations = ["silent", "policy", "false", "upstream"] as const;
        const text = [
          `[global]\nmerge = "${merge}"\n${cors(global, "global")}`,
          `[servers.public]\naddr = "127.0.0.1:${port}"\nhosts = "*"\n`,
          `[upstreams.api]\naddrs = ["127.0.0.1:${upstream.port}"]\n`,
          ...locations.map(
            (word) =>
              `[locations.${word}]\npath = "/${word}"\nupstream = "api"\n${cors(word, "location")}`,
          ),
        ];
        const gateway = await serveFiles({ "corsway.toml": text.join("") }, [port]);
        try {
          const learned = await jury.judge(
            locations.map((word) => ({
              url: `http://127.0.0.1:${port}/${word}`,
              from: "global",
              fields: ["allow_origins"],
            })),
          );
          assert.deepEqual(
            Object.fromEntries(locations.map((word, index) => [word, learned[index]])),
            Object.fromEntries(
              locations.map((word) => [word, { allow_origins: reads(merge, global, word) }]),
            ),
          );
        } finally {
          await gateway.stop();
        }
      });
    }
  }
});
