// The write lock in a real Chromium, over https and with a visitor's cookie.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  actionKinds,
  canDo,
  carryOutAll,
  judgeLock,
  lockLocations,
  pathOf,
  settings,
  type LockScene,
  type PageName,
} from "../proof/write-lock.ts";
import type { OpenPage } from "../support/browser/page.ts";
import { isNavigation, ways, type ActionKind } from "../support/browser/page-actions.ts";
import { setStage, type Stage } from "../support/browser/stage.ts";
import type { Reached } from "../support/browser/upstream.ts";

const api = "https://api.example";
const app = "https://app.other.example";
const sites = {
  own: { origin: api, site: "same-origin" },
  allowed: { origin: app, site: "cross-site" },
  sibling: { origin: "https://sibling.api.example", site: "same-site" },
  foreign: { origin: "https://evil.test", site: "cross-site" },
  sandboxed: { origin: "https://evil.test", site: "cross-site" },
} as const;

describe("the write lock", { timeout: 180_000 }, () => {
  let stage: Stage;
  let scene: LockScene;
  let reached: ReadonlyMap<string, Reached>;

  before(async () => {
    stage = await setStage({
      thirdPartyCookies: true,
      pages: [app, sites.sibling.origin, sites.foreign.origin],
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
          ${lockLocations(app)}
        `,
      }),
    });
    let last: OpenPage | undefined;
    scene = {
      api,
      allowed: app,
      pages: {
        own: `${api}/`,
        allowed: `${app}/`,
        sibling: `${sites.sibling.origin}/`,
        foreign: `${sites.foreign.origin}/`,
        sandboxed: `${sites.sandboxed.origin}/`,
      },
      gateway: stage.gateway,
      upstream: stage.upstream,
      async visit(url, script) {
        await last?.close();
        last = await stage.open(api); // for its cookie
        await last.page.goto(url);
        // A script that leaves the page is not answered.
        await last.page.evaluate(script).catch(() => undefined);
      },
    };
    reached = await carryOutAll(scene);
  });
  after(() => stage?.close());

  it("Chromium sends the expected Origin and Sec-Fetch headers with each request", () => {
    for (const [name, { origin, site }] of Object.entries(sites)) {
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
      if (canDo(page, "link")) assert.equal(sent("link").headers["sec-fetch-dest"], "document");
    }
    const { headers } = reached.get(pathOf("omit", "foreign", "post with cookies"))!;
    assert.equal(headers.cookie, "session=1", "a foreign page's POST carries the visitor's cookie");
  });

  for (const setting of settings)
    it(`${setting}: the API executed exactly the requests that admits allows`, () => {
      const { carriedOut, refused, differences } = judgeLock(scene, reached, setting);
      assert.deepEqual(differences, []);
      assert.ok(carriedOut > 30, `${carriedOut} were carried out`);
      assert.ok(refused >= 6, `${refused} were refused`);
    });

  it("a page that is not allowed cannot write under reject-writes, and under reject can only navigate", () => {
    for (const page of ["sibling", "foreign", "sandboxed"] as const)
      for (const kind of actionKinds) {
        const has = (setting: "reject-writes" | "reject"): boolean =>
          reached.has(pathOf(setting, page, kind));
        const isWrite = ways[kind].method === "POST" || ways[kind].method === "PUT";
        if (isWrite) assert.ok(!has("reject-writes"), `${page}: ${kind}`);
        assert.equal(has("reject"), kind === "link" && canDo(page, kind), `${page}: ${kind}`);
      }
  });

  it("an allowed page and the API's own page are not affected", () => {
    // Of these nobody can tell which page of another site sends them, or it hides it.
    const unnamed = new Set<ActionKind>([
      "image",
      "script",
      "frame",
      "get unread",
      "form in a frame without referrer",
    ]);
    for (const setting of settings)
      for (const kind of actionKinds) {
        if (unnamed.has(kind)) continue;
        assert.ok(reached.has(pathOf(setting, "allowed", kind)), `${setting}: ${kind}`);
        assert.ok(reached.has(pathOf(setting, "own", kind)), `${setting}: ${kind}`);
      }
    assert.ok(actionKinds.some(isNavigation), "links and forms are among them");
  });
});
