import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { explainSync } from "../explain.ts";
import { isNotCors } from "../not-cors.ts";
import { decodeMessage, decodeMessages, isLongerThanRead } from "./messages.ts";
import type { MessageReason } from "./wording.ts";

interface Row {
  readonly name: string;
  readonly message: string;
  readonly reason: MessageReason;
  readonly facts: Record<string, unknown>;
}
const folder = new URL("../../../../../vectors/messages/", import.meta.url);
const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as T;

for (const engine of ["chromium", "firefox", "webkit"] as const)
  test(`every wording of ${engine} is decoded to its reason, URL, origin and quoted value`, () => {
    for (const { name, message, reason, facts } of read<Row[]>(`${engine}.json`)) {
      const decoded = decodeMessage(message);
      assert.ok(decoded !== undefined, `${name}: not recognised`);
      const { reason: _, ...known } = decoded.facts;
      assert.equal(decoded.reason, reason, name);
      assert.deepEqual(known, facts, name);
      assert.equal(decoded.engine, engine, name);
      const { says, why } = decoded.sentence;
      assert.ok(!/undefined|null ,|``|  /.test(`${says} ${why}`), `${says}; ${why}`);
      assert.ok(decoded.advice.length > 0, name);
      for (const { say } of decoded.advice) assert.ok(!/undefined|``/.test(say), say);
    }
  });

test("a message with other quotes or line breaks decodes the same", () => {
  for (const engine of ["chromium", "firefox", "webkit"]) {
    for (const { message, reason, facts } of read<Row[]>(`${engine}.json`)) {
      if (Object.values(facts).some((fact) => typeof fact === "string" && fact.includes(" ")))
        continue;
      const curly = message.replaceAll("'", "\u2019").replaceAll(" ", "\n ");
      const decoded = decodeMessage(`  ${curly}  `);
      assert.equal(decoded?.reason, reason, curly);
      const { reason: _, ...known } = decoded.facts;
      assert.deepEqual(known, facts);
    }
  }
});

const second = "https://second.example/";
const acacOf = (url: string): string =>
  `(index):1 Access to fetch at '${url}' from origin 'https://app.example.com' has been blocked by CORS policy: The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true' when the request's credentials mode is 'include'.\n`;

test("in a pasted console log, each message keeps its own URL and reason and is reported once", () => {
  const chromium = `${acacOf("https://first.example/")}app.js:10 GET https://first.example/ net::ERR_FAILED 200 (OK)
Uncaught (in promise) TypeError: Failed to fetch
Access to fetch at '${second}' from origin 'https://app.example.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.
${acacOf("https://first.example/")}`;
  const firefox = (url: string, reason: string): string =>
    `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ${url}. (Reason: ${reason}).\n`;
  const webkit = (url: string, reason: string): string =>
    `[Error] ${reason}\n[Error] Fetch API cannot load ${url} due to access control checks.\n[Error] Failed to load resource: ${reason} (x, line 0)\n`;
  const consoles: [text: string, told: [reason: string, url: string][]][] = [
    [
      chromium,
      [
        ["acac-not-true", "https://first.example/"],
        ["acao-missing", second],
      ],
    ],
    [
      firefox("https://first.example/", "CORS request did not succeed") +
        firefox(second, "CORS preflight response did not succeed") +
        firefox(second, "CORS request did not succeed") +
        firefox(second, "CORS request external redirect not allowed"),
      [
        ["network-error", "https://first.example/"],
        ["preflight-redirect", second],
      ],
    ],
    [
      webkit("https://first.example/", "Preflight response is not successful. Status code: 404") +
        webkit(
          second,
          "Origin https://app.example.com is not allowed by Access-Control-Allow-Origin.",
        ),
      [
        ["preflight-status", "https://first.example/"],
        ["acao-missing", second],
      ],
    ],
    [
      `Fetch API cannot load ${second} due to access control checks.\nPreflight response is not successful`,
      [["preflight-status", second]],
    ],
  ];
  for (const [text, told] of consoles)
    assert.deepEqual(
      decodeMessages(text).map(({ reason, facts }) => [reason, facts.url]),
      told,
      text,
    );
});

test("a message quoted in mail, HTML or Markdown, or retyped, decodes the same", () => {
  const line = `Access to fetch at '${second}' from origin 'https://app.example.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.`;
  for (const text of [
    line.replaceAll(" ", "\n> ").replace(/^/, "> "),
    line.replaceAll("'", "&#39;"),
    line.replaceAll("'", "`"),
    line.replaceAll("'", '"'),
    line.toLowerCase(),
  ]) {
    const decoded = decodeMessage(text);
    assert.equal(decoded?.reason, "acao-missing", text);
    assert.equal(decoded.facts.url, second, text);
  }
});

test("after a redirect between two foreign origins the origin is `null`, so allowing the page's is not advised", () => {
  const decoded = decodeMessage(
    `Access to fetch at '${second}' (redirected from 'https://first.example/') from origin 'https://app.example.com' has been blocked by CORS policy: The 'Access-Control-Allow-Origin' header has a value 'https://app.example.com' that is not equal to the supplied origin.`,
  );
  assert.match(decoded!.sentence.says, /the request's origin is `null`/);
  assert.match(decoded!.advice[0]!.say, /request `https:\/\/second\.example\/` directly/);
});

test("text that no browser printed is not decoded", () => {
  for (const message of read<string[]>("unknown.json"))
    assert.equal(decodeMessage(message), undefined, message);
});

test("a header value with quotes, commas or markup is extracted unchanged", () => {
  const decoded = decodeMessage(
    "Access to fetch at 'https://a/' from origin 'https://b' has been blocked by CORS policy: The 'Access-Control-Allow-Origin' header contains multiple values 'https://b, <b>*</b>', but only one is allowed.",
  );
  assert.equal(decoded?.facts.value, "https://b, <b>*</b>");
});

test("messages printed by the model decode to their reason, or to the coarser one where the engine merges several", () => {
  const coarser: Readonly<Record<string, string>> = {
    "webkit acao-mismatch": "acao-missing",
    "webkit preflight-redirect": "preflight-status",
    "firefox redirect-count": "network-error",
    "firefox redirect-location": "network-error",
    "firefox redirect-credentials": "network-error",
  };
  const origin = "https://app.example.com";
  const values = [
    "*",
    origin,
    "",
    "x y",
    "a, b",
    "it's",
    "https://it's/",
    "true",
    "GET;PUT",
    "null",
  ];
  const locations = ["https://b.example/", "https://u:p@b.example/", "http://["];
  const header = fc.oneof(
    fc.tuple(
      fc.constantFrom(
        ...["Origin", "Credentials", "Methods", "Headers"].map(
          (name) => `Access-Control-Allow-${name}`,
        ),
      ),
      fc.constantFrom(...values),
    ),
    fc.tuple(fc.constant("Location"), fc.constantFrom(...locations)),
  );
  const answers = fc.array(
    fc.record({
      status: fc.constantFrom(200, 301, 404),
      headers: fc.array(header, { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const pages = fc.record({
    origin: fc.constant(origin),
    url: fc.constantFrom("https://api.example.com/x", "https://api.example.com/it's"),
    method: fc.constantFrom("GET", "PUT"),
    credentials: fc.constantFrom("same-origin" as const, "include" as const),
    initiator: fc.constantFrom("fetch" as const, "xhr" as const),
  });
  fc.assert(
    fc.property(pages, answers, (page, given) => {
      let asked = 0;
      const { engines } = explainSync(page, () => given[asked++ % given.length]!);
      for (const [name, { message, verdict }] of Object.entries(engines)) {
        if (message.length === 0) continue;
        const decoded = decodeMessages(message.join("\n"));
        const reason = coarser[`${name} ${verdict.reason}`] ?? verdict.reason;
        assert.deepEqual(
          decoded.map((each) => [each.engine, each.reason]),
          [[name, reason]],
          message.join("\n"),
        );
      }
    }),
    { numRuns: 500 },
  );
});

test("no text makes the decoder throw, and a long one costs no more than its first 256 KiB", () => {
  const words = [
    "Access to",
    " fetch at '",
    "' from origin '",
    "has been blocked by CORS policy: ",
    "Header Access-Control-Allow-Methods has an invalid value: ",
    "no-cors",
    "redirect mode",
    "https://a.example/x",
    "TypeError: fetch failed",
    "[Report Only] ",
    " ",
    "'",
    "x",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 400 }), (parts) => {
      decodeMessage(parts.join(""));
    }),
    { numRuns: 300 },
  );
  for (const word of words) decodeMessage(word.repeat(200_000));
});

interface Paste {
  readonly name: string;
  readonly text: string;
  /** Facts of each message; `cors` is false where it is not CORS. */
  readonly told: readonly Record<string, unknown>[];
  /** What the sentence or the advice has to say, and what not. */
  readonly words?: readonly string[];
  readonly never?: readonly string[];
}

test("real-world pastes are decoded to the expected messages", () => {
  for (const { name, text, told, words = [], never = [] } of read<Paste[]>("pastes.json")) {
    const found = decodeMessages(text);
    assert.equal(found.length, told.length, `${name}: ${JSON.stringify(found)}`);
    for (const [index, expected] of told.entries()) {
      const { facts, ...message } = found[index]!;
      const known = { ...facts, ...message, cors: !isNotCors(message.reason) };
      const seen = Object.fromEntries(
        Object.keys({ ...expected, cors: true }).map((key) => [
          key,
          (known as Record<string, unknown>)[key],
        ]),
      );
      assert.deepEqual(seen, { cors: true, ...expected }, name);
    }
    const said = found
      .flatMap(({ sentence, advice }) =>
        [sentence.says, sentence.why].concat(advice.map(({ say }) => say)),
      )
      .join("\n");
    for (const word of words) assert.match(said, new RegExp(word), name);
    for (const word of never) assert.doesNotMatch(said, new RegExp(word), name);
    assert.doesNotMatch(said, /undefined|``|\\u2026/, name);
  }
});

test("an origin and URL given with the message fill in what the message omits", () => {
  const [message] = decodeMessages("CORS Missing Allow Origin", {
    origin: "https://app.example",
    url: "https://a.example/x",
  });
  assert.match(message!.advice[0]!.say, /Access-Control-Allow-Origin: https:\/\/app\.example`/);
  assert.equal(message!.facts.url, "https://a.example/x");
});

test("only the first 256 KiB of a long paste are read, and the truncation is reported", () => {
  const line = read<Row[]>("chromium.json")[0]!.message;
  const before = "app.js:1 a line\n".repeat(1000);
  assert.equal(decodeMessages(before + line).length, 1);
  assert.equal(isLongerThanRead(before + line), false);
  const far = "x".repeat(300_000) + line;
  assert.deepEqual([decodeMessages(far).length, isLongerThanRead(far)], [0, true]);
});
