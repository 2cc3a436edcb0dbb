import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { decodeMessage, type MessageReason } from "./messages.ts";

interface Row {
  readonly name: string;
  readonly message: string;
  readonly reason: MessageReason;
  readonly facts: Record<string, unknown>;
}
const folder = new URL("../../../../vectors/messages/", import.meta.url);
const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as T;

for (const engine of ["chromium", "firefox", "webkit"] as const)
  test(`every wording of ${engine} is decoded: reason, URL, origin and the bytes it names`, () => {
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

test("quotes of any shape and lines broken anywhere decode the same", () => {
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

test("what no browser wrote is not guessed at", () => {
  for (const message of read<string[]>("unknown.json"))
    assert.equal(decodeMessage(message), undefined, message);
});

test("a header value with quotes, commas or markup in it comes out as it stands", () => {
  const decoded = decodeMessage(
    "Access to fetch at 'https://a/' from origin 'https://b' has been blocked by CORS policy: The 'Access-Control-Allow-Origin' header contains multiple values 'https://b, <b>*</b>', but only one is allowed.",
  );
  assert.equal(decoded?.facts.value, "https://b, <b>*</b>");
});

test("no text throws, and a long one costs no more than its first 16 KiB", () => {
  const words = [
    "Access to",
    " fetch at '",
    "' from origin '",
    "has been blocked by CORS policy: ",
    "Header Access-Control-Allow-Methods has an invalid value: ",
    "no-cors",
    "redirect mode",
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
