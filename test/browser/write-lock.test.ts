// The write lock in a real Chromium: every way in which a page can send a request, from every kind of
// page, under each value of on_mismatch. What Chromium sends under `omit` reaches the API, headers and
// all; from that `admits` says what is carried out under the others, and the API's own log has to agree.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { admits, definePolicy, type Header, type Policy, type RequestHead } from "@corsway/cors";
import type { OpenPage } from "../support/browser/page.ts";
import {
  actionScript,
  isNavigation,
  sandboxedScript,
  ways,
  type ActionKind,
} from "../support/browser/page-actions.ts";
import { setStage, type Stage } from "../support/browser/stage.ts";
import type { Reached } from "../support/browser/upstream.ts";

const api = "https://api.example";
const app = "https://app.other.example";
const pages = {
  own: { origin: api, site: "same-origin" },
  allowed: { origin: app, site: "cross-site" },
  sibling: { origin: "https://sibling.api.example", site: "same-site" },
  foreign: { origin: "https://evil.test", site: "cross-site" },
  sandboxed: { origin: "https://evil.test", site: "cross-site" },
} as const;
type PageName = keyof typeof pages;

const settings = ["omit", "reject-writes", "reject"] as const;
type Setting = (typeof settings)[number];
const kinds = Object.keys(ways) as ActionKind[];
/** Fetch Metadata, and what tells whose page it is. */
const told = ["origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "cookie"];

function policyWith(onMismatch: Setting): Policy {
  return definePolicy({
    allowOrigins: app,
    allowMethods: ["GET", "HEAD", "POST", "PUT"],
    allowHeaders: "Content-Type",
    allowCredentials: true,
    onMismatch,
  });
}

const pathOf = (setting: Setting, page: PageName, kind: ActionKind): string =>
  `/${setting}/${page}/${kind.replaceAll(" ", "-")}`;

function headOf({ method, url, headers }: Reached): RequestHead {
  const sent = told.flatMap((name): Header[] => {
    const value = headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return { method, url: api + url, headers: sent };
}

describe("the write lock", { timeout: 180_000 }, () => {
  let stage: Stage;
  /** What reached the API, by path. */
  const reached = new Map<string, Reached>();

  before(async () => {
    stage = await setStage({
      thirdPartyCookies: true,
      pages: [app, pages.sibling.origin, pages.foreign.origin],
      doors: { api: [api] },
      answers: { "GET /": { headers: { "Set-Cookie": "session=1; SameSite=None; Secure" } } },
      files: (ports) => ({
        "corsway.toml": `
          [servers.api]
          addr = "127.0.0.1:${ports["api"]}"
          tls = { cert = "cert.pem", key = "key.pem" }
          hosts = "api.example"

          [upstreams.api]
          addrs = ["127.0.0.1:${ports["upstream"]}"]

          [locations.root]
          path = "= /"
          upstream = "api"

          ${settings
            .map(
              (setting) => `
          [locations.${setting}]
          path = "/${setting}"
          upstream = "api"
          cors = { allow_origins = "${app}", allow_methods = "GET, HEAD, POST, PUT", allow_headers = "Content-Type", allow_credentials = true, on_mismatch = "${setting}" }`,
            )
            .join("\n")}
        `,
      }),
    });
    for (const name of Object.keys(pages) as PageName[]) await carryOut(name);
    for (const one of stage.upstream.reached)
      if (one.method !== "OPTIONS") reached.set(one.url, one);
  });
  after(() => stage?.close());

  /** Everything that this page can do, under every setting; waits until all of it is over. */
  async function carryOut(name: PageName): Promise<void> {
    const actions = settings.flatMap((setting) =>
      kinds.map((kind) => ({ kind, url: api + pathOf(setting, name, kind) })),
    );
    const page = await visited(name);
    const staying = actions.filter((action) => !isNavigation(action));
    const script = name === "sandboxed" ? sandboxedScript(staying) : actionScript(staying);
    await page.page.evaluate(script);
    await logged(staying.map(({ url }) => url));
    await page.close();
    // A sandboxed frame cannot navigate the page.
    if (name === "sandboxed") return;
    for (const action of actions.filter(isNavigation)) {
      const leaving = await visited(name);
      await leaving.page.evaluate(actionScript([action])).catch(() => undefined); // the page is left
      await logged([action.url]);
      await leaving.close();
    }
  }

  /** With the API's cookie; the API's own page is one of its answers. */
  async function visited(name: PageName): Promise<OpenPage> {
    const page = await stage.open(api);
    if (name !== "own") await page.page.goto(`${pages[name].origin}/`);
    return page;
  }

  async function logged(urls: readonly string[]): Promise<void> {
    const paths = urls.map((url) => new URL(url).pathname);
    const isOver = (path: string): boolean => stage.gateway.logged.some((one) => one.path === path);
    for (let turn = 0; turn < 1200 && !paths.every(isOver); turn++)
      await new Promise((resolve) => setTimeout(resolve, 25));
    assert.deepEqual(
      paths.filter((path) => !isOver(path)),
      [],
      "every request was seen by the gateway",
    );
  }

  it("Chromium says of each request whose it is", () => {
    for (const [name, { origin, site }] of Object.entries(pages)) {
      const page = name as PageName;
      const sent = (kind: ActionKind): Reached => reached.get(pathOf("omit", page, kind))!;
      for (const kind of ["get", "post", "image", "form in a frame"] as const)
        assert.equal(sent(kind).headers["sec-fetch-site"], site, `${name}: ${kind}`);
      const expected = name === "sandboxed" ? "null" : origin;
      assert.equal(sent("post").headers.origin, expected, name);
      assert.equal(sent("post unread").headers.origin, expected, name);
      assert.equal(sent("form in a frame without referrer").headers.origin, "null", name);
      assert.equal(sent("image").headers.origin, undefined, name);
      assert.equal(sent("image").headers["sec-fetch-dest"], "image");
      if (name !== "sandboxed") assert.equal(sent("link").headers["sec-fetch-dest"], "document");
    }
    const evil = reached.get(pathOf("omit", "foreign", "post with cookies"))!;
    assert.equal(
      evil.headers.cookie,
      "session=1",
      "a foreign page's POST carries the visitor's cookie",
    );
  });

  for (const setting of settings)
    it(`${setting}: what the API carried out is what admits says`, () => {
      const policy = policyWith(setting);
      const seen = { carriedOut: 0, refused: 0 };
      for (const page of Object.keys(pages) as PageName[])
        for (const kind of kinds) {
          if (page === "sandboxed" && isNavigation({ kind, url: "" })) continue;
          const path = pathOf(setting, page, kind);
          const carriedOut = reached.has(path);
          const sent = reached.get(pathOf("omit", page, kind));
          const isForeign = page !== "own" && page !== "allowed";
          if (sent === undefined) {
            // It never left the browser under any setting: its preflight was refused.
            assert.ok("preflighted" in ways[kind] && isForeign, path);
            assert.equal(carriedOut, false, path);
          } else assert.equal(carriedOut, admits(policy, headOf(sent)), path);
          seen[carriedOut ? "carriedOut" : "refused"]++;
          const statuses = stage.gateway.logged.filter((one) => one.path === path);
          assert.equal(statuses.at(-1)?.status, carriedOut ? 200 : 403, path);
        }
      assert.ok(seen.carriedOut > 30, `${seen.carriedOut} were carried out`);
      assert.ok(seen.refused >= 6, `${seen.refused} were refused`);
    });

  it("no page that is not allowed writes under reject-writes, and all of them follow links under reject", () => {
    for (const page of ["sibling", "foreign", "sandboxed"] as const)
      for (const kind of kinds) {
        const isWrite = ways[kind].method === "POST" || ways[kind].method === "PUT";
        if (isWrite) {
          assert.ok(!reached.has(pathOf("reject-writes", page, kind)), `${page}: ${kind}`);
          assert.ok(!reached.has(pathOf("reject", page, kind)), `${page}: ${kind}`);
        } else if (kind !== "link")
          assert.ok(!reached.has(pathOf("reject", page, kind)), `${page}: ${kind}`);
        else if (page !== "sandboxed") assert.ok(reached.has(pathOf("reject", page, kind)), page);
      }
    for (const setting of settings)
      for (const kind of kinds) {
        const allowed = reached.has(pathOf(setting, "allowed", kind));
        // An allowed page's image says only that another site asks for it.
        const isUnnamed = [
          "image",
          "script",
          "frame",
          "get unread",
          "form in a frame without referrer",
        ].includes(kind);
        if (!isUnnamed) assert.ok(allowed, `${setting}: ${kind}`);
      }
  });
});
