// From nothing to a page that reads: `corsway init` writes a file, `check` reports nothing for it,
// `serve` runs it unchanged, and a page in Chromium can do what the flags asked for.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { startChromium, type RunningChromium } from "../support/browser/chromium.ts";
import { serveFiles } from "../support/browser/gateway.ts";
import { startPageServer, type PageServer } from "../support/browser/page-server.ts";
import { openPage } from "../support/browser/page.ts";
import { startUpstream, type Upstream } from "../support/browser/upstream.ts";
import { freePorts } from "../support/free-ports.ts";
import { runCorsway } from "../support/run-corsway.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("corsway init, check, serve, and a page", () => {
  let chromium: RunningChromium;
  let upstream: Upstream;
  const pages: PageServer[] = [];
  // Not in `before`: there the folder would end with the hook.
  const directory = temporaryFolder();
  let port: number;
  let text: string;

  before(async () => {
    upstream = await startUpstream();
    pages.push(await startPageServer(), await startPageServer());
    chromium = await startChromium();
    [port] = (await freePorts(1)) as [number];
  });
  after(async () => {
    await chromium?.close();
    await upstream?.close();
    for (const page of pages) await page.close();
  });

  const origin = (index: number): string => `http://localhost:${pages[index]!.port}`;

  it("the flags become a file, and the next command is printed", async () => {
    const flags: Readonly<Record<string, string>> = {
      "--api": `http://127.0.0.1:${upstream.port}`,
      "--origins": origin(0),
      "--methods": "PUT",
      "--headers": "Content-Type,X-Auth-Token",
      "--listen": `127.0.0.1:${port}`,
    };
    const { code, out, err } = await runCorsway(
      ["init", "--credentials", ...Object.entries(flags).flat()],
      directory,
    );
    assert.equal(code, 0, err);
    assert.equal(out, "wrote corsway.toml\nnext: corsway serve\n");
    text = await readFile(path.join(directory, "corsway.toml"), "utf8");
  });

  it("check reports nothing for the file: no error, no warning and no note", async () => {
    const { code, out } = await runCorsway(["check", "--format", "json"], directory);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), { ok: true, diagnostics: [] });
  });

  it("serve runs it: only the named page can write, with the named methods and headers", async () => {
    const gateway = await serveFiles({ "corsway.toml": text }, [port]);
    try {
      const url = `http://127.0.0.1:${port}/users/1`;
      const put = {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-Auth-Token": "t" },
        body: "{}",
        credentials: "include",
      } as const;
      const own = await openPage(chromium.browser, origin(0));
      const seen = await own.fetch(url, put);
      assert.ok(!seen.blocked, JSON.stringify(seen.told));
      assert.equal(seen.body, '{"from":"the API"}');
      const unnamed = await own.fetch(url, { headers: { "X-Other": "1" } });
      assert.equal(unnamed.told.corsErrors[0]?.failedParameter, "x-other");
      const method = await own.fetch(url, { method: "DELETE" });
      assert.equal(method.told.corsErrors[0]?.corsError, "MethodDisallowedByPreflightResponse");
      const other = await openPage(chromium.browser, origin(1));
      assert.ok((await other.fetch(url, put)).blocked);
      assert.deepEqual(
        upstream.reached.map((request) => [request.method, request.url]),
        [["PUT", "/users/1"]],
      );
    } finally {
      await gateway.stop();
    }
  });

  it("an existing file is not overwritten, and a fault is reported before anything is written", async () => {
    const again = await runCorsway(["init", "--api", "127.0.0.1:1", "--origins", "*"], directory);
    assert.equal(again.code, 2);
    assert.match(again.err, /corsway\.toml already exists; use --force to overwrite it/);
    const bad = ["init", "other.toml", "--api", "127.0.0.1:1", "--origins", "https://a.example/"];
    const { code, err } = await runCorsway(bad, directory);
    assert.equal(code, 2);
    assert.match(err, /https:\/\/a\.example\/.* ends in a slash[^]*nothing was written/);
    await assert.rejects(readFile(path.join(directory, "other.toml")));
  });
});
