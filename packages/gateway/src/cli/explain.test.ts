// corsway explain, as a user runs it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { Readable } from "node:stream";
import path from "node:path";
import { test } from "node:test";
import { engines, reasonCodes } from "@corsway/cors/browser";
import { decodeMessage } from "@corsway/cors/explain";
import { askedApi } from "../../../../test/support/asked-api.ts";
import { good } from "../../../../test/support/config-folder.ts";
import { runCommand } from "../../../../test/support/terminal.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const page = "https://app.example.com";

const run = (...argv: readonly string[]) => runCommand("/", ["explain", ...argv]);

test("a readable request exits with 0, and the server receives what a browser would send", async (t) => {
  const { base, asked } = await askedApi(t, (request, response) => {
    response.setHeader("Access-Control-Allow-Origin", page);
    response.setHeader("Access-Control-Allow-Methods", "PUT");
    response.setHeader("Access-Control-Max-Age", "60");
    response.writeHead(request.method === "OPTIONS" ? 204 : 200).end();
  });
  const { code, out, err } = await run(
    `${base}/users`,
    "--origin",
    page,
    "-X",
    "PUT",
    "--body",
    "x=1",
  );
  assert.deepEqual([code, err], [0, ""]);
  assert.match(
    out,
    /^readable {2}PUT http.*\n {2}preflight {2}OPTIONS \/users → 204\n {2}actual {5}PUT \/users → 200\n/,
  );
  assert.match(out, /the preflight response is cached for 60 s\n/);
  assert.deepEqual(asked, ["OPTIONS /users", "PUT /users x=1"]);
});

test("a blocked request exits with 1, and a POST explained for four engines is sent once", async (t) => {
  const { base, asked } = await askedApi(t, (_request, response) => {
    response.setHeader("Access-Control-Allow-Origin", [page, "*"]);
    response.end("{}");
  });
  const { code, out } = await run(`${base}/users`, "--origin", page, "--body", "a");
  assert.equal(code, 1);
  assert.match(
    out,
    /there are 2 Access-Control-Allow-Origin lines:\s+`https:\/\/app\.example\.com` and `\*`/,
  );
  assert.match(out, /note {2}the server received the POST and has acted on it/);
  assert.deepEqual(asked, ["POST /users a"]);
});

test("a request with credentials is reported as sent without the browser's cookies", async (t) => {
  const { base } = await askedApi(t, (_request, response) => response.writeHead(302).end());
  const note = /note {2}a browser would send its cookies, but explain has none/;
  const include = await run(`${base}/`, "--origin", page, "--credentials", "include");
  assert.match(include.out, note);
  assert.doesNotMatch((await run(`${base}/`, "--origin", page)).out, note);
});

test("bytes that a client library would hide or repair are shown", async (t) => {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () =>
      socket.end(
        `HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: \u000b${page}\r\nContent-Length: 0\r\n\r\n`,
      ),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { code, out } = await run(url, "--origin", page);
  assert.equal(code, 1);
  assert.match(out, /`\\x0bhttps:\/\/app\.example\.com`/);
  assert.match(out, /an invisible byte/);
});

test("a recorded refusal that only credentials explain is treated as a request with credentials", async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, "session.har");
  const entry = {
    request: {
      method: "GET",
      url: "https://api.example.com/",
      headers: [{ name: "Origin", value: page }],
    },
    response: {
      status: 200,
      headers: [{ name: "Access-Control-Allow-Origin", value: "*" }],
      _error: "net::ERR_FAILED",
    },
  };
  writeFileSync(file, JSON.stringify({ log: { entries: [entry] } }));
  const { code, out } = await run("--har", file);
  assert.equal(code, 1);
  assert.match(out, /\(credentials: include\)/);
  assert.match(out, /must name the|the server must/);
  assert.match(out, /so that is assumed/);
  const without = await run("--har", file, "--credentials", "omit");
  assert.equal(without.code, 0);
  assert.doesNotMatch(without.out, /no cookies are in the recording/);
});

test("a recorded request that never reached the server is reported as such, exit 2", async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, "session.har");
  const failing = async (error: string) => {
    const headers = [{ name: "Origin", value: page }];
    const request = { method: "GET", url: "https://api.example.com/", headers };
    const entry = { request, response: { status: 0, headers: [], _error: error } };
    writeFileSync(file, JSON.stringify({ log: { entries: [entry] } }));
    return run("--har", file);
  };
  const refused = await failing("net::ERR_CONNECTION_REFUSED");
  assert.equal(refused.code, 2);
  assert.match(
    refused.err,
    /nothing is listening[^]*CORS was not checked\n {2}fix {3}check that the server is running/,
  );
  assert.match(
    (await failing("net::ERR_BLOCKED_BY_CLIENT")).err,
    /an extension or the browser's own/,
  );
  assert.match((await failing("net::ERR_FAILED")).err, /record again/);
});

test("--format json prints the documented shape and nothing more to stdout", async (t) => {
  const { base } = await askedApi(t, (_request, response) => response.end());
  const { code, out, err } = await run(`${base}/`, "--origin", page, "--format", "json");
  assert.deepEqual([code, err], [1, ""]);
  const json = JSON.parse(out) as Record<string, unknown>;
  assert.deepEqual(Object.keys(json), [
    "verdict",
    "reason",
    "says",
    "why",
    "rule",
    "sent",
    "engines",
    "wire",
    "trace",
    "exposedHeaders",
    "notes",
    "warnings",
    "remedy",
  ]);
  assert.equal(json["reason"], "acao-missing");
  assert.equal(json["sent"], true);
  assert.deepEqual(Object.keys(json["engines"] as object), Object.keys(engines));
  const remedy = json["remedy"] as { side: string; say: string; change: { to: string }[] }[];
  assert.deepEqual(Object.keys(remedy[0]!), ["side", "say", "change", "assumptions", "takesAway"]);
  assert.equal(remedy[0]!.change[0]!.to, page);
  const wire = json["wire"] as { request: object; response: object }[];
  assert.deepEqual(Object.keys(wire[0]!), ["request", "response"]);
  const named = await run(`${base}/`, "--origin", page, "--format", "json", "--engine", "webkit");
  assert.deepEqual(Object.keys((JSON.parse(named.out) as { engines: object }).engines), ["webkit"]);
});

test("a printed console message, pasted back, decodes to the same reason", async (t) => {
  const { base } = await askedApi(t, (_request, response) => response.end());
  const { out } = await run(`${base}/`, "--origin", page, "--format", "json");
  const json = JSON.parse(out) as { reason: string; engines: Record<string, { message?: string }> };
  for (const name of ["chromium", "firefox", "webkit"]) {
    const { message } = json.engines[name]!;
    const { code, out: decoded } = await run("--message", message!);
    assert.equal(code, 0);
    assert.match(decoded, /^acao-missing {2}http/);
  }
});

test("the decoder knows every message in the engine data", () => {
  for (const engine of Object.values(engines)) {
    for (const reason of reasonCodes) {
      const words = engine.messages.reasons[reason];
      if (words === undefined) continue;
      const { prefix, preflightPrefix, preflightReasons } = engine.messages;
      const before = prefix + (preflightReasons.includes(reason) ? preflightPrefix : "");
      const line = `${before}${words}`.replace(
        /\{(\w+)\}/g,
        (_, hole: string) => holes[hole] ?? "x",
      );
      assert.ok(decodeMessage(line) !== undefined, `${engine.name} ${reason}: ${line}`);
    }
    const { special, also } = engine.messages;
    for (const words of [
      ...special.flatMap(({ lines }) => lines),
      ...also.map(({ line }) => line),
    ]) {
      const line = words.replace(/\{(\w+)\}/g, (_, hole: string) => holes[hole] ?? "x");
      assert.ok(decodeMessage(line) !== undefined, `${engine.name}: ${line}`);
    }
  }
});

const holes: Readonly<Record<string, string>> = {
  api: "XMLHttpRequest",
  url: "file:///users",
  target: "file:///users",
  destination: "https://api.example.com/users",
  first: "https://api.example.com/users",
  said: `Origin ${page} is not allowed by Access-Control-Allow-Origin. Status code: 200`,
  socket: "wss://api.example.com/users",
  origin: page,
  status: "404",
  redirectedFrom: "",
  hint: "",
  credentialsHint: "",
};

test("--message explains every message of a pasted console log, in JSON as `more`", async () => {
  const line = (url: string): string =>
    `Access to fetch at '${url}' from origin '${page}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.`;
  const text = `${line("https://one.example/")}\n${line("https://two.example/")}`;
  const { out } = await run("--message", text);
  assert.match(
    out,
    /^acao-missing {2}https:\/\/one\.example.*[^]*\n\nacao-missing {2}https:\/\/two/,
  );
  const json = JSON.parse((await run("--message", text, "--format", "json")).out) as {
    url: string;
    more: { url: string }[];
  };
  assert.equal(json.url, "https://one.example/");
  assert.deepEqual(
    json.more.map(({ url }) => url),
    ["https://two.example/"],
  );
});

test("--dry-run prints the request bytes and sends nothing", async (t) => {
  const { base, asked } = await askedApi(t, (_request, response) => response.end());
  const { code, out } = await run(`${base}/u`, "--origin", page, "-H", "X-A: 1", "--dry-run");
  assert.equal(code, 0);
  assert.match(out, /OPTIONS \/u HTTP\/1\.1\n {4}Host: 127/);
  assert.match(out, /Access-Control-Request-Headers: x-a\n/);
  assert.match(out, /actual, if the preflight allows it/);
  const json = await run(
    `${base}/u`,
    "--origin",
    page,
    "-X",
    "PUT",
    "--dry-run",
    "--format",
    "json",
  );
  assert.equal((JSON.parse(json.out) as { wire: unknown[] }).wire.length, 2);
  assert.deepEqual(asked, []);
});

test("--config: applying the printed fix at its line and column makes the response readable", async (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": good });
  const asks = [
    "explain",
    "http://127.0.0.1:8080/orders",
    "--origin",
    "https://new.example.com",
    "--config",
    "corsway.toml",
  ];
  const before = await runCommand(cwd, asks);
  assert.equal(before.code, 1, before.err);
  const fix = /fix {3}corsway\.toml:(\d+):(\d+) {2}allow_origins = (.*)\n/.exec(before.out);
  assert.ok(fix !== null, before.out);
  const file = path.join(cwd, "corsway.toml");
  const lines = readFileSync(file, "utf8").split("\n");
  const line = Number(fix[1]) - 1;
  lines[line] = lines[line]!.slice(0, Number(fix[2]) - 1) + fix[3]!;
  writeFileSync(file, lines.join("\n"));
  const after = await runCommand(cwd, asks);
  assert.equal(after.code, 0, after.out);
  assert.match(after.out, /by {4}server `/);
});

test("--config: the fix is the origin, even though WebKit checks the status first", async (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": good });
  const asks = "explain http://127.0.0.1:8080/orders --origin https://new.example.com -X PUT";
  const { out } = await runCommand(cwd, `${asks} --config corsway.toml --engine webkit`.split(" "));
  assert.match(out, /the preflight response has status 403/);
  assert.match(
    out,
    /fix {3}corsway\.toml:\d+:\d+ {2}allow_origins = .*https:\/\/new\.example\.com/,
  );
});

test("--config: a method that no location accepts is reported, because the policy cannot allow it", async (t) => {
  const toml = good.replace('path = "/orders"', 'path = "/orders"\nmethods = ["GET"]');
  assert.notEqual(toml, good);
  const cwd = temporaryFolder(t, { "corsway.toml": toml });
  const asks = "explain http://127.0.0.1:8080/orders --origin https://app.example.com --config .";
  const note = /note {2}no location accepts DELETE at this path: the gateway responds with 404/;
  assert.match((await runCommand(cwd, `${asks} -X DELETE`.split(" "))).out, note);
  assert.doesNotMatch((await runCommand(cwd, asks.split(" "))).out, /no location takes/);
});

test("--config: a faulty file, an unknown server and a missing file are reported, exit 2", async (t) => {
  const cwd = temporaryFolder(t, {
    "corsway.toml": good,
    "bad.toml": "[policies.x]\nallow_origins = 3\n",
  });
  const asks = ["explain", "http://127.0.0.1:8080/", "--origin", page, "--config"];
  const faulty = await runCommand(cwd, [...asks, "bad.toml"]);
  assert.equal(faulty.code, 2);
  assert.match(faulty.err, /bad\.toml:2:17/);
  assert.equal((await runCommand(cwd, [...asks, "none.toml"])).code, 2);
  const server = await runCommand(cwd, [...asks, "corsway.toml", "--server", "nope"]);
  assert.equal(server.code, 2);
  assert.match(server.err, /there is no server `nope`/);
});

test("a request that cannot be sent is one clear line on stderr, exit 2, and stdout stays empty", async () => {
  const unreachable = ["https://no-such-host.invalid/", "--origin", page];
  const cases: [argv: string[], say: RegExp][] = [
    [unreachable, /cannot be resolved/],
    [[...unreachable, "--format", "json"], /cannot be resolved/],
    [["--message", "TypeError: Failed to fetch"], /says nothing by itself/],
    [["--har", "/no/such.har"], /there is no such file/],
  ];
  for (const [argv, say] of cases) {
    const { code, out, err } = await run(...argv);
    assert.deepEqual([code, out], [2, ""], err);
    assert.match(err, say);
    assert.doesNotMatch(err, /\n {4}at |undefined/);
  }
});

test("with several rules the output says which one answered, why earlier ones did not, and which to change", async (t) => {
  const cwd = temporaryFolder(t, {
    "corsway.toml": `[servers.public]
addr = "127.0.0.1:8080"
[upstreams.api]
addrs = ["127.0.0.1:5001"]
[locations.api]
upstream = "api"
cors = ["app", "public"]
[policies.app]
allow_origins = "${page}"
allow_methods = ["GET", "HEAD", "POST", "PUT"]
allow_credentials = true
[policies.public]
allow_origins = "*"
`,
  });
  const ask = async (...more: readonly string[]) => {
    const argv = ["explain", "http://127.0.0.1:8080/", "--config", "corsway.toml", ...more];
    return (await runCommand(cwd, argv)).out.replace(/\s+/g, " ");
  };
  const own = await ask("--origin", page, "--credentials", "include");
  assert.match(own, /^readable .* rule 1 of 2, policy `app` \(corsway\.toml:7:8\)/);
  assert.doesNotMatch(own, /did not apply/);
  const other = await ask("--origin", "https://b.example", "--credentials", "include");
  assert.match(other, /^blocked .* rule 2 of 2, policy `public` /);
  assert.match(other, /rule 1, `app`, did not apply: it does not allow `https:\/\/b\.example`/);
  // Not the rule for everybody, which would have to let every page send cookies.
  assert.match(other, /fix corsway\.toml:9:17 allow_origins = \[".*", "https:\/\/b\.example"\]/);
  const put = await ask("--origin", "https://b.example", "-X", "PUT");
  assert.match(put, /fix corsway\.toml:13:17 add allow_methods = \["GET", "HEAD", "POST", "PUT"\]/);
});

test("a write refused by on_mismatch is reported as refused and not carried out", async (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": `${good}on_mismatch = "reject-writes"\n` });
  const argv = ["explain", "http://127.0.0.1:8080/orders", "--config", "corsway.toml"];
  const post = await runCommand(cwd, [...argv, "--origin", "https://evil.example", "-X", "POST"]);
  const text = post.out.replace(/\s+/g, " ");
  assert.match(text, /POST \/orders → 403/);
  assert.match(text, /the upstream never receives the request: `on_mismatch` is `reject-writes`/);
  assert.match(text, /the server received the POST and refused it with 403/);
  assert.doesNotMatch(text, /acted on it/);
  const get = await runCommand(cwd, [...argv, "--origin", "https://evil.example"]);
  assert.doesNotMatch(get.out, /never receives the request/);
});

test("if no rule allows the origin, the last rule refuses it", async (t) => {
  const text = `${good}[policies.partner]\nallow_origins = "https://partner.example"\n`;
  const cwd = temporaryFolder(t, {
    "corsway.toml": text.replace('cors = "webapp"', 'cors = ["webapp", "partner"]'),
  });
  const argv = ["explain", "http://127.0.0.1:8080/orders", "--config", "corsway.toml"];
  const { out } = await runCommand(cwd, [...argv, "--origin", "https://evil.example"]);
  assert.match(out, /rule 2 of 2, policy `partner`/);
  assert.match(out.replace(/\s+/g, " "), /none of the 2 rules allows `https:\/\/evil\.example`/);
});

test("common mistakes are reported with a suggestion, exit 2", async () => {
  const url = "https://api.example.com/";
  const cases: [argv: string[], say: RegExp][] = [
    [[], /there is no URL/],
    [[url], /--origin is missing/],
    [
      ["api.example.com/u", "--origin", page],
      /has no scheme\n {2}fix {3}write `https:\/\/api\.example\.com\/u`/,
    ],
    [["localhost:3000/u", "--origin", page], /write `http:\/\/localhost:3000\/u`/],
    [
      ["localhost.evil.example/u", "--origin", page],
      /write `https:\/\/localhost\.evil\.example\/u`/,
    ],
    [["127.evil.example/u", "--origin", page], /write `https:\/\/127\.evil\.example\/u`/],
    [["//api.example.com/", "--origin", page], /write `https:\/\/api\.example\.com\/`/],
    [["https://", "--origin", page], /is not a URL/],
    [
      [url, "--origin", `${page}/`],
      /is not an origin\n.*\n {2}fix {3}write `https:\/\/app\.example\.com`/,
    ],
    [[url, "--origin", "file:///C:/page.html"], /a page opened from a file has the origin `null`/],
    [[url, "--origin", "tauri://localhost/"], /write `tauri:\/\/localhost`/],
    [[url, "--origin", "localhost:3000"], /write `http:\/\/localhost:3000`/],
    [[url, "--origin", "App.Example.com"], /write `https:\/\/app\.example\.com`/],
    [[url, "--origin", "https://app.example.com:443"], /write `https:\/\/app\.example\.com`/],
    [[url, "--origin", page, "-X", "GE T"], /`GE T` is not a method/],
    [[url, "--origin", page, "-H", "X-A"], /`X-A` is not a header/],
    [[url, "--origin", page, "--mode", "nocors"], /Allowed choices are cors, no-cors, same-origin/],
    [[url, "--origin", page, "--har", "x", "--config", "y"], /cannot be combined/],
    [[url, "--origin", page, "--config", "y", "--upstream-status", "99"], /not a status/],
    [[url, "--origin", page, "--server", "public"], /--server is for --config/],
    [[url, "--origin", page, "--upstream-header", "A: b"], /--upstream-header is for --config/],
    [["--har", "x.har", "-H", "A: b"], /--header cannot be combined with --har/],
    [["--har", "x.har", "--dry-run"], /--dry-run cannot be combined with --har/],
    [
      [url, "--origin", page, "--config", "x.toml", "--dry-run"],
      /--dry-run cannot be combined with --config/,
    ],
  ];
  for (const [argv, say] of cases) {
    const { code, out, err } = await run(...argv);
    assert.equal(code, 2, err);
    assert.equal(out, "");
    assert.match(err, say);
  }
});

const asksX = ["https://api.example.com/x", "--origin", page, "--answer", "-"];
const piped = (text: string, ...argv: readonly string[]) =>
  runCommand("/", ["explain", ...argv], { input: Readable.from([Buffer.from(text)]) });

test("--answer reads a copied status line and headers, and names the cause", async () => {
  const cases: [text: string, argv: string[], code: number, says: RegExp][] = [
    [
      "200\nAge: 583098\nX-Cache: Hit from cloudfront\nVary: Accept-Encoding",
      [],
      1,
      /came from a\s+cache .*\n.*`Origin`[^]*fix {3}send `Vary: Origin`/,
    ],
    [
      `200\nAccess-Control-Allow-Origin: ${page}\nCache-Control: max-age=31536000`,
      [],
      0,
      /^readable[^]*warn {2}.*without `Vary: Origin`/,
    ],
    ["OPTIONS 502", ["-X", "PUT"], 1, /fails on OPTIONS \(502\)/],
    [
      "OPTIONS 403\nVary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
      ["-X", "PUT"],
      1,
      /refused the origin, the method or a\s+header/,
    ],
    [
      "301\nLocation: /x/\n\n200\nAccess-Control-Allow-Origin: *",
      [],
      1,
      /request\s+`https:\/\/api\.example\.com\/x\/` directly/,
    ],
    [
      "HTTP/1.1 302 Found\r\nLocation: https://login.example/oauth2/start\r\n\r\n",
      ["--credentials", "include"],
      1,
      /fix {3}respond with 401 and/,
    ],
    [
      `200\nAccess-Control-Allow-Origin: ${page}\nAccess-Control-Allow-Credentials: true\nAccess-Control-Allow-Credentials: true`,
      ["--credentials", "include"],
      1,
      /appears twice/,
    ],
    ["access-control-allow-origin:\n*\ncontent-type:\napplication/json", [], 0, /^readable/],
    [
      "HTTP/2 204\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT\n\nHTTP/2 200\naccess-control-allow-origin: *\n\n{}",
      ["-X", "PUT"],
      0,
      /^readable {2}PUT/,
    ],
    [
      "200\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: PUT",
      ["-X", "PUT"],
      0,
      /the one answer was used for both the preflight and the\s+request/,
    ],
  ];
  for (const [text, argv, code, says] of cases) {
    const said = await piped(text, ...asksX, ...argv);
    assert.equal(said.code, code, `${text}\n${said.out}${said.err}`);
    assert.match(said.out, says, text);
  }
});

test("--answer: an unreadable line is named, and missing parts are not invented", async () => {
  const cases: [text: string, argv: string[], says: RegExp][] = [
    ["what is\nthis", [], /line 1: `what is` is not a header[^]*line 2/],
    ["", [], /nothing was piped in/],
    ["\n\n", [], /no status line and no header/],
    ["OPTIONS 204\nAccess-Control-Allow-Origin: *", [], /the answer to GET .* is not in the text/],
    ["GET 200", ["-X", "PUT"], /the answer to OPTIONS .* is not in the text[^]*curl -v -X OPTIONS/],
  ];
  for (const [text, argv, says] of cases) {
    const { code, out, err } = await piped(text, ...asksX, ...argv);
    assert.deepEqual([code, out], [2, ""], text);
    assert.match(err, says, text);
    assert.doesNotMatch(err, /\n {4}at |undefined/);
  }
  const none = await run("https://a.example/", "--origin", page, "--answer", "/no/such.txt");
  assert.match(none.err, /the file does not exist/);
  const both = await run("--answer", "x", "--har", "y");
  assert.match(both.err, /--har and --answer cannot be combined/);
});

const transcript = `* Connected to api.example.com (1.2.3.4) port 443
* ALPN: curl offers h2,http/1.1
> OPTIONS /users?q=1 HTTP/2
> Host: api.example.com
> User-Agent: curl/8.5.0
> Origin: ${page}
> Access-Control-Request-Method: PUT
> Access-Control-Request-Headers: content-type,x-a
>
< HTTP/2 204
< access-control-allow-origin: ${page}
< access-control-allow-methods: PUT
<
* Connection #0 to host api.example.com left intact
`;

test("--transcript reads the page's request from the output of curl -v", async () => {
  const { code, out } = await piped(transcript, "--transcript", "-");
  assert.equal(code, 1);
  assert.match(
    out,
    /^blocked {2}PUT https:\/\/api\.example\.com\/users\?q=1 {2}from https:\/\/app/,
  );
  assert.match(out, /`content-type` and `x-a`/);
  const plain = `> GET / HTTP/1.1\n> Host: 127.0.0.1:8080\n>\n< HTTP/1.1 200 OK\n< Content-Type: text/html\n<\n`;
  const without = await piped(plain, "--transcript", "-");
  assert.equal(without.code, 2);
  assert.match(without.err, /does not show the page's origin/);
  const named = await piped(plain, "--transcript", "-", "--origin", page);
  assert.equal(named.code, 1);
  assert.match(named.out, /GET http:\/\/127\.0\.0\.1:8080\/[^]*was sent without `Origin`/);
});

test("`-` reads a message or a recording from stdin, and --origin fills in what a message omits", async () => {
  const message = await piped("CORS Missing Allow Origin\n", "--message", "-", "--origin", page);
  assert.equal(message.code, 0);
  assert.match(message.out, /^acao-missing {2}from https:\/\/app[^]*Allow-Origin: https:\/\/app/);
  const har = await piped('{"log":{"entries":[]}}', "--har", "-");
  assert.equal(har.code, 2);
  assert.doesNotMatch(har.err, /file/);
  const wrong = await run("--message", "CORS Missing Allow Origin", "--origin", "app.example.com");
  assert.match(wrong.err, /is not an origin/);
});

test("--config: for a page with cookies and a public policy, the fix adds a rule and removes no access", async (t) => {
  const toml = `[global]
cors = "public"

[policies.public]
allow_origins = "*"
allow_methods = ["GET"]

[servers.public]
addr = "127.0.0.1:8080"

[upstreams.api]
addrs = ["127.0.0.1:5001"]

[locations.api]
upstream = "api"
`;
  const fixed = `${toml.replace('cors = "public"', 'cors = ["with-credentials", "public"]')}
[policies.with-credentials]
allow_origins = ["${page}"]
allow_methods = ["GET", "PUT"]
allow_credentials = true
allow_headers = ["X-A"]
`;
  const cwd = temporaryFolder(t, { "corsway.toml": toml, "fixed.toml": fixed });
  const asks = ["explain", "http://127.0.0.1:8080/", "--credentials", "include", "--origin", page];
  const put = [...asks, "-X", "PUT", "-H", "X-A: 1", "--config"];
  const before = await runCommand(cwd, [...put, "corsway.toml"]);
  assert.equal(before.code, 1);
  for (const line of fixed.split("[policies.with-credentials]\n")[1]!.trim().split("\n"))
    assert.ok(
      before.out.includes(`policy \`with-credentials\`: ${line}\n`),
      `${line}\n${before.out}`,
    );
  assert.match(before.out, /corsway\.toml:2:8 {2}cors = \["with-credentials", "public"\]\n/);
  assert.doesNotMatch(before.out, /removes\s+access/);
  assert.equal((await runCommand(cwd, [...put, "fixed.toml"])).code, 0);
});

test("--message: the first line says if the cause is not CORS, if the request passes today, or both", async () => {
  const refused =
    "Refused to connect to 'https://a.example/' because it violates the following Content Security Policy directive: \"connect-src 'self'\".";
  const cases: [text: string, first: RegExp][] = [
    [refused, /^not CORS: csp-blocked {2}https:/],
    [`[Report Only] ${refused}`, /^not CORS, passes today: csp-blocked {2}https:/],
    [
      "Authorization will not be covered by the wildcard symbol (*) in the CORS `Access-Control-Allow-Headers` handling.",
      /^passes today: header-not-allowed/,
    ],
  ];
  for (const [text, first] of cases) assert.match((await run("--message", text)).out, first);
});
