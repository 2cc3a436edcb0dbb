// Document 003: Pingap's manual page for its cors plugin. Its files are loaded in its own form; its
// "Access Effects" are seen in Chromium over https, as is its third use case, a web font.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { checkMarkFont } from "../../examples/demo/font.ts";
import { corsway, writeFiles } from "../support/browser/gateway.ts";
import type { OpenPage } from "../support/browser/page.ts";
import { setStage, type Stage } from "../support/browser/stage.ts";

const app = "https://app.my-domain.com";
const stranger = "https://stranger.example.org";
const api = "https://api.my-domain.com";
const cdn = "https://cdn.example.net";

/** The document's plugin file, as it stands there but for `allow_origin`. */
const pluginFile = (allowOrigin: string) => `
# Only enable CORS for requests under the /api/ path
path = "^/api/"

# Only allow cross-origin requests from our frontend application
# Using {$http_origin} can support multiple environments, e.g., dev/staging/production
allow_origin = "${allowOrigin}"

# Allowed HTTP methods for the frontend application
allow_methods = "GET, POST, PUT, OPTIONS"

# Allowed custom headers sent by the frontend
allow_headers = "Content-Type, X-Auth-Token"

# Allow the frontend to access the X-Request-ID header in the response for debugging
expose_headers = "X-Request-ID"

# Allow cross-origin requests to carry and set cookies
allow_credentials = true

# Cache preflight results for 24 hours to reduce OPTIONS requests
max_age = "24h"
`;

const locationFile = `
[locations.route-for-my-app]
upstream = "api-backend"
plugins = [
    "cors-webapp",
]
`;

describe("003: a front end, its API and foreign pages", () => {
  let stage: Stage;
  before(async () => {
    stage = await setStage({
      pages: [app, stranger],
      doors: { api: [api], cdn: [cdn] },
      answers: {
        "PUT /api/users": { headers: { "X-Request-ID": "r-1", "X-Internal": "no" } },
        "GET /api/session": (reached) => ({
          headers: { "Set-Cookie": "session=s1; Path=/; Secure; HttpOnly" },
          body: JSON.stringify({ cookie: reached.headers.cookie ?? null }),
        }),
        "GET /open": { headers: { "Access-Control-Allow-Origin": "*" }, body: '"open"' },
        "GET /fonts/dot.svg": {
          headers: { "Content-Type": "image/svg+xml" },
          body: '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><rect width="2" height="2" fill="#f00"/></svg>',
        },
        "GET /fonts/mark.ttf": { headers: { "Content-Type": "font/ttf" }, body: checkMarkFont() },
      },
      files: (ports) => ({
        "plugin.cors-webapp.toml": pluginFile("https://app.my-domain.com"),
        "location.toml": locationFile,
        "rest.toml": `
          [plugins.cors-fonts]
          category = "cors"
          allow_origin = "https://app.my-domain.com"

          [plugins.cors-public]
          category = "cors"

          [plugins.cors-mirror]
          category = "cors"
          allow_origin = "{$http_origin}"

          [locations.fonts]
          upstream = "api-backend"
          path = "/fonts/"
          plugins = ["cors-fonts"]

          [locations.public]
          upstream = "api-backend"
          path = "/public/"
          plugins = ["cors-public"]

          [locations.mirror]
          upstream = "api-backend"
          path = "/mirror/"
          plugins = ["cors-mirror"]

          [upstreams.api-backend]
          addrs = ["127.0.0.1:${ports["upstream"]}"]

          [servers.api]
          addr = "127.0.0.1:${ports["api"]}"
          hosts = "*"
          locations = ["route-for-my-app"]
          tls = { cert = "cert.pem", key = "key.pem" }

          [servers.cdn]
          addr = "127.0.0.1:${ports["cdn"]}"
          hosts = "*"
          locations = ["fonts", "public", "mirror"]
          tls = { cert = "cert.pem", key = "key.pem" }
        `,
      }),
    });
  });
  after(() => stage?.close());

  const put = {
    method: "PUT",
    headers: { "Content-Type": "application/json", "X-Auth-Token": "t" },
    body: "{}",
    credentials: "include",
  } as const;

  it("the four access effects of a PUT with X-Auth-Token", async () => {
    const { seen, lines, log, reached } = await stage.exchange(
      await stage.open(app),
      `${api}/api/users`,
      put,
    );
    assert.ok(!seen.blocked);
    // 1. The browser sends OPTIONS by itself; 2. the plugin answers it with 204 and the headers.
    assert.deepEqual(lines, ["OPTIONS /api/users 204", "PUT /api/users 200"]);
    assert.equal(log[0]?.kind, "preflight");
    const [preflight, actual] = seen.told.wire;
    assert.equal(preflight?.headers["access-control-allow-origin"], app);
    assert.equal(preflight?.headers["access-control-allow-methods"], "GET, POST, PUT, OPTIONS");
    assert.equal(preflight?.headers["access-control-allow-headers"], "Content-Type, X-Auth-Token");
    assert.equal(preflight?.headers["access-control-allow-credentials"], "true");
    assert.equal(preflight?.headers["access-control-max-age"], "86400");
    // 3. Then the PUT itself goes, to the backend and only once.
    assert.deepEqual(
      reached.map((request) => [request.method, request.url, request.headers["x-auth-token"]]),
      [["PUT", "/api/users", "t"]],
    );
    // 4. The plugin steps in again on the way back.
    assert.equal(actual?.headers["access-control-allow-origin"], app);
    assert.equal(actual?.headers["access-control-allow-credentials"], "true");
    assert.match(actual?.headers["vary"] ?? "", /\bOrigin\b/);
    assert.ok(seen.headers["x-request-id"]);
    assert.equal(seen.headers["x-internal"], undefined);
  });

  it("GET and POST are allowed like PUT, and another method is not", async () => {
    const from = await stage.open(app);
    for (const method of ["GET", "POST"]) {
      const headers = { "Content-Type": "application/json", "X-Auth-Token": "t" };
      const body = method === "POST" ? { body: "{}" } : {};
      const { seen, lines } = await stage.exchange(from, `${api}/api/${method}`, {
        method,
        headers,
        ...body,
      });
      assert.ok(!seen.blocked, method);
      assert.deepEqual(lines, [`OPTIONS /api/${method} 204`, `${method} /api/${method} 200`]);
    }
    const { seen, reached } = await stage.exchange(from, `${api}/api/users`, { method: "DELETE" });
    assert.ok(seen.blocked);
    assert.deepEqual(reached, []);
  });

  it("the preflight is cached for 24 hours, so a second PUT is sent immediately", async () => {
    const from = await stage.open(app);
    await stage.exchange(from, `${api}/api/users`, put);
    const { lines } = await stage.exchange(from, `${api}/api/users`, put);
    assert.deepEqual(lines, ["PUT /api/users 200"]);
  });

  it("requests carry and set cookies", async () => {
    const from = await stage.open(app);
    const session = () => stage.exchange(from, `${api}/api/session`, { credentials: "include" });
    const first = await session();
    assert.ok(!first.seen.blocked && first.seen.body === '{"cookie":null}');
    const second = await session();
    assert.ok(!second.seen.blocked && second.seen.body === '{"cookie":"session=s1"}');
  });

  it("a page of another origin is blocked", async () => {
    const { seen, lines, reached } = await stage.exchange(
      await stage.open(stranger),
      `${api}/api/users`,
      put,
    );
    assert.ok(seen.blocked);
    assert.deepEqual(lines, ["OPTIONS /api/users 403"]);
    assert.deepEqual(reached, []);
  });

  it("paths outside /api/ are unchanged, and the backend's own headers apply", async () => {
    const from = await stage.open(app);
    const silent = await stage.exchange(from, `${api}/other`);
    assert.ok(silent.seen.blocked);
    assert.equal(silent.reached.length, 1);
    assert.equal(silent.seen.told.wire[0]?.headers["access-control-allow-origin"], undefined);
    const open = await stage.exchange(await stage.open(stranger), `${api}/open`);
    assert.ok(!open.seen.blocked);
    assert.equal(open.seen.told.wire[0]?.headers["access-control-allow-origin"], "*");
    const asked = await stage.exchange(from, `${api}/other`, { method: "PUT" });
    assert.deepEqual(
      asked.reached.map((request) => request.method),
      ["OPTIONS"],
    );
  });

  it("use case 2, a public API: any page can read with the defaults, and with {$http_origin}", async () => {
    const from = await stage.open(stranger);
    for (const path of ["/public/data", "/mirror/data"]) {
      const { seen, lines } = await stage.exchange(from, `${cdn}${path}`, { method: "PATCH" });
      assert.ok(!seen.blocked, path);
      assert.deepEqual(lines, [`OPTIONS ${path} 204`, `PATCH ${path} 200`]);
      assert.equal(seen.told.wire[0]?.headers["access-control-max-age"], "3600");
    }
  });

  it("use case 3, a web font: the allowed page can load it", async () => {
    assert.equal(await loadFont(await stage.open(app), `${cdn}/fonts/mark.ttf`), "loaded");
  });

  it("use case 3, a web font: another page cannot load the same bytes, because of CORS", async () => {
    const from = await stage.open(stranger);
    const line = stage.gateway.logged.length;
    const lines: string[] = [];
    from.page.on("console", (message) => lines.push(message.text()));
    assert.equal(await loadFont(from, `${cdn}/fonts/mark.ttf`), "NetworkError");
    assert.equal((await stage.gateway.lines(line, 1))[0]?.refusal, "origin-not-allowed");
    assert.match(lines.join("\n"), /Access to font at .* blocked by CORS policy/);
  });

  it("use case 3, an image: the allowed page can read its pixels, and another page cannot", async () => {
    const url = `${cdn}/fonts/dot.svg`;
    assert.equal(await readImage(await stage.open(app), url), "255,0,0");
    assert.equal(await readImage(await stage.open(stranger), url), "blocked");
  });

  it("the file as printed, with its Markdown link, is refused with the place and the fix", async () => {
    const link = "[https://app.my-domain.com](https://app.my-domain.com)";
    const directory = await writeFiles({
      "plugin.cors-webapp.toml": pluginFile(link),
      "location.toml": locationFile,
    });
    try {
      const { code, stdout } = await check(directory);
      assert.equal(code, 1);
      const { ok, diagnostics } = JSON.parse(stdout);
      assert.equal(ok, false);
      const fault = diagnostics.find((one: { message: string }) => one.message.includes(link));
      assert.ok(fault, stdout);
      assert.match(fault.at.file, /plugin\.cors-webapp\.toml$/);
      assert.equal(fault.at.line, 7);
      assert.match(JSON.stringify(fault.fix), /https:\/\/app\.my-domain\.com/);
      assert.doesNotMatch(fault.fix.say, /\]\(/);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

/** CSS asks for a font under CORS, and Chromium uses it only if its bytes are a valid font. */
function loadFont(page: OpenPage, url: string): Promise<string> {
  return page.page.evaluate(async (source) => {
    try {
      const face = await new FontFace("Mark", `url("${source}")`).load();
      return face.status;
    } catch (error) {
      return (error as DOMException).name;
    }
  }, url);
}

/** The first pixel of an image that the page asks for under CORS, which a canvas lets it read. */
function readImage(page: OpenPage, url: string): Promise<string> {
  return page.page.evaluate(async (source) => {
    const image = new Image();
    image.crossOrigin = "anonymous";
    image.src = source;
    try {
      await image.decode();
    } catch {
      return "blocked";
    }
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d")!;
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, 1, 1).data.slice(0, 3).join(",");
  }, url);
}

function check(directory: string): Promise<{ code: number; stdout: string }> {
  const args = ["--conditions=source", corsway, "check", directory, "--format", "json"];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, stdout) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout });
    });
  });
}
