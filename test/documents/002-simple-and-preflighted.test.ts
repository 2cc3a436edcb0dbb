// Document 002: pages of example.com and a server at another-domain.com; what a browser sends at
// once, what it asks for first, and the Origin header by which the server decides.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { OpenPage } from "../support/browser/page.ts";
import { setStage, type Stage } from "../support/browser/stage.ts";

const page = "https://example.com";
const foreign = "https://evil.example.org";
const server = "https://another-domain.com";

describe("002: simple and preflighted requests", () => {
  let stage: Stage;
  before(async () => {
    stage = await setStage({
      pages: [page, foreign],
      doors: { server: [server] },
      files: (ports) => ({
        "corsway.toml": `
          # the three headers that the document prints
          [policies.printed]
          allow_methods = "GET, POST"
          allow_headers = "Content-Type"
          allow_origins = "https://example.com"

          [policies.writing]
          allow_methods = "GET, PUT, DELETE"
          allow_headers = "Content-Type"
          allow_origins = "https://example.com"

          [policies.strict]
          allow_origins = "https://example.com"
          on_mismatch = "reject"

          [servers.server]
          addr = "127.0.0.1:${ports["server"]}"
          hosts = "*"
          tls = { cert = "cert.pem", key = "key.pem" }

          [upstreams.api]
          addrs = ["127.0.0.1:${ports["upstream"]}"]

          [locations.data]
          path = "/data"
          upstream = "api"
          cors = "printed"

          [locations.items]
          path = "/items"
          upstream = "api"
          cors = "writing"

          [locations.strict]
          path = "/strict"
          upstream = "api"
          cors = "strict"

          [locations.silent]
          path = "/silent"
          upstream = "api"
        `,
      }),
    });
  });
  after(() => stage?.close());

  it("the browser blocks by default if the server sends no CORS header", async () => {
    const { seen, lines, reached } = await stage.exchange(
      await stage.open(page),
      `${server}/silent`,
    );
    assert.ok(seen.blocked);
    assert.equal(seen.told.corsErrors[0]?.corsError, "MissingAllowOriginHeader");
    assert.deepEqual(lines, ["GET /silent 200"]);
    assert.equal(reached.length, 1);
  });

  it("a simple request is sent immediately with the page's Origin, and is readable", async () => {
    const from = await stage.open(page);
    for (const init of [{}, { method: "HEAD" }, { method: "POST", body: "plain text" }]) {
      const { seen, lines, reached } = await stage.exchange(from, `${server}/data`, init);
      assert.ok(!seen.blocked);
      assert.deepEqual(lines, [`${init.method ?? "GET"} /data 200`]);
      assert.equal(reached[0]?.headers.origin, page);
      assert.equal(seen.told.wire[0]?.headers["access-control-allow-origin"], page);
    }
  });

  it("a foreign page's simple request reaches the server with its Origin, but the page cannot read the response", async () => {
    const { seen, log, reached } = await stage.exchange(
      await stage.open(foreign),
      `${server}/data`,
    );
    assert.ok(seen.blocked);
    assert.equal(log[0]?.refusal, "origin-not-allowed");
    assert.equal(reached[0]?.headers.origin, foreign);
  });

  it("with on_mismatch = reject the gateway refuses the foreign request", async () => {
    const { seen, lines, reached } = await stage.exchange(
      await stage.open(foreign),
      `${server}/strict`,
      { method: "POST", body: "transfer" },
    );
    assert.ok(seen.blocked);
    assert.deepEqual(lines, ["POST /strict 403"]);
    assert.deepEqual(reached, []);
  });

  it("a header that is not safelisted, such as Content-Type: application/json, is preflighted", async () => {
    const { seen, lines } = await stage.exchange(await stage.open(page), `${server}/data`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    assert.ok(!seen.blocked);
    assert.deepEqual(lines, ["OPTIONS /data 204", "POST /data 200"]);
    // the three headers as the document prints them
    const preflight = seen.told.wire[0]?.headers ?? {};
    assert.equal(preflight["access-control-allow-methods"], "GET, POST");
    assert.equal(preflight["access-control-allow-headers"], "Content-Type");
    assert.equal(preflight["access-control-allow-origin"], page);
  });

  it("XMLHttpRequest sends Origin, is preflighted and is blocked in the same way as fetch", async () => {
    const line = stage.gateway.logged.length;
    const arrived = stage.upstream.reached.length;
    const ours = await stage.open(page);
    assert.equal(await ajax(ours, "GET", `${server}/data`), 200);
    assert.equal(await ajax(ours, "PUT", `${server}/items`), 200);
    const theirs = await stage.open(foreign);
    assert.equal(await ajax(theirs, "GET", `${server}/data`), 0);
    assert.equal(await ajax(theirs, "PUT", `${server}/items`), 0);
    const log = await stage.gateway.lines(line, 5);
    assert.deepEqual(
      log.map(({ method, path, status }) => `${method} ${path} ${status}`),
      [
        "GET /data 200",
        "OPTIONS /items 204",
        "PUT /items 200",
        "GET /data 200",
        "OPTIONS /items 403",
      ],
    );
    assert.deepEqual(
      stage.upstream.reached.slice(arrived).map(({ headers }) => headers.origin),
      [page, page, foreign],
    );
  });

  it("PUT and DELETE are preflighted, and pass if they are allowed", async () => {
    for (const method of ["PUT", "DELETE"]) {
      const from = await stage.open(page);
      const { seen, lines, reached } = await stage.exchange(from, `${server}/items`, { method });
      assert.ok(!seen.blocked);
      assert.deepEqual(lines, ["OPTIONS /items 204", `${method} /items 200`]);
      assert.deepEqual(
        reached.map((request) => request.method),
        [method],
      );
    }
  });

  it("PUT and DELETE are never sent if the printed list lacks them", async () => {
    for (const method of ["PUT", "DELETE"]) {
      const from = await stage.open(page);
      const { seen, lines, log, reached } = await stage.exchange(from, `${server}/data`, {
        method,
      });
      assert.ok(seen.blocked);
      assert.deepEqual(seen.told.corsErrors, [
        { corsError: "MethodDisallowedByPreflightResponse", failedParameter: method },
      ]);
      assert.deepEqual(lines, ["OPTIONS /data 204"]);
      assert.equal(log[0]?.refusal, "method-not-allowed");
      assert.deepEqual(reached, []);
    }
  });

  it("a foreign page's PUT and DELETE fail at the preflight", async () => {
    for (const method of ["PUT", "DELETE"]) {
      const from = await stage.open(foreign);
      const { seen, lines, reached } = await stage.exchange(from, `${server}/items`, { method });
      assert.ok(seen.blocked);
      assert.deepEqual(lines, ["OPTIONS /items 403"]);
      assert.deepEqual(reached, []);
    }
  });
});

/** The status that the page's XMLHttpRequest learns; 0 where it learns nothing. */
function ajax(from: OpenPage, method: string, url: string): Promise<number> {
  return from.page.evaluate(
    (ask) =>
      new Promise<number>((resolve) => {
        const request = new XMLHttpRequest();
        request.open(ask.method, ask.url);
        request.onloadend = () => resolve(request.status);
        request.send();
      }),
    { method, url },
  );
}
