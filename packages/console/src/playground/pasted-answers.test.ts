// Exchanges and answers in every form that people paste: the playground's verdict is the one of `corsway explain`.

import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { explanationJson, type ExplanationJson } from "@corsway/cors/explain";
import { runCommand } from "../../../../test/support/terminal.ts";
import { answer, type Answer } from "./answer.ts";
import { emptyQuestion, readQuestion, writeQuestion, type Question } from "./question.ts";
import { takePaste } from "./take-paste.ts";

const origin = "https://app.example.com";
const url = "https://api.example.com/x";
const form: Question = { ...emptyQuestion, origin, url };
const named = "Access-Control-Allow-Origin";
const other = "https://other.example";

type Explained = Extract<Answer, { readonly kind: "explained" }>;

function taken(text: string, before: Question = form): Question {
  const pasted = takePaste(text, before);
  assert.equal(pasted.kind, "question", `${text}\n${JSON.stringify(pasted)}`);
  const { question } = pasted as Extract<typeof pasted, { kind: "question" }>;
  assert.deepEqual(readQuestion(writeQuestion(question)), question, "a link holds all of it");
  return question;
}

function asked(text: string, before?: Question): Answer {
  return answer(taken(text, before), new Map());
}

/** The verdict and what was sent for it, as in `blocked acao-mismatch: GET https://…`; or the fault. */
function said(given: Answer): string {
  return given.kind === "fault" ? given.message : inOneLine(explanationJson(given.explanation));
}

function inOneLine({ verdict, reason = "-", wire }: ExplanationJson): string {
  const sent = wire.map(({ request }) => `${request.method} ${request.url}`);
  return `${verdict} ${reason}: ${sent.join(", ")}`;
}

async function ofCommand(text: string, ...argv: readonly string[]): Promise<string> {
  const input = Readable.from([Buffer.from(text)]);
  const run = await runCommand("/", ["explain", ...argv, "--format", "json"], { input });
  if (run.code === 2) return /^corsway explain: (.*)$/m.exec(run.err)![1]!;
  return inOneLine(JSON.parse(run.out) as ExplanationJson);
}

const exchange = `> GET /x HTTP/1.1
> Host: api.example.com
> Origin: ${origin}
>
< HTTP/1.1 200 OK
< ${named}: ${other}
<
{}`;
const blocked = `blocked acao-mismatch: GET ${url}`;

test("an answer gets the verdict of --answer in each form that a tool shows it in", async () => {
  const rows: readonly (readonly [form: string, text: string])[] = [
    ["curl -i", `HTTP/2 200\ncontent-type: text/html\n${named}: ${other}\n\n<p>x: y</p>`],
    ["a short status line", `GET 200\n${named}: ${other}`],
    ["headers alone", `Content-Type: text/html\n${named}: ${other}`],
    ["HTTP/2's :status", `:status: 200\n${named}: ${other}`],
    ["Chrome, name and value in two lines", `${named}:\n${other}\ncontent-type:\ntext/html`],
    ["JSON", `{"${named}": "${other}", "content-type": "text/html"}`],
    ["a Python dictionary", `{'${named}': '${other}'}`],
    [
      "Firefox's Copy All",
      `{"Response Headers (9 B)":{"headers":[{"name":"${named}","value":"${other}"}]}}`,
    ],
    ["Postman", `Content-Type → text/html\n${named} → ${other}`],
    [
      "wget -S",
      `--2026-11-28 10:00:00--  ${url}\nHTTP request sent, awaiting response...\n  HTTP/1.1 200 OK\n  ${named}: ${other}\nLength: 2 [text/html]`,
    ],
    [
      "PowerShell",
      `StatusCode        : 200\nContent           : {}\nRawContent        : HTTP/1.1 200 OK\n                    ${named}: ${other}\n                    \n                    {}\nHeaders           : {[Connection, keep-alive]}`,
    ],
    [
      "a folded value",
      `HTTP/1.1 200 OK\nContent-Security-Policy: default-src 'self';\n script-src 'self'\n${named}: ${other}`,
    ],
  ];
  for (const [form, text] of rows) {
    assert.equal(said(asked(text)), blocked, form);
    const command = await ofCommand(text, url, "--origin", origin, "--answer", "-");
    assert.equal(command, blocked, form);
    // Whoever pastes it into the field of the form gets the same.
    const question = {
      ...emptyQuestion,
      origin,
      url,
      server: { kind: "answer", preflight: "", actual: text },
    } as const;
    assert.equal(said(answer(question, new Map())), blocked, `${form}, in the field`);
  }
});

test("a transcript gets the verdict of --transcript, whatever the form held before", async () => {
  const before: Question = {
    ...form,
    origin: "https://unrelated.example",
    url: "https://unrelated.example/y",
    method: "DELETE",
    headers: "X-Before: 1",
  };
  const lines = exchange.split("\n");
  const meter = "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0";
  const preflighted = `> OPTIONS /x HTTP/2\n> Host: api.example.com\n> Origin: ${origin}\n> Access-Control-Request-Method: PUT\n>\n< HTTP/2 403\n< ${named}: ${origin}\n<\n`;
  const panel = `Request URL\n${url}\nRequest Method\nGET\nStatus Code\n200 OK\nReferrer Policy\nno-referrer\n${named.toLowerCase()}\n${other}\ncontent-type\ntext/html\nRequest Headers\norigin\n${origin}`;
  const rows: readonly (readonly [form: string, text: string, verdict: string])[] = [
    ["curl -v", exchange, blocked],
    ["in a fence", `\`\`\`\n${exchange}\n\`\`\``, blocked],
    ["indented", lines.map((line) => `    ${line}`).join("\n"), blocked],
    ["quoted", lines.map((line) => `> ${line}`).join("\n"), blocked],
    [
      "after a progress meter",
      lines.map((line) => (line.startsWith("<") ? meter + line : line)).join("\n"),
      blocked,
    ],
    ["below its command", `$ curl -sv ${url} -H 'Origin: ${origin}'\n${exchange}`, blocked],
    [
      "curl -i below its command",
      `$ curl -i -X PUT ${url} -H 'Origin: ${origin}' \\\n  -H 'X-A: 1'\nHTTP/1.1 204 No Content\n${named}: ${origin}\nAccess-Control-Allow-Methods: PUT\n`,
      `blocked header-not-allowed: OPTIONS ${url}`,
    ],
    ["Chrome's Headers panel", panel, blocked],
    [
      "its sections, with names and values in one line",
      `General\nRequest URL: ${url}\nRequest Method: GET\nStatus Code: 200 OK\nResponse Headers\n${named}: ${other}\nRequest Headers\nOrigin: ${origin}`,
      blocked,
    ],
    [
      "HTTP/2's pseudo-headers",
      `:authority:api.example.com\n:method:OPTIONS\n:path:/x\n:scheme:https\naccess-control-request-headers:authorization\naccess-control-request-method:GET\norigin:${origin}\n\nHTTP/2 200\naccess-control-allow-origin: ${origin}\n`,
      `blocked header-not-allowed: OPTIONS ${url}`,
    ],
    ["a refused preflight", preflighted, `blocked preflight-status: OPTIONS ${url}`],
    [
      "cookies",
      exchange.replace("> Origin", "> Cookie: sid=1\n> Origin").replace(other, "*"),
      `blocked acao-wildcard-credentials: GET ${url}`,
    ],
    [
      "a redirect",
      exchange
        .replace("200 OK", "302 Found")
        .replace(other, `${origin}\n< Location: ${url}2`)
        .replace("{}", "") + exchange.replace("/x", "/x2"),
      `blocked acao-mismatch: GET ${url}, GET ${url}2`,
    ],
  ];
  for (const [form, text, verdict] of rows) {
    assert.equal(said(asked(text, before)), verdict, form);
    assert.equal(await ofCommand(text, "--transcript", "-"), verdict, form);
  }
});

test("an answer that is not in the text is asked for, as the command line does", async () => {
  const text = exchange.replace("> Origin", "> Authorization: Basic YTpi\n> Origin");
  const lacking = await ofCommand(text, "--transcript", "-");
  assert.match(lacking, /^the answer to OPTIONS /);
  const shown = said(asked(text));
  assert.ok(shown.startsWith(`${lacking}: `), shown);
  assert.match(shown, /Access-Control-Request-Headers: authorization/);
  const options = `OPTIONS 204\n${named}: ${origin}`;
  assert.match(said(asked(options)), /^the answer to GET .* is not in the text/);
});

test("one answer for both requests is the preflight's too, with its status", async () => {
  const put = taken(`curl -X PUT '${url}' -H 'origin: ${origin}'`);
  const text = `HTTP/1.1 404 Not Found\n${named}: ${origin}\nAccess-Control-Allow-Methods: PUT`;
  const given = asked(text, put);
  const page = [url, "--origin", origin, "-X", "PUT"];
  assert.equal(said(given), await ofCommand(text, ...page, "--answer", "-"));
  assert.equal(said(given), `blocked preflight-status: OPTIONS ${url}`);
  assert.match((given as Explained).notes.join(), /used for both/);
});

test("what cannot be read is named with its line, and what curl reports is passed on", () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ["HTTP/1.1 200 OK\nVary: Origin\nthis is not", /line 3: .this is not. is not a header/],
    ["* Trying\ncurl: (7) Failed to connect to api.example.com", /curl got no response \(Failed/],
  ];
  for (const [text, says] of rows) {
    const pasted = takePaste(text, form);
    assert.equal(pasted.kind, "unknown", text);
    assert.match((pasted as { readonly say: string }).say, says);
  }
  const server = { kind: "answer", preflight: "no header", actual: "HTTP/1.1 200 OK" } as const;
  assert.match(said(answer({ ...form, server }, new Map())), /response to the preflight .* line 1/);
});

test("white space and bytes of a value survive the way through the form", async () => {
  for (const value of [`${origin}\u00a0`, `${origin}/ü`]) {
    const text = `HTTP/1.1 200 OK\n${named}: ${value}\nVary: Origin\n`;
    const given = asked(text);
    assert.equal(said(given), await ofCommand(text, url, "--origin", origin, "--answer", "-"));
    assert.equal(given.kind, "explained");
    const { wire } = explanationJson((given as Explained).explanation);
    const { headers } = wire[0]!.response;
    assert.equal(headers[0]![1], Buffer.from(value).toString("latin1"));
  }
});

test("a header of the command above an answer is the same text in the form", () => {
  const command = `curl -i '${url}' -H 'Origin: ${origin}' -H 'X-City: Zürich 市'`;
  const { headers } = taken(`$ ${command}\nHTTP/1.1 200 OK\nVary: Origin`);
  assert.equal(headers, "X-City: Zürich 市");
});

test("the body of a pasted request counts by its type, and a stream by being one", async () => {
  const open = `HTTP/1.1 200 OK\n${named}: ${origin}\n`;
  const header = `"Content-Type": "application/json"`;
  const rows: readonly (readonly [text: string, body: Question["body"], preflight: boolean])[] = [
    [`curl '${url}' -H 'origin: ${origin}' --json '{}'`, "text", true],
    [`curl '${url}' -H 'origin: ${origin}' -d 'a=1'`, "text", false],
    [`fetch("${url}", { method: "POST", body: "a" })`, "text", false],
    [`fetch("${url}", { method: "POST", headers: { ${header} }, body: "{}" })`, "text", true],
    [`fetch("${url}", { method: "POST", body: s, duplex: "half" })`, "stream", true],
    [`fetch("${url}", { method: "POST" })`, "none", false],
    [`fetch("${url}", { body: "a" })`, "text", false],
  ];
  for (const [text, body, preflight] of rows) {
    const question = taken(open, taken(text));
    assert.equal(question.body, body, text);
    const given = answer(question, new Map());
    assert.equal(given.kind, "explained", text);
    const { verdict } = (given as Explained).explanation;
    assert.equal(verdict.wire[0]?.request.method === "OPTIONS", preflight, text);
    const command = await ofCommand(open, "--origin", origin, "--curl", text, "--answer", "-");
    assert.equal(said(given), command, text);
  }
});
