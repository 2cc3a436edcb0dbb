// Document 004: a note that prints one preflight exchange. It is sent here over a plain socket as it
// is printed, and then Chromium makes it of itself.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { rawExchange } from "../support/browser/raw-exchange.ts";
import { setStage, type Stage } from "../support/browser/stage.ts";

const page = "https://mywebsite.com";
const foreign = "https://notmywebsite.com";
const api = "https://api.example.com";

/** The response that the note prints, without its `Vary`, which it does not mention. */
const printed = [
  ["Access-Control-Allow-Origin", "https://mywebsite.com"],
  ["Access-Control-Allow-Methods", "POST"],
  ["Access-Control-Allow-Headers", "X-Custom-Header"],
  ["Access-Control-Allow-Credentials", "true"],
  ["Access-Control-Max-Age", "86400"],
] as const;

describe("004: the same-origin policy, and one preflight exchange", () => {
  let stage: Stage;
  before(async () => {
    stage = await setStage({
      pages: [page, foreign],
      doors: { secure: [api], plain: ["http://api.example.com"] },
      answers: {
        "GET /": {
          headers: { "Content-Type": "text/html" },
          body: '<!doctype html><link rel="icon" href="data:,">',
        },
      },
      files: (ports) => ({
        "corsway.toml": `
          [policies.note]
          allow_origins = "https://mywebsite.com"
          allow_methods = "POST"
          allow_headers = "X-Custom-Header"
          allow_credentials = true
          max_age = 86400
          preflight_status = 200

          [policies.anybody]
          allow_origins = "*"

          [servers.secure]
          addr = "127.0.0.1:${ports["secure"]}"
          hosts = "*"
          tls = { cert = "cert.pem", key = "key.pem" }

          [servers.plain]
          addr = "127.0.0.1:${ports["plain"]}"
          hosts = "*"

          [upstreams.api]
          addrs = ["127.0.0.1:${ports["upstream"]}"]

          [locations.home]
          path = "/"
          upstream = "api"

          [locations.resource]
          path = "/resource"
          upstream = "api"
          cors = "note"

          [locations.public]
          path = "/public"
          upstream = "api"
          cors = "anybody"
        `,
      }),
    });
  });
  after(() => stage?.close());

  it("the exchange is as printed: 200 OK and five headers", async () => {
    const arrived = stage.upstream.reached.length;
    const response = await rawExchange(
      stage.ports["plain"] as number,
      "OPTIONS /resource HTTP/1.1",
      "Host: api.example.com",
      "Origin: https://mywebsite.com",
      "Access-Control-Request-Method: POST",
      "Access-Control-Request-Headers: X-Custom-Header",
    );
    assert.equal(response.statusLine, "HTTP/1.1 200 OK");
    assert.equal(response.body, "");
    const sorted = (headers: readonly (readonly [string, string])[]) =>
      headers
        .filter(([name]) => name.startsWith("Access-Control-"))
        .map((header) => header.join(": "))
        .sort();
    assert.deepEqual(sorted(response.headers), sorted(printed));
    assert.equal(stage.upstream.reached.length, arrived);
  });

  it("Chromium makes the same exchange, and then sends its POST", async () => {
    const { seen, lines, reached } = await stage.exchange(
      await stage.open(page),
      `${api}/resource`,
      { method: "POST", headers: { "X-Custom-Header": "1" }, credentials: "include" },
    );
    assert.ok(!seen.blocked);
    assert.deepEqual(lines, ["OPTIONS /resource 200", "POST /resource 200"]);
    const preflight = seen.told.wire[0]?.headers ?? {};
    for (const [name, value] of printed) assert.equal(preflight[name.toLowerCase()], value);
    assert.equal(reached[0]?.headers["x-custom-header"], "1");
  });

  it("the result is cached, so the second POST needs no preflight", async () => {
    const from = await stage.open(page);
    const post = { method: "POST", headers: { "X-Custom-Header": "1" } };
    await stage.exchange(from, `${api}/resource`, post);
    const { lines } = await stage.exchange(from, `${api}/resource`, post);
    assert.deepEqual(lines, ["POST /resource 200"]);
  });

  it("access is restricted to the listed domain", async () => {
    const { seen, lines, reached } = await stage.exchange(
      await stage.open(foreign),
      `${api}/resource`,
      { method: "POST", headers: { "X-Custom-Header": "1" } },
    );
    assert.ok(seen.blocked);
    assert.deepEqual(lines, ["OPTIONS /resource 403"]);
    assert.deepEqual(reached, []);
  });

  it("`*` allows access from any origin", async () => {
    for (const origin of [page, foreign]) {
      const { seen } = await stage.exchange(await stage.open(origin), `${api}/public`);
      assert.ok(!seen.blocked, origin);
    }
  });

  it("a page of the same origin needs no CORS header", async () => {
    const { seen, lines } = await stage.exchange(await stage.open(api), `${api}/resource`, {
      method: "POST",
      headers: { "X-Anything": "1" },
    });
    assert.ok(!seen.blocked);
    assert.equal(seen.type, "basic");
    assert.deepEqual(lines, ["POST /resource 200"]);
  });
});
