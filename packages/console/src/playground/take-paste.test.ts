import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyQuestion, type Question } from "./question.ts";
import { takePaste } from "./take-paste.ts";

function question(text: string): Question {
  const taken = takePaste(text, emptyQuestion);
  assert.equal(taken.kind, "question", JSON.stringify(taken));
  return (taken as { readonly question: Question }).question;
}

test("console messages are decoded in whatever language the browser speaks", () => {
  const rows: readonly (readonly [string, string])[] = [
    [
      "chromium",
      "Access to fetch at 'https://api.example.com/users' from origin 'https://app.example.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    ],
    [
      "firefox",
      "Quellübergreifende (Cross-Origin) Anfrage blockiert: Die Gleiche-Quelle-Regel verbietet das Lesen der externen Ressource auf https://api.example.com/users. (Grund: CORS-Kopfzeile 'Access-Control-Allow-Origin' fehlt). Statuscode: 200.",
    ],
    [
      "firefox",
      "Blocage d’une requête multiorigine (Cross-Origin Request) : la politique « Same Origin » ne permet pas de consulter la ressource distante située sur https://api.example.com/users. Raison : l’en-tête CORS « Access-Control-Allow-Origin » est manquant. Code d’état : 200.",
    ],
    [
      "firefox",
      "クロスオリジン要求をブロックしました: 同一生成元ポリシーにより、https://api.example.com/users にあるリモートリソースの読み込みは拒否されます (理由: CORS ヘッダー ‘Access-Control-Allow-Origin’ が足りない)。ステータスコード: 200",
    ],
    [
      "webkit",
      "Origin https://app.example.com is not allowed by Access-Control-Allow-Origin. Status code: 200",
    ],
  ];
  for (const [engine, text] of rows) {
    const taken = takePaste(text, emptyQuestion);
    assert.equal(taken.kind, "messages", text);
    const messages = (taken as { readonly messages: readonly { engine: string; reason: string }[] })
      .messages;
    assert.deepEqual(
      messages.map((message) => [message.engine, message.reason]),
      [[engine, "acao-missing"]],
    );
  }
});

test("a request is read from cURL for bash and cmd, from PowerShell, and from fetch", () => {
  const rows: readonly string[] = [
    `curl 'https://api.example.com/orders/7' \\\n  -X 'PUT' \\\n  -H 'origin: https://shop.example.com' \\\n  -H 'content-type: application/json' \\\n  --data-raw '{"a":1}'`,
    `curl "https://api.example.com/orders/7" ^\n  -X "PUT" ^\n  -H "origin: https://shop.example.com" ^\n  -H "content-type: application/json" ^\n  --data-raw "^{^\\^"a^\\^":1^}"`,
    `Invoke-WebRequest -UseBasicParsing -Uri "https://api.example.com/orders/7" \`\n-Method "PUT" \`\n-Headers @{\n  "origin"="https://shop.example.com"\n} \`\n-ContentType "application/json" \`\n-Body "{}"`,
    `fetch("https://api.example.com/orders/7", {\n  "headers": { "content-type": "application/json" },\n  "referrer": "https://shop.example.com/",\n  "body": "{}",\n  "method": "PUT",\n  "mode": "cors"\n});`,
  ];
  for (const text of rows) {
    const { url, method, origin, headers } = question(text);
    assert.deepEqual(
      [url, method, origin, headers.toLowerCase()],
      [
        "https://api.example.com/orders/7",
        "PUT",
        "https://shop.example.com",
        "content-type: application/json",
      ],
      text,
    );
  }
});

test("a HAR gives its last cross-origin request, with its preflight", () => {
  const origin = { name: "Origin", value: "https://app.example.com" };
  const entry = (method: string, status: number, headers: object[] = []): object => ({
    request: {
      method,
      url: "https://api.example.com/users",
      headers: [origin, { name: "X-A", value: "1" }],
    },
    response: { status, headers },
  });
  const har = { log: { entries: [entry("OPTIONS", 204), entry("PUT", 0)] } };
  const { server, headers, method } = question(JSON.stringify(har));
  assert.deepEqual(
    [method, headers, server],
    ["PUT", "X-A: 1", { kind: "answer", preflight: "HTTP/1.1 204", actual: "HTTP/1.1 200" }],
  );
});

test("repeated lines of a HAR are headers of their own, and a preflight that it lacks had passed", () => {
  const header = (name: string, value: string): object => ({ name, value });
  const entry = {
    request: {
      method: "PUT",
      url: "https://api.example.com/users",
      headers: [header("Origin", "https://app.example.com")],
    },
    response: {
      status: 404,
      headers: [header(":status", "404"), header("Vary", "Origin\nAccept"), header("X-A", "")],
    },
  };
  const { server } = question(JSON.stringify({ log: { entries: [entry] } }));
  const headers = "Vary: Origin\nVary: Accept\nX-A: ";
  assert.deepEqual(server, {
    kind: "answer",
    preflight: `HTTP/1.1 200\n${headers}`,
    actual: `HTTP/1.1 404\n${headers}`,
  });
});

test("response heads and policies are read as the server", () => {
  assert.deepEqual(question("HTTP/2 200\naccess-control-allow-origin: *").server, {
    kind: "answer",
    preflight: "",
    actual: "HTTP/1.1 200\naccess-control-allow-origin: *",
  });
  assert.equal(question('allow_origins = ["https://app.example.com"]').server.kind, "policy");
});

test("whatever else is pasted is said to be unknown, and never throws", () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ["   ", /nothing was pasted/],
    ["\u0000\uffff lorem ipsum } { <script>", /not recognised/],
    ['{"log":', /not valid JSON/],
    ['{"log":{}}', /names an Origin/],
    ['{"log":{"entries":[null,7,{"request":null},{"request":{"method":1}}]}}', /names an Origin/],
    [`curl 'https://a.example/${"a".repeat(2_000_000)}'`, /longer than 256 kB/],
    ["a: b\n".repeat(400_000), /longer than 256 kB/],
  ];
  for (const [text, say] of rows) {
    const taken = takePaste(text, emptyQuestion);
    assert.equal(taken.kind, "unknown");
    assert.match((taken as { readonly say: string }).say, say);
  }
});
