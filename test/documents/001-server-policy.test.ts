// Document 001: four fields on a server, with the values it prints. Where its words are not what
// browsers do (a comma list as a header's value, the value "false"), the gateway does what was meant.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { rawExchange } from "../support/browser/raw-exchange.ts";
import { setStage, type Stage } from "../support/browser/stage.ts";

const page = "https://example.com";
const partner = "https://partner.example.org";
const foreign = "https://elsewhere.example.net";
const one = "https://one.api.example";
const several = "https://several.api.example";
const any = "https://any.api.example";

describe("001: one policy per server, in four fields", () => {
  let stage: Stage;
  before(async () => {
    stage = await setStage({
      pages: [page, partner, foreign],
      doors: { one: [one], several: [several], any: [any], plain: ["http://several.api.example"] },
      files: (ports) => ({
        "corsway.toml": `
          [policies.fields]
          allow_methods = "GET, POST, PUT"
          allow_origin = "https://example.com"
          allow_headers = "Content-Type, Authorization"
          allow_credentials = true

          [policies.list]
          allow_methods = "GET, POST, PUT"
          allow_origin = "https://example.com, https://partner.example.org"
          allow_headers = "Content-Type, Authorization"
          allow_credentials = false

          [policies.wildcard]
          allow_origin = "*"

          [servers.one]
          addr = "127.0.0.1:${ports["one"]}"
          hosts = "*"
          tls = { cert = "cert.pem", key = "key.pem" }
          cors = "fields"

          [servers.several]
          addr = "127.0.0.1:${ports["several"]}"
          hosts = "*"
          tls = { cert = "cert.pem", key = "key.pem" }
          cors = "list"

          [servers.any]
          addr = "127.0.0.1:${ports["any"]}"
          hosts = "*"
          tls = { cert = "cert.pem", key = "key.pem" }
          cors = "wildcard"

          [servers.plain]
          addr = "127.0.0.1:${ports["plain"]}"
          hosts = "*"
          cors = "list"

          [upstreams.api]
          addrs = ["127.0.0.1:${ports["upstream"]}"]

          [locations.all]
          upstream = "api"
        `,
      }),
    });
  });
  after(() => stage?.close());

  it("the four printed values allow https://example.com to PUT with Authorization and cookies", async () => {
    const { seen, lines, reached } = await stage.exchange(await stage.open(page), `${one}/data`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Authorization: "Bearer t" },
      body: "{}",
      credentials: "include",
    });
    assert.ok(!seen.blocked);
    assert.deepEqual(lines, ["OPTIONS /data 204", "PUT /data 200"]);
    assert.equal(reached[0]?.headers.authorization, "Bearer t");
    assert.deepEqual(
      seen.told.wire.map((request) => request.headers["access-control-allow-origin"]),
      [page, page],
    );
    // the other three lines, as the document prints them
    const preflight = seen.told.wire[0]?.headers ?? {};
    assert.equal(preflight["access-control-allow-methods"], "GET, POST, PUT");
    assert.equal(preflight["access-control-allow-headers"], "Content-Type, Authorization");
    assert.equal(preflight["access-control-allow-credentials"], "true");
  });

  it("a request with a method that is not listed is never sent", async () => {
    const { seen, reached } = await stage.exchange(await stage.open(page), `${one}/data`, {
      method: "DELETE",
    });
    assert.ok(seen.blocked);
    assert.equal(seen.told.corsErrors[0]?.corsError, "MethodDisallowedByPreflightResponse");
    assert.deepEqual(reached, []);
  });

  it("a page of another origin is blocked", async () => {
    const { seen, lines, reached } = await stage.exchange(
      await stage.open(foreign),
      `${one}/data`,
      { method: "PUT" },
    );
    assert.ok(seen.blocked);
    assert.deepEqual(lines, ["OPTIONS /data 403"]);
    assert.deepEqual(reached, []);
  });

  it("a comma-separated list allows each origin, and each response names the requesting one", async () => {
    for (const origin of [page, partner]) {
      const { seen } = await stage.exchange(await stage.open(origin), `${several}/data`);
      assert.ok(!seen.blocked, origin);
      assert.equal(seen.told.wire[0]?.headers["access-control-allow-origin"], origin);
      assert.match(seen.told.wire[0]?.headers["vary"] ?? "", /\bOrigin\b/);
    }
    const other = await stage.exchange(await stage.open(foreign), `${several}/data`);
    assert.ok(other.seen.blocked);
    // No browser takes a list for a value; the gateway never sends one.
    const raw = await rawExchange(
      stage.ports["plain"] as number,
      "GET /data HTTP/1.1",
      "Host: several.api.example",
      `Origin: ${partner}`,
    );
    assert.equal(raw.get("Access-Control-Allow-Origin"), partner);
  });

  it("credentials false blocks a request with cookies, but not one without", async () => {
    const from = await stage.open(page);
    const without = await stage.exchange(from, `${several}/data`);
    assert.ok(!without.seen.blocked);
    assert.equal(without.seen.told.wire[0]?.headers["access-control-allow-credentials"], undefined);
    const withCookies = await stage.exchange(from, `${several}/data`, { credentials: "include" });
    assert.ok(withCookies.seen.blocked);
    assert.equal(withCookies.seen.told.corsErrors[0]?.corsError, "InvalidAllowCredentials");
  });

  it("the wildcard lets any page read", async () => {
    const { seen } = await stage.exchange(await stage.open(foreign), `${any}/data`);
    assert.ok(!seen.blocked);
    assert.equal(seen.told.wire[0]?.headers["access-control-allow-origin"], "*");
  });
});
