// explain --transcript and --answer: the forms in which people have an exchange.

import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { runCommand } from "../../../../test/support/terminal.ts";

const origin = "https://app.example.com";

function pasted(text: string, ...argv: readonly string[]) {
  const input = Readable.from([Buffer.from(text)]);
  return runCommand("/", ["explain", ...argv], { input });
}

const exchange = `> GET /x HTTP/1.1
> Host: api.example.com
> Origin: ${origin}
>
< HTTP/1.1 200 OK
< Access-Control-Allow-Origin: https://other.example
<
{}`;
const mismatch =
  /^blocked {2}GET https:\/\/api\.example\.com\/x {2}from https:\/\/app[^]*is `https:\/\/other\.example`/;

test("a transcript is read through a fence, a quotation, an indentation and a progress meter", async () => {
  const lines = exchange.split("\n");
  const meter = "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0";
  for (const text of [
    `\`\`\`\n${exchange}\n\`\`\``,
    lines
      .slice(0, -1)
      .map((line) => `> ${line}`)
      .join("\n"),
    lines.map((line) => `    ${line}`).join("\n"),
    lines.map((line) => (line.startsWith("< H") ? meter + line : line)).join("\n"),
    `$ curl -sv https://api.example.com/x -H 'Origin: ${origin}'\n${exchange}`,
    `> CONNECT api.example.com:443 HTTP/1.1\n> Host: api.example.com:443\n>\n< HTTP/1.1 200 OK\n<\n${exchange}`,
  ]) {
    const { out, err } = await pasted(text, "--transcript", "-");
    assert.equal(err, "", text);
    assert.match(out, mismatch, text);
  }
});

test("http or https: as the text shows it, and otherwise https, which is said", async () => {
  const said = async (text: string): Promise<string> =>
    (await pasted(text, "--transcript", "-")).out;
  const assumed = /https is assumed/;
  assert.match(await said(exchange), assumed);
  assert.doesNotMatch(await said(exchange), /Mixed Content/);
  for (const shown of [
    `* SSL connection using TLSv1.3\n${exchange}`,
    exchange.replaceAll("HTTP/1.1", "HTTP/2"),
    `* [HTTP/2] [1] OPENED stream for https://api.example.com/x\n${exchange}`,
    `$ curl -v https://api.example.com/x\n${exchange}`,
  ])
    assert.doesNotMatch(await said(shown), assumed, shown);
  const local = exchange.replace("Host: api.example.com", "Host: localhost:8000");
  const asked = await said(local.replace(origin, "http://localhost:3000"));
  assert.match(asked, /^blocked {2}GET http:\/\/localhost:8000\/x/);
  const plain = exchange.replace(origin, "http://app.example.com");
  const port80 = await said(`* Connected to api.example.com (203.0.113.5) port 80\n${plain}`);
  assert.match(port80, /^blocked {2}GET http:\/\/api/);
});

test("what the command above an answer says describes the page", async () => {
  const text = `$ curl -i -X PUT https://api.example.com/x -H "Origin: ${origin}" \\
    -H 'X-A: 1'
HTTP/1.1 204 No Content
Access-Control-Allow-Origin: ${origin}
Access-Control-Allow-Methods: PUT
`;
  const { out } = await pasted(text, "--transcript", "-");
  assert.match(out, /^blocked {2}PUT https:\/\/api\.example\.com\/x[^]*`x-a` is not\s+in/);
});

test("cookies in a transcript are credentials, and curl's own failure is passed on", async () => {
  const cookies = exchange
    .replace("> Origin", "> Cookie: sid=1\n> Origin")
    .replace("https://other.example", "*");
  const { out } = await pasted(cookies, "--transcript", "-");
  assert.match(out, /credentials: include\)[^]*is\s+assumed[^]*`\*` never covers/);
  const failed = await pasted(
    "*   Trying 203.0.113.5:443...\n* closing connection\ncurl: (7) Failed to connect to api.example.com port 443\n",
    "--transcript",
    "-",
  );
  assert.deepEqual([failed.code, failed.out], [2, ""]);
  assert.match(failed.err, /curl got no response \(Failed to connect to api/);
});

test("a missing preflight is asked for with every header, and a plain OPTIONS is not one", async () => {
  const missing = await pasted(
    exchange.replace("> Origin", "> Authorization: Basic YTpi\n> Origin"),
    "--transcript",
    "-",
  );
  assert.match(missing.err, /-H 'Access-Control-Request-Headers: authorization'/);
  const open = exchange.replace("https://other.example", "*");
  const plain = await pasted(open.replace("GET", "OPTIONS"), "--transcript", "-");
  assert.match(plain.err, /is not a preflight/);
});

test("HTTP/2's own headers are the request line", async () => {
  const { out } = await pasted(
    `:authority:api.example.com\n:method:OPTIONS\n:path:/x\n:scheme:https\naccess-control-request-headers:authorization\naccess-control-request-method:GET\norigin:${origin}\n\nHTTP/2 200\naccess-control-allow-origin: ${origin}\n`,
    "--transcript",
    "-",
  );
  assert.match(out, /^blocked {2}GET https:\/\/api\.example\.com\/x[^]*`authorization` is not/);
});

test("an answer as DevTools, other tools and programs show it", async () => {
  const named = "Access-Control-Allow-Origin";
  for (const text of [
    `Request URL\nhttps://api.example.com/x\nRequest Method\nGET\nStatus Code\n200 OK\nReferrer Policy\nno-referrer\n${named.toLowerCase()}\nhttps://other.example\ncontent-type\ntext/html`,
    `Request URL: https://api.example.com/x\nRequest Method: GET\nStatus Code: 200 OK\nRemote Address: 203.0.113.5:443\n${named}: https://other.example`,
    `General\nRequest URL\nhttps://api.example.com/x\nStatus Code\n200 OK\nResponse Headers\n${named}: https://other.example\nRequest Headers\nOrigin: ${origin}\nX-A: 1`,
    `${named.toLowerCase()}:\nhttps://other.example\ncontent-type:\ntext/html`,
    `:status: 200\n${named}: https://other.example`,
    `{"${named}": "https://other.example", "content-type": "text/html"}`,
    `{'${named}': 'https://other.example'}`,
    `{"Response Headers (9 B)":{"headers":[{"name":"${named}","value":"https://other.example"}]}}`,
    `Content-Type → text/html\n${named} → https://other.example`,
    `--2026-11-28 10:00:00--  https://api.example.com/x\nHTTP request sent, awaiting response...\n  HTTP/1.1 200 OK\n  ${named}: https://other.example\nLength: 2 [text/html]`,
    `StatusCode        : 200\nContent           : {}\nRawContent        : HTTP/1.1 200 OK\n                    ${named}: https://other.example\n                    \n                    {}\nHeaders           : {[Connection, keep-alive]}`,
    `HTTP/1.1 200 OK\nContent-Security-Policy: default-src 'self';\n script-src 'self'\n${named}: https://other.example`,
  ]) {
    const page = ["https://api.example.com/x", "--origin", origin];
    const said = await pasted(text, ...page, "--answer", "-");
    assert.equal(said.err, "", text);
    assert.match(said.out, mismatch, text);
  }
});

test("white space that a header may not end in is kept", async () => {
  const page = ["https://api.example.com/x", "--origin", origin];
  const text = `HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: ${origin}\u00a0\nVary: Origin\n`;
  const { code, out } = await pasted(text, ...page, "--answer", "-");
  assert.equal(code, 1);
  assert.match(out, /\\xc2\\xa0`[^]*a stray byte/);
});
