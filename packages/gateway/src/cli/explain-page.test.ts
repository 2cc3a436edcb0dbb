// corsway explain with --as, --crossorigin, --read, --curl, --upload and --preflights: how a page asks, and what it can
// read.

import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import path from "node:path";
import { test } from "node:test";
import { askedApi } from "../../../../test/support/asked-api.ts";
import { good } from "../../../../test/support/config-folder.ts";
import { runCommand } from "../../../../test/support/terminal.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const page = "https://app.example.com";

const run = (...argv: readonly string[]) => runCommand("/", ["explain", ...argv]);

test("--as: each initiator has its own mode and credentials", async (t) => {
  const { base } = await askedApi(t, (_request, response) => response.end("x"));
  const ask = (...flags: readonly string[]) => run(`${base}/cat`, "--origin", page, ...flags);
  const img = await ask("--as", "img");
  assert.equal(img.code, 0);
  assert.match(img.out, /^opaque .*\(as: img\)\n[^]*it can be shown but not read[^]*taints the/);
  const anonymous = await ask("--as", "img", "--crossorigin", "anonymous");
  assert.equal(anonymous.code, 1);
  assert.match(
    anonymous.out,
    /^blocked .*as: img, crossorigin: anonymous[^]*has no Access-Control/,
  );
  const worker = await ask("--as", "worker");
  assert.equal(worker.code, 1);
  assert.match(worker.out, /workers are same-origin only[^]*nothing was sent/);
  const socket = await ask("--as", "websocket");
  assert.match(socket.out, /handshake\s+with\s+200/);
});

test("--as websocket opens a real socket if the server answers 101, and only then", async (t) => {
  const server = createServer();
  server.on("upgrade", (request, socket) => {
    const isListed = request.headers.origin === page;
    socket.end(
      isListed
        ? "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
        : "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/live`;
  const opened = await run(url, "--origin", page, "--as", "websocket");
  assert.deepEqual([opened.code, opened.err], [0, ""]);
  assert.match(opened.out, /gets an open WebSocket/);
  const refused = await run(url, "--origin", "https://evil.example", "--as", "websocket");
  assert.equal(refused.code, 1);
  assert.match(refused.out, /handshake\s+with\s+403/);
});

test("--as websocket with --config is decided by the location's origins", async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, "corsway.toml"), good);
  const ask = (origin: string) =>
    runCommand(folder, [
      "explain",
      "ws://127.0.0.1:8080/orders",
      "--origin",
      origin,
      "--as",
      "websocket",
      "--config",
      "corsway.toml",
    ]);
  const other = await ask("https://evil.example");
  assert.equal(other.code, 1, other.err);
  assert.match(other.out, /handshake\s+with\s+403/);
});

test("a flag that does not apply to an initiator is refused with the one to use instead", async () => {
  const refuse = async (...flags: readonly string[]) => {
    const { code, err } = await run("https://api.example.com/", "--origin", page, ...flags);
    assert.equal(code, 2);
    return err;
  };
  assert.match(await refuse("--as", "img", "-X", "PUT"), /`--as img` has no --method PUT\n.*GET/);
  assert.match(
    await refuse("--as", "img", "--credentials", "include"),
    /no --credentials\n.*--crossorigin/,
  );
  assert.match(await refuse("--crossorigin", "anonymous"), /use --credentials/);
  assert.match(await refuse("--as", "font", "-H", "X-A: 1"), /no --header/);
});

test("--read reports whether the page can read a header and why, exit 1 if it cannot", async (t) => {
  const { base } = await askedApi(t, (_request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Expose-Headers", "X-Page");
    response.setHeader("X-Page", "1");
    response.setHeader("X-Total", "9");
    response.end("x");
  });
  const read = async (name: string) => {
    const json = await run(base, "--origin", page, "--read", name, "--format", "json");
    const { read } = JSON.parse(json.out) as { read: { because: string; readable: boolean } };
    assert.equal(json.code, read.readable ? 0 : 1);
    return read.because;
  };
  assert.equal(await read("X-Page"), "exposed");
  assert.equal(await read("X-Total"), "not-exposed");
  assert.equal(await read("Content-Length"), "safelisted");
  assert.equal(await read("Set-Cookie"), "forbidden");
  assert.equal(await read("X-None"), "absent");
  const { out } = await run(base, "--origin", page, "--read", "X-Total");
  assert.match(
    out,
    /read {2}the page cannot read `x-total`[^]*Access-Control-Expose-Headers: x-total`/,
  );
});

test("--curl reads a copied cURL command or fetch call as the page's request", async (t) => {
  const { base, asked } = await askedApi(t, (request, response) => {
    response.setHeader("Access-Control-Allow-Origin", page);
    response.setHeader("Access-Control-Allow-Headers", "content-type, x-token");
    response.setHeader("Access-Control-Allow-Credentials", "true");
    response.writeHead(request.method === "OPTIONS" ? 204 : 200).end();
  });
  const curl = `curl '${base}/users' -H 'origin: ${page}' -H 'x-token: 1' -H 'content-type: application/json' --data-raw '{"a":1}'`;
  const typed = await run("--curl", curl);
  assert.deepEqual([typed.code, typed.err], [0, ""]);
  assert.match(typed.out, /^readable {2}POST /);
  const call = `fetch("${base}/users", { "headers": { "x-token": "1" }, "credentials": "include" });`;
  const piped = await runCommand("/", ["explain", "--curl", "-", "--origin", page], {
    input: Readable.from([Buffer.from(call)]),
  });
  assert.deepEqual([piped.code, piped.err], [0, ""]);
  assert.match(piped.out, /credentials: include/);
  assert.deepEqual(asked, [
    "OPTIONS /users",
    'POST /users {"a":1}',
    "OPTIONS /users",
    "GET /users",
  ]);
});

test("--curl: unreadable input is reported in one sentence, exit 2", async () => {
  const refuse = async (...flags: readonly string[]) => {
    const { code, out, err } = await run(...flags);
    assert.deepEqual([code, out], [2, ""]);
    assert.doesNotMatch(err, /\n {4}at /);
    return err;
  };
  assert.match(
    await refuse("--curl", "wget x"),
    /not a cURL command, a `fetch\(…\)` call or an Invoke-WebRequest/,
  );
  assert.match(await refuse("--curl", "fetch("), /fix/);
  assert.match(await refuse("--curl", "curl 'unclosed"), /fix/);
  assert.match(await refuse("--curl", "curl https://api.example.com/"), /--origin is missing/);
  assert.match(await refuse("--curl", "-"), /nothing was piped in/);
  assert.match(await refuse("--curl", "curl x", "--har", "a.har"), /--curl cannot be combined/);
});

test("--cookie goes to the server only if a browser would send it", async (t) => {
  const seen: (string | undefined)[] = [];
  const { base } = await askedApi(t, (request, response) => {
    seen.push(request.headers.cookie);
    response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
    response.setHeader("Access-Control-Allow-Credentials", "true");
    response.end("x");
  });
  const ask = (origin: string) =>
    run(base, "--origin", origin, "--credentials", "include", "--cookie", "sid=1; SameSite=Lax");
  const near = await ask("http://127.0.0.1:1");
  assert.match(near.out, /cookie {2}`sid` is sent/);
  assert.doesNotMatch(near.out, /explain has none/);
  const far = await ask(page);
  assert.match(far.out, /readable, but without `sid`: it is `SameSite=Lax`/);
  assert.deepEqual(seen, ["sid=1", undefined]);
  const bad = await run(base, "--origin", page, "--cookie", "sid");
  assert.equal(bad.code, 2);
  assert.match(bad.err, /`sid` is not a cookie/);
});

test("--preflights: what a recorded session costs in each engine, and what saves it", async (t) => {
  const origin = { name: "Origin", value: page };
  const allow = [
    { name: "Access-Control-Allow-Origin", value: page },
    { name: "Access-Control-Allow-Headers", value: "x-token" },
    { name: "Access-Control-Max-Age", value: "1" },
  ];
  const entry = (i: number, method: string, headers: readonly object[]) => ({
    startedDateTime: new Date(1_700_000_000_000 + i * 10_000).toISOString(),
    request: { method, url: `https://api.example.com/${i % 2}`, headers: [origin, ...headers] },
    response: { status: 200, headers: allow },
  });
  // Ten requests to two URLs, ten seconds apart.
  const asked = [
    { name: "Access-Control-Request-Method", value: "GET" },
    { name: "Access-Control-Request-Headers", value: "x-token" },
  ];
  const entries = [0, 1].map((i) => entry(i, "OPTIONS", asked));
  for (let i = 0; i < 10; i++) entries.push(entry(i, "GET", [{ name: "x-token", value: "1" }]));
  const folder = temporaryFolder(t, { "session.har": JSON.stringify({ log: { entries } }) });
  const argv = ["explain", "--har", "session.har", "--preflights"];
  const { code, out, err } = await runCommand(folder, [...argv, "--format", "json"]);
  assert.deepEqual([code, err], [0, ""]);
  const cost = JSON.parse(out) as {
    requests: number;
    urls: number;
    preflights: Record<string, number>;
    savings: { kind: string; preflights: Record<string, number> }[];
  };
  assert.deepEqual([cost.requests, cost.urls, cost.preflights["chromium"]], [10, 2, 10]);
  const savings = cost.savings.map(({ kind, preflights }) => [kind, preflights["webkit"]]);
  assert.deepEqual(savings, [
    ["max-age", 2],
    ["header", 0],
    ["same-origin", 0],
  ]);
  const text = await runCommand(folder, argv);
  assert.match(text.out, /^10 cross-origin requests to 2 URLs: preflights 10 in Chromium, /);
  const alone = await run("--preflights");
  assert.equal(alone.code, 2);
  assert.match(alone.err, /--preflights needs a session/);
});

test("--preflights of a list of URLs: with given answers, a configuration, or neither", async (t) => {
  const folder = temporaryFolder(t, {
    "urls.txt":
      "# the session\r\nPUT http://127.0.0.1:8080/orders\r\n\r\nPUT http://127.0.0.1:8080/orders\r\nhttp://127.0.0.1:8080/orders\r\n",
    "answer.txt": `OPTIONS 204\nAccess-Control-Allow-Origin: ${page}\nAccess-Control-Allow-Methods: PUT\nAccess-Control-Max-Age: 60\n`,
    "bad.txt": "orders\nGET\nPUT https://a.test/ x\n",
    "corsway.toml": good,
  });
  const count = async (...flags: readonly string[]) => {
    const argv = ["explain", "--preflights", "urls.txt", "--origin", page, "--format", "json"];
    const { code, out, err } = await runCommand(folder, [...argv, ...flags]);
    assert.deepEqual([code, err], [0, ""]);
    const { requests, preflights, savings, notes } = JSON.parse(out) as {
      requests: number;
      preflights: Record<string, number>;
      savings: { kind: string; preflights: Record<string, number> }[];
      notes: { text: string }[];
    };
    assert.equal(requests, 3);
    assert.match(notes[0]!.text, /10 s apart/);
    return [preflights["chromium"], savings[0]!.kind, savings[0]!.preflights["chromium"]];
  };
  assert.deepEqual(await count(), [2, "max-age", 1]);
  assert.deepEqual(await count("-H", "X-A: 1"), [3, "max-age", 1]);
  assert.deepEqual(await count("--answer", "answer.txt"), [1, "same-origin", 0]);
  assert.equal((await count("--config", "corsway.toml"))[1], "same-origin");

  const piped = await runCommand(folder, ["explain", "--preflights", "-", "--origin", page], {
    input: Readable.from([Buffer.from("DELETE https://api.example.com/a\n")]),
  });
  assert.match(piped.out, /^1 cross-origin request to 1 URL: preflights 1 in Chromium/);
  const refused = async (...argv: readonly string[]) => {
    const { code, err } = await runCommand(folder, ["explain", "--preflights", ...argv]);
    assert.equal(code, 2);
    return err;
  };
  assert.match(
    await refused("bad.txt", "--origin", page),
    /line 1: `orders` has no scheme; line 2: .*; line 3: it is not `URL` or `METHOD URL`/,
  );
  assert.match(await refused("urls.txt"), /--origin is missing/);
  assert.match(await refused("urls.txt", "--har", "x.har"), /cannot be combined/);
  assert.match(await refused("none.txt", "--origin", page), /does not exist/);
});

test("--upload: an upload listener or a stream forces a preflight", async () => {
  const ask = (...flags: readonly string[]) =>
    run("https://api.example.com/", "--origin", page, "--dry-run", ...flags);
  const plain = await ask("-X", "POST", "--body", "x");
  assert.doesNotMatch(plain.out, /preflight/);
  const listener = await ask("-X", "POST", "--body", "x", "--upload", "listener");
  assert.match(listener.out, /preflight, to[^]*Access-Control-Request-Method: POST\n/);
  const stream = await ask("--upload", "stream");
  assert.match(stream.out, /^dry run {2}POST [^]*preflight, to/);
  const blocked = await runCommand(
    "/",
    [
      "explain",
      "https://api.example.com/",
      "--origin",
      page,
      "--upload",
      "listener",
      "--answer",
      "-",
    ],
    { input: Readable.from([Buffer.from("OPTIONS 404\n")]) },
  );
  assert.match(blocked.out, /remove the listener on `xhr\.upload`/);
  const wrong = await ask("--upload", "listener", "--as", "fetch");
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /only an XMLHttpRequest has upload listeners/);
});

test("--config: what is outside of it is assumed and said, and a setting that decides is named", async (t) => {
  const part = (cors: string): string =>
    `[policies.webapp]\nallow_origins = ["${page}"]\n[servers.public]\naddr = "127.0.0.1:8080"\n[upstreams.api]\naddrs = ["127.0.0.1:5001"]\n[locations.api]\npath = "/x"\nupstream = "api"\n${cors}\n`;
  const folder = temporaryFolder(t, {
    "policy.toml": part('cors = "webapp"'),
    "closed.toml": part("cors = false"),
    "upstream.toml": part('cors = "upstream"'),
    "none.toml": part(""),
  });
  const ask = async (file: string, ...flags: readonly string[]) => {
    const url = flags[0]?.startsWith("http") === true ? [] : ["http://127.0.0.1:8080/x"];
    const argv = ["explain", ...url, ...flags, "--origin", page, "--config", file];
    return (await runCommand(folder, argv)).out;
  };
  const upstream = (status: string, header: string): readonly string[] => [
    "--upstream-status",
    status,
    "--upstream-header",
    header,
  ];
  const login = "https://login.example.org/oauth2/authorize";
  const elsewhere = await ask("policy.toml", ...upstream("302", `Location: ${login}`));
  assert.match(
    elsewhere,
    /`login\.example\.org` is not in this configuration[^]*a page for people/,
  );
  assert.doesNotMatch(elsewhere, /hosts = /);
  const slash = await ask("policy.toml", ...upstream("301", "Location: /x/"));
  assert.match(slash, /^readable .*[^]*assumed\s+to\s+respond\s+with\s+a\s+bare\s+200/);
  const read = await ask("policy.toml", "--read", "X-A", "--upstream-header", "X-A: 1");
  assert.match(read, /fix {3}policy\.toml:2:17 add expose_headers = \["x-a"\]/);
  assert.match(await ask("closed.toml"), /why {3}`cors = false` denies access/);
  assert.match(await ask("upstream.toml"), /why {3}`cors = "upstream"` leaves CORS/);
  assert.match(await ask("none.toml"), /why {3}location `api` has no policy/);
  assert.match(
    await ask("none.toml", "http://127.0.0.1:8080/y"),
    /why {3}no location of the server/,
  );
});
