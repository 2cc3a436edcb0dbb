// Document 000: a CORS policy in a pipeline's trigger, or for the whole realm. Its example is typed
// as its key-value pairs are; its three outcomes are Chromium's.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setStage, type Stage } from "../support/browser/stage.ts";

const page = "https://front.example.com";
const api = "https://realm.example.net";

describe("000: the policies of a pipeline and of the realm", () => {
  let stage: Stage;
  before(async () => {
    stage = await setStage({
      pages: [page],
      doors: { realm: [api] },
      answers: {
        "GET /files/report.pdf": {
          headers: {
            "Content-Type": "application/pdf",
            "Content-Disposition": 'attachment; filename="report.pdf"',
          },
          body: "%PDF-1.7",
        },
        "GET /files/long.bin": (reached) =>
          reached.headers.range === "bytes=5-9"
            ? { status: 206, headers: { "Content-Range": "bytes 5-9/20" }, body: "56789" }
            : { body: "01234567890123456789" },
        "POST /files/report.pdf": (reached) => ({ status: 201, body: `${reached.bytes}` }),
      },
      files: ({ realm, upstream }) => ({
        "corsway.toml": `
          # the document's example as the realm's policy, and what its file trigger shows
          [global]
          cors = { "Access-Control-Allow-Origin" = "*", "Access-Control-Allow-Methods" = "GET", "Access-Control-Allow-Headers" = "Authorization,Content-Type,apikey", "Access-Control-Expose-Headers" = "Content-Disposition,Content-Range" }

          [servers.realm]
          addr = "127.0.0.1:${realm}"
          hosts = "*"
          tls = { cert = "cert.pem", key = "key.pem" }

          [upstreams.pipeline]
          addrs = ["127.0.0.1:${upstream}"]

          # the document's example: a REST trigger with GET and OPTIONS, and a policy of its own
          [locations.users]
          path = "/pipeline/users"
          methods = ["GET", "OPTIONS"]
          upstream = "pipeline"
          kind = "rest"
          cors = { "Access-Control-Allow-Origin" = "*", "Access-Control-Allow-Methods" = "GET", "Access-Control-Allow-Headers" = "Authorization,Content-Type,apikey" }

          # the same trigger, and two of the other kinds, without a word on CORS
          [locations.orders]
          path = "/realm/orders"
          methods = ["GET", "OPTIONS"]
          upstream = "pipeline"
          kind = "http"

          [locations.forms]
          path = "/forms"
          upstream = "pipeline"
          kind = "rest"

          [locations.files]
          path = "/files"
          methods = ["GET", "POST"]
          upstream = "pipeline"
          kind = "http-file"

          [locations.own]
          path = "/pipeline/own"
          upstream = "pipeline"
          kind = "rest"
          cors = { "Access-Control-Allow-Origin" = "${page}", "Access-Control-Allow-Headers" = "x-own" }
        `,
      }),
    });
  });
  after(() => stage?.close());

  const json = { "Content-Type": "application/json" };

  for (const [whose, path] of [
    ["its own policy", "/pipeline/users"],
    ["the realm's policy", "/realm/orders"],
  ] as const) {
    it(`${whose}, example 1: a GET with Content-Type and apikey is preflighted and readable`, async () => {
      const from = await stage.open(page);
      const { seen, lines, log, reached } = await stage.exchange(from, `${api}${path}`, {
        headers: { ...json, apikey: "secret" },
      });
      assert.ok(!seen.blocked);
      assert.equal(seen.status, 200);
      assert.equal(seen.body, '{"from":"the API"}');
      assert.deepEqual(lines, [`OPTIONS ${path} 204`, `GET ${path} 200`]);
      assert.equal(log[0]?.allowed, true);
      assert.deepEqual(
        reached.map((request) => [request.method, request.headers["apikey"]]),
        [["GET", "secret"]],
      );
    });

    it(`${whose}: the three headers that it lists pass together, including Authorization`, async () => {
      const headers = { ...json, apikey: "secret", Authorization: "Bearer t" };
      const from = await stage.open(page);
      const { seen, lines, reached } = await stage.exchange(from, `${api}${path}`, { headers });
      assert.ok(!seen.blocked);
      assert.deepEqual(lines, [`OPTIONS ${path} 204`, `GET ${path} 200`]);
      assert.equal(reached[0]?.headers.authorization, "Bearer t");
      const answer = seen.told.wire[0]?.headers ?? {};
      assert.equal(answer["access-control-allow-origin"], "*");
      assert.equal(answer["access-control-allow-methods"], "GET");
      assert.equal(answer["access-control-allow-headers"], "Authorization, Content-Type, apikey");
    });

    it(`${whose}, example 2: with a header \`test\` the preflight fails, and the GET is never sent`, async () => {
      const from = await stage.open(page);
      const { seen, lines, log, reached } = await stage.exchange(from, `${api}${path}`, {
        headers: { ...json, apikey: "secret", test: "1" },
      });
      assert.ok(seen.blocked);
      assert.deepEqual(seen.told.corsErrors, [
        { corsError: "HeaderDisallowedByPreflightResponse", failedParameter: "test" },
      ]);
      assert.match(seen.told.console.join("\n"), /Request header field test is not allowed/);
      assert.deepEqual(lines, [`OPTIONS ${path} 204`]);
      assert.equal(log[0]?.refusal, "header-not-allowed");
      assert.deepEqual(reached, []);
    });

    it(`${whose}, example 3: a POST that the trigger does not accept gets a 404 that the page can read`, async () => {
      const from = await stage.open(page);
      const { seen, lines, reached } = await stage.exchange(from, `${api}${path}`, {
        method: "POST",
        headers: { ...json, apikey: "secret" },
        body: "{}",
      });
      assert.ok(!seen.blocked);
      assert.equal(seen.status, 404);
      assert.deepEqual(lines, [`OPTIONS ${path} 204`, `POST ${path} 404`]);
      assert.deepEqual(reached, []);
    });
  }

  it("a pipeline's own policy replaces the realm's completely", async () => {
    const from = await stage.open(page);
    const url = `${api}/pipeline/own`;
    const own = await stage.exchange(from, url, { headers: { "x-own": "1" } });
    assert.ok(!own.seen.blocked);
    assert.deepEqual(own.lines, ["OPTIONS /pipeline/own 204", "GET /pipeline/own 200"]);
    const realms = await stage.exchange(from, url, { headers: { apikey: "secret" } });
    assert.ok(realms.seen.blocked);
    assert.equal(realms.seen.told.corsErrors[0]?.failedParameter, "apikey");
    assert.deepEqual(realms.reached, []);
  });

  it("HTTP File: a page can upload, and can read the file name of a download", async () => {
    const from = await stage.open(page);
    const url = `${api}/files/report.pdf`;
    const up = await stage.exchange(from, url, { method: "POST", bodyBytes: 7_000_000 });
    assert.ok(!up.seen.blocked);
    assert.equal(up.seen.status, 201);
    assert.equal(up.seen.body, "7000000");
    const down = await stage.exchange(from, url);
    assert.ok(!down.seen.blocked);
    assert.equal(down.seen.headers["content-disposition"], 'attachment; filename="report.pdf"');
  });

  it("HTTP File: a page can request the rest of a file with Range, without a preflight", async () => {
    const from = await stage.open(page);
    const { seen, lines } = await stage.exchange(from, `${api}/files/long.bin`, {
      headers: { Range: "bytes=5-9" },
    });
    assert.ok(!seen.blocked);
    assert.equal(seen.status, 206);
    assert.equal(seen.body, "56789");
    assert.equal(seen.headers["content-range"], "bytes 5-9/20");
    assert.deepEqual(lines, ["GET /files/long.bin 206"]);
  });

  it("REST accepts 5 MB and HTTP File 50 MB; a larger body gets a 413 that the page can read", async () => {
    const from = await stage.open(page);
    for (const [path, bytes] of [
      ["/forms", 5_500_000],
      ["/files/report.pdf", 53_000_000],
    ] as const) {
      const { seen, lines } = await stage.exchange(from, `${api}${path}`, {
        method: "POST",
        bodyBytes: bytes,
      });
      assert.ok(!seen.blocked, path);
      assert.equal(seen.status, 413, path);
      assert.deepEqual(lines, [`POST ${path} 413`]);
    }
  });
});
