// Pingap's users can move with the files they have: three layouts are served unchanged. Chromium shows
// whether Pingap's documented behaviour holds, and `check` reports where it does not.

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { writeFiles } from "../support/browser/gateway.ts";
import { setStage, type Stage } from "../support/browser/stage.ts";
import type { Reached } from "../support/browser/upstream.ts";
import { runCorsway } from "../support/run-corsway.ts";
import {
  admin,
  app,
  directory,
  oneFile,
  separated,
  stranger,
  type Folder,
} from "../support/levels/pingap-folders.ts";

const api = "https://api.shop.example";
const json = { "Content-Type": "application/json", "X-Auth-Token": "t" };

interface Note {
  readonly code: string;
  readonly severity: string;
  readonly path: string;
  readonly message: string;
  readonly why: string;
  readonly fix?: { readonly say: string };
}

async function check(folder: Folder): Promise<{ code: number; notes: readonly Note[] }> {
  const at = await writeFiles(folder);
  try {
    const { code, out } = await runCorsway(["check", at, "--format", "json"]);
    return { code, notes: (JSON.parse(out) as { diagnostics: Note[] }).diagnostics };
  } finally {
    await rm(at, { recursive: true, force: true });
  }
}

/** Without what the gateway asks by itself, for the upstream's health. */
const pagesOwn = (reached: readonly Reached[]): readonly Reached[] =>
  reached.filter(({ url }) => url !== "/ping");

const told = (notes: readonly Note[]): readonly string[] =>
  notes.map(({ severity, code, path }) => `${severity} ${code} ${path}`);

describe("Pingap, one file: an include, a rewrite, guards and types that Pingap ignores", () => {
  let stage: Stage;
  before(async () => {
    stage = await setStage({
      pages: [app, admin, stranger],
      doors: { api: [api, "https://other.shop.example"] },
      answers: {
        "PUT /v2/items": {
          headers: {
            "X-Total-Count": "12",
            "X-Internal": "no",
            "Access-Control-Allow-Origin": "https://forgotten.example",
            "Access-Control-Allow-Methods": "GET",
          },
        },
        // As Pingap behind Corsway answers where a guard is on the location: preflights, too.
        "GET /v2/guarded": (reached) =>
          reached.headers.authorization === undefined
            ? { status: 401, body: '"who are you?"' }
            : { body: '"come in"' },
        "OPTIONS /v2/guarded": { status: 401 },
        "GET /v2/cart": (reached) => ({
          headers: { "Set-Cookie": "cart=c1; Path=/; Secure; HttpOnly" },
          body: JSON.stringify({ cookie: reached.headers.cookie ?? null }),
        }),
      },
      files: oneFile,
    });
  });
  after(() => stage?.close());

  it("each of the two origins in the array can write with the listed headers", async () => {
    for (const origin of [app, admin]) {
      const { seen, lines, reached } = await stage.exchange(
        await stage.open(origin),
        `${api}/api/items`,
        { method: "PUT", headers: json, body: "{}", credentials: "include" },
      );
      assert.ok(!seen.blocked, origin);
      assert.deepEqual(lines, ["OPTIONS /api/items 204", "PUT /api/items 200"]);
      const [preflight, actual] = seen.told.wire;
      assert.equal(preflight?.headers["access-control-max-age"], "3600");
      assert.equal(preflight?.headers["access-control-allow-credentials"], "true");
      assert.equal(preflight?.headers["access-control-allow-methods"], "GET, PUT, OPTIONS");
      // The upstream's own word is replaced, never doubled.
      assert.equal(actual?.headers["access-control-allow-origin"], origin);
      assert.equal(actual?.headers["access-control-allow-methods"], undefined);
      assert.equal(seen.headers["x-total-count"], "12");
      assert.equal(seen.headers["x-internal"], undefined);
      // Rewritten, with what the include lays over the location.
      assert.deepEqual(
        reached.map(({ method, url, headers }) => [method, url, headers["x-tier"]]),
        [["PUT", "/v2/items", "gold"]],
      );
      assert.equal(reached[0]?.headers["x-real-ip"], "127.0.0.1");
    }
  });

  it("cookies are sent and stored, as allow_credentials allows", async () => {
    const from = await stage.open(app);
    const cart = () => stage.exchange(from, `${api}/api/cart`, { credentials: "include" });
    const first = await cart();
    assert.ok(!first.seen.blocked && first.seen.body === '{"cookie":null}');
    const second = await cart();
    assert.ok(!second.seen.blocked && second.seen.body === '{"cookie":"cart=c1"}');
  });

  it("a foreign page's preflight is refused, and nothing reaches the API", async () => {
    const put = { method: "PUT", headers: json, body: "{}" };
    const { seen, lines, reached } = await stage.exchange(
      await stage.open(stranger),
      `${api}/api/items`,
      put,
    );
    assert.ok(seen.blocked);
    assert.deepEqual(lines, ["OPTIONS /api/items 403"]);
    assert.deepEqual(reached, []);
  });

  it("a page can read a 413, 404 and 502, which Pingap sends without CORS headers", async () => {
    const from = await stage.open(app);
    const large = await stage.exchange(from, `${api}/api/items`, {
      method: "PUT",
      headers: json,
      bodyBytes: 2000,
    });
    assert.ok(!large.seen.blocked && large.seen.status === 413);
    const down = await stage.exchange(from, `${api}/down`);
    assert.ok(!down.seen.blocked && down.seen.status === 502);
  });

  it("a request that matches no location gets 404 instead of Pingap's 500, unreadable without a plugin", async () => {
    const from = await stage.open(app);
    const { seen, lines } = await stage.exchange(from, "https://other.shop.example/api/items");
    assert.ok(seen.blocked);
    assert.deepEqual(lines, ["GET /api/items 404"]);
  });

  it("the page can read the refusal of a guard behind Corsway, whose preflight Corsway answers first", async () => {
    const from = await stage.open(app);
    const refused = await stage.exchange(from, `${api}/api/guarded`, { headers: { ...json } });
    assert.ok(!refused.seen.blocked);
    assert.deepEqual([refused.seen.status, refused.seen.body], [401, '"who are you?"']);
    assert.deepEqual(refused.lines, ["OPTIONS /api/guarded 204", "GET /api/guarded 401"]);
    assert.deepEqual(
      refused.reached.map(({ method }) => method),
      ["GET"],
    );
  });

  it("serve reports at startup which location is no longer guarded", () => {
    const said = stage.gateway.stderr();
    assert.match(
      said,
      /warning\[pingap\/ignored-guard\] the location `shop` is no longer guarded by `login` \(`jwt`\)/,
    );
    assert.doesNotMatch(said, /error\[/);
  });

  it("check reports ignored and reinterpreted keys, none of them as an error", async () => {
    const { code, notes } = await check({
      ...oneFile({ api: 6188, upstream: 5001 }),
      "cert.pem": "",
      "key.pem": "",
    });
    // The certificate of this check is empty: the only fault there is.
    assert.equal(code, 1);
    const lines = told(notes);
    assert.deepEqual(
      lines.filter((line) => line.startsWith("error")),
      ["error config/tls-files servers.edge.tls"],
    );
    for (const line of [
      "info pingap/ignored-key basic",
      "info pingap/ignored-key upstreams.api.discovery",
      "info pingap/ignored-key upstreams.api.total_connection_timeout",
      "info pingap/ignored-key locations.shop.enable_reverse_proxy_headers",
      "info pingap/ignored-key locations.shop.max_processing",
      "info pingap/ignored-key servers.edge.access_log",
      "info pingap/ignored-key servers.edge.threads",
      "info pingap/ignored-key servers.edge.enabled_h2",
      "warning pingap/ignored-guard locations.shop.plugins[1]",
      "info pingap/ignored-plugin plugins.login",
      "info pingap/read-as-meant plugins.cors-shop.allow_origin",
      "info pingap/read-as-meant plugins.cors-shop.allow_credentials",
      "info pingap/read-as-meant plugins.cors-shop.max_age",
      "info policy/method-options plugins.cors-shop.allow_methods",
    ]) {
      assert.ok(lines.includes(line), `${line}\nis not among\n${lines.join("\n")}`);
    }
  });
});

describe("Pingap, a directory: hosts, weights and prefixes select locations as in Pingap", () => {
  let stage: Stage;
  const tenant = "https://a.b.tenants.example";
  const numbered = "https://t42.shop.example";
  before(async () => {
    stage = await setStage({
      pages: [app, admin, stranger],
      doors: { api: [api, tenant, numbered] },
      files: directory,
    });
  });
  after(() => stage?.close());

  for (const [url, who, why] of [
    [`${api}/shop`, app, "a prefix"],
    [`${api}/shop/items`, app, "a prefix, and what is below it"],
    [`${api}/shopping`, app, "a prefix of text: Pingap's know no segments"],
    [`${api}/shop/exact`, admin, "an exact path comes before a prefix"],
    [`${api}/shop/exact/more`, app, "and is exact"],
    [`${tenant}/shop`, admin, "a host comes before none, and `*.` takes any depth"],
    [`${api}/r/abc`, admin, "one of several hosts, a regular expression for a path"],
    [`${numbered}/r/abc`, admin, "a host by a regular expression"],
    [`${tenant}/shop/h`, admin, "a weight beats a host"],
  ] as const) {
    it(`${url} allows only ${new URL(who).hostname}: ${why}`, async () => {
      const put = { method: "PUT" };
      const other = who === app ? admin : app;
      const own = await stage.exchange(await stage.open(who), url, put);
      assert.ok(!own.seen.blocked, JSON.stringify(own.seen.told));
      assert.equal(pagesOwn(own.reached)[0]?.url, new URL(url).pathname);
      const refused = await stage.exchange(await stage.open(other), url, put);
      assert.ok(refused.seen.blocked);
      assert.deepEqual(pagesOwn(refused.reached), []);
    });
  }

  it("a plugin with only $http_origin allows every page, with the documented methods and one hour of caching", async () => {
    const from = await stage.open(stranger);
    const { seen } = await stage.exchange(from, `${api}/public/x`, {
      method: "DELETE",
      headers: { "X-Token": "t" },
    });
    assert.ok(!seen.blocked);
    const [preflight] = seen.told.wire;
    assert.equal(preflight?.headers["access-control-max-age"], "3600");
    assert.equal(
      preflight?.headers["access-control-allow-methods"],
      "GET, POST, PUT, PATCH, DELETE, OPTIONS",
    );
    // Pingap would take the header's value for a literal; a page that sends cookies is not let in.
    const cookies = await stage.exchange(from, `${api}/public/x`, { credentials: "include" });
    assert.ok(cookies.seen.blocked);
  });

  it("for a location without a cors plugin the upstream handles CORS, including preflights", async () => {
    const { seen, reached } = await stage.exchange(await stage.open(app), `${api}/plain`, {
      method: "PUT",
    });
    assert.ok(seen.blocked);
    assert.deepEqual(
      pagesOwn(reached).map(({ method }) => method),
      ["OPTIONS"],
    );
  });
});

describe("Pingap, separate folders: one file per name", () => {
  let stage: Stage;
  before(async () => {
    stage = await setStage({ pages: [app, stranger], doors: { api: [api] }, files: separated });
  });
  after(() => stage?.close());

  it("the plugin applies as it does in one file", async () => {
    const put = {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: "{}",
      credentials: "include",
    } as const;
    const own = await stage.exchange(await stage.open(app), `${api}/shop/1`, put);
    assert.ok(!own.seen.blocked);
    assert.deepEqual(own.lines, ["OPTIONS /shop/1 204", "PUT /shop/1 200"]);
    assert.equal(own.seen.told.wire[0]?.headers["access-control-max-age"], "600");
    const other = await stage.exchange(await stage.open(stranger), `${api}/shop/1`, put);
    assert.ok(other.seen.blocked);
  });
});

describe("Pingap: an environment overlaid on an unchanged folder", () => {
  it("--env replaces the values that differ, and their file is reported", async () => {
    const at = await writeFiles({
      ...directory({ api: 6188, upstream: 5001 }),
      "servers.toml": `[servers.edge]\naddr = "127.0.0.1:6188"\nlocations = ["prefix"]\n`,
      "corsway.test.toml": `[plugins.cors-app]\nallow_origin = "http://localhost:5173"\n`,
    });
    try {
      for (const [args, value, file] of [
        [[], app, "plugins.toml:4:"],
        [["--env", "test"], "http://localhost:5173", "corsway.test.toml:2:"],
      ] as const) {
        const run = await runCorsway(["check", ".", "--print", "effective", ...args], at);
        assert.equal(run.code, 0, run.out);
        const line = run.out.split("\n").find((one) => one.includes("allow_origins"));
        assert.match(line ?? "", new RegExp(`${value} +location +${file}`));
      }
    } finally {
      await rm(at, { recursive: true, force: true });
    }
  });
});

describe("Pingap: a key that would allow more pages, or use http instead of https, is refused with a fix", () => {
  const base = (extra: Folder): Folder => ({
    "upstreams.toml": `[upstreams.api]\naddrs = ["127.0.0.1:5001"]\n`,
    "servers.toml": `[servers.edge]\naddr = "127.0.0.1:6188"\nlocations = ["shop"]\n`,
    "locations.toml": `[locations.shop]\nupstream = "api"\nplugins = ["cors"]\n`,
    "plugins.toml": `[plugins.cors]\ncategory = "cors"\nallow_origin = "${app}"\n`,
    ...extra,
  });

  for (const [what, folder, code, path, way] of [
    [
      "global_certificates",
      { "servers.toml": `[servers.edge]\naddr = "0.0.0.0:443"\nglobal_certificates = true\n` },
      "pingap/condition",
      "servers.edge.global_certificates",
      /tls = \{ cert/,
    ],
    [
      "match_headers",
      {
        "locations.toml": `[locations.shop]\nupstream = "api"\nplugins = ["cors"]\nmatch_headers = ["X-Beta:1"]\n`,
      },
      "pingap/condition",
      "locations.shop.match_headers",
      /remove it/,
    ],
    [
      "the wildcard with credentials, which Pingap documents as impossible and serves",
      { "plugins.toml": `[plugins.cors]\ncategory = "cors"\nallow_credentials = true\n` },
      "policy/credentials-with-any-origin",
      "plugins.cors.allow_origin",
      /list the origins/,
    ],
    [
      "a mirrored origin with credentials",
      {
        "plugins.toml": `[plugins.cors]\ncategory = "cors"\nallow_origin = "{$http_origin}"\nallow_credentials = true\n`,
      },
      "policy/credentials-with-any-origin",
      "plugins.cors.allow_origin",
      /dangerously_allow_any_origin_with_credentials/,
    ],
    [
      "two cors plugins",
      {
        "locations.toml": `[locations.shop]\nupstream = "api"\nplugins = ["cors", "cors-too"]\n`,
        "plugins.toml": `[plugins.cors]\ncategory = "cors"\nallow_origin = "${app}"\n[plugins.cors-too]\ncategory = "cors"\nallow_origin = "${admin}"\n`,
      },
      "config/two-policies",
      "locations.shop.plugins",
      /keep one/,
    ],
    [
      "an include of nothing",
      {
        "locations.toml": `[locations.shop]\nupstream = "api"\nplugins = ["cors"]\nincludes = ["gone"]\n`,
      },
      "pingap/storage",
      "locations.shop.includes[0]",
      /\[storages\./,
    ],
  ] as const) {
    it(what, async () => {
      const { code: exit, notes } = await check(base(folder as unknown as Folder));
      assert.equal(exit, 1);
      const errors = notes.filter(({ severity }) => severity === "error");
      assert.deepEqual(told(errors), [`error ${code} ${path}`]);
      assert.match(`${errors[0]?.why} ${errors[0]?.fix?.say}`, way);
    });
  }
});
