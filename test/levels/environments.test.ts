// Environments: document 000 keeps one list of headers for test and another for production. Here they
// are two overlays on one file, selected by --env; each allows a page that the other blocks.

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { startChromium, type RunningChromium } from "../support/browser/chromium.ts";
import { serveFiles, writeFiles } from "../support/browser/gateway.ts";
import { startPageServer, type PageServer } from "../support/browser/page-server.ts";
import { openPage, type FetchInit, type Seen } from "../support/browser/page.ts";
import { startUpstream, type Upstream } from "../support/browser/upstream.ts";
import { freePorts } from "../support/free-ports.ts";
import { runCorsway } from "../support/run-corsway.ts";

describe("000: separate header lists for test and production", () => {
  let chromium: RunningChromium;
  let upstream: Upstream;
  let staging: PageServer;
  let live: PageServer;
  before(async () => {
    upstream = await startUpstream();
    staging = await startPageServer();
    live = await startPageServer();
    chromium = await startChromium();
  });
  after(async () => {
    await chromium?.close();
    await upstream?.close();
    await staging?.close();
    await live?.close();
  });

  const origin = (page: PageServer): string => `http://localhost:${page.port}`;

  /** The realm's key-value pairs per environment; the pipeline adds its methods to both. */
  const filesOn = (port: number) => ({
    "corsway.toml": `
      [global]
      cors = "realm"
      merge = "global-wins"

      [servers.realm]
      addr = "127.0.0.1:${port}"
      hosts = "*"

      [upstreams.pipeline]
      addrs = ["127.0.0.1:${upstream.port}"]

      [locations.users]
      path = "/users"
      upstream = "pipeline"
      cors = { "Access-Control-Allow-Methods" = "GET,PUT" }
    `,
    "corsway.test.toml": `
      [policies.realm]
      "Access-Control-Allow-Origin" = "${origin(staging)}"
      "Access-Control-Allow-Headers" = "apikey,x-debug"
    `,
    "corsway.prod.toml": `
      [policies.realm]
      "Access-Control-Allow-Origin" = "${origin(live)}"
      "Access-Control-Allow-Headers" = "apikey"
    `,
  });

  /** The same requests of the same two pages, under one environment. */
  async function under(env: string): Promise<Readonly<Record<string, readonly string[]>>> {
    const [port] = await freePorts(1);
    const gateway = await serveFiles(filesOn(port!), [port!], ["--env", env]);
    try {
      const requests: Readonly<Record<string, FetchInit>> = {
        "PUT with apikey": { method: "PUT", headers: { apikey: "k" } },
        "GET with x-debug": { headers: { "x-debug": "1" } },
      };
      const outcome: Record<string, string[]> = {};
      for (const [name, page] of Object.entries({ staging, live })) {
        const opened = await openPage(chromium.browser, origin(page));
        outcome[name] = [];
        for (const [what, init] of Object.entries(requests)) {
          const seen = await opened.fetch(`http://127.0.0.1:${port}/users`, init);
          outcome[name].push(`${what}: ${reasonOf(seen)}`);
        }
        await opened.close();
      }
      return outcome;
    } finally {
      await gateway.stop();
    }
  }

  it("under test the staging page can read, and the live page is blocked", async () => {
    assert.deepEqual(await under("test"), {
      staging: ["PUT with apikey: read", "GET with x-debug: read"],
      live: [
        "PUT with apikey: PreflightMissingAllowOriginHeader",
        "GET with x-debug: PreflightMissingAllowOriginHeader",
      ],
    });
  });

  it("under prod the live page can read, without the headers that only test allows", async () => {
    assert.deepEqual(await under("prod"), {
      staging: [
        "PUT with apikey: PreflightMissingAllowOriginHeader",
        "GET with x-debug: PreflightMissingAllowOriginHeader",
      ],
      live: ["PUT with apikey: read", "GET with x-debug: HeaderDisallowedByPreflightResponse"],
    });
  });

  it("each environment reports the file that every value came from", async () => {
    const directory = await writeFiles(filesOn(8080));
    try {
      for (const env of ["test", "prod"]) {
        const { code, out } = await runCorsway(
          ["check", ".", "--env", env, "--print", "effective"],
          directory,
        );
        assert.equal(code, 0, out);
        assert.match(out, new RegExp(`allow_origins .* global  corsway\\.${env}\\.toml:3:`));
        assert.match(out, /allow_methods .* location  corsway\.toml:16:/);
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it("without --env the missing realm list is reported, and an unknown environment lists the known ones", async () => {
    const directory = await writeFiles(filesOn(8080));
    try {
      const none = await runCorsway(["check", "."], directory);
      assert.equal(none.code, 1);
      assert.match(none.out, /no policy is named `realm`|`realm`/);
      const unknown = await runCorsway(["check", ".", "--env", "prd"], directory);
      assert.equal(unknown.code, 1);
      assert.match(
        unknown.out,
        /the environment `prd` has no file[^]*known environments: .*prod.*test/,
      );
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

function reasonOf(seen: Seen): string {
  return seen.blocked ? (seen.told.corsErrors[0]?.corsError ?? seen.message) : "read";
}
