import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isomorphicDecode, isomorphicEncode } from "./isomorphic.ts";
import type { WireRequestHead } from "./request-head.ts";
import { RequestReader } from "./request-reader.ts";
import { noLines, printLines, writeLines } from "./lines.ts";
import { writeRequestHead } from "./write-head.ts";

/** What a reader says of these pieces, one request after the other, with body bytes joined. */
function readPieces(pieces: readonly Uint8Array[]): unknown[] {
  const said: unknown[] = [];
  let body = "";
  const reader: RequestReader = new RequestReader({
    head: (head, framing) => said.push({ kind: "head", head: sizeless(head), framing }),
    body: (bytes) => (body += isomorphicDecode(bytes)),
    end() {
      said.push({ kind: "end", body });
      body = "";
    },
    fault: (wrong) => said.push(wrong),
  });
  let broken = false;
  for (const piece of pieces)
    for (let rest = piece; rest.length > 0 && !broken;) {
      rest = rest.subarray(reader.push(rest));
      broken = (said.at(-1) as { kind?: string } | undefined)?.kind === "fault";
      if (reader.done && !broken) reader.next();
    }
  if (!broken) reader.end();
  return said;
}
const sizeless = ({ size: _size, ...head }: WireRequestHead): unknown => head;
const bytesOf = (text: string): Uint8Array => isomorphicEncode(text)!;

function faultOf(text: string): string | undefined {
  const last = readPieces([bytesOf(text)]).at(-1) as { kind: string; code?: string };
  return last.kind === "fault" ? last.code : undefined;
}

test("requests are read in order, with the target as sent and the body by its framing", () => {
  const [head, end, next, nextEnd] = readPieces([
    bytesOf(
      "POST //a?b HTTP/1.1\r\nHost: h\r\ncontent-length: 2\r\n\r\nxy\r\nGET / HTTP/1.0\r\n\r\n",
    ),
  ]);
  assert.deepEqual((head as { head: unknown }).head, {
    kind: "request",
    method: "POST",
    target: "//a?b",
    version: "1.1",
    fields: ["Host", "h", "content-length", "2"],
    lines: "Host: h\r\ncontent-length: 2\r\n",
  });
  assert.deepEqual(end, { kind: "end", body: "xy" });
  assert.equal((next as { head: { version: string } }).head.version, "1.0");
  assert.deepEqual(nextEnd, { kind: "end", body: "" });
});

test("a request with ambiguous framing has a head and no body, and nothing after it is read", () => {
  const faults: [text: string, code: string][] = [
    ["Content-Length: 1\r\nTransfer-Encoding: chunked", "length-and-encoding"],
    ["Content-Length: 1\r\ncontent-length: 1", "content-length-repeated"],
    ["Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "transfer-encoding-not-supported"],
    ["Transfer-Encoding: xchunked", "transfer-encoding-not-supported"],
    ["Content_Length: 4", "framing-lookalike"],
    ["Transfer_Encoding: chunked", "framing-lookalike"],
  ];
  for (const [lines, code] of faults) {
    const said = readPieces([bytesOf(`POST / HTTP/1.1\r\nHost: h\r\n${lines}\r\n\r\nx`)]);
    assert.equal(said.length, 2, lines);
    assert.equal((said[0] as { framing: { code: string } }).framing.code, code, lines);
    assert.equal((said[1] as { code: string }).code, code, lines);
  }
});

test("a malformed request line is a named fault", () => {
  const faults: [text: string, code: string][] = [
    ["GET /\r\n\r\n", "start-line-malformed"],
    ["GET  / HTTP/1.1\r\n\r\n", "target-malformed"],
    ["GET /a b HTTP/1.1\r\n\r\n", "target-malformed"],
    ["GET /caf\xe9 HTTP/1.1\r\n\r\n", "target-malformed"],
    ["GET / HTTP/2.0\r\n\r\n", "version-not-supported"],
    ["G@T / HTTP/1.1\r\n\r\n", "start-line-malformed"],
    ["\r\n\r\n", "start-line-malformed"],
    ["\r\n", "empty"],
    ["\r\rGET / HTTP/1.1\r\n\r\n", "bare-cr"],
    ["GET / HTTP/1.1\r\na: \x01\r\n\r\n", "header-value-malformed"],
    [`GET /${"a".repeat(9000)} HTTP/1.1\r\n\r\n`, "target-too-long"],
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "version-not-supported"],
  ];
  for (const [text, code] of faults) assert.equal(faultOf(text), code, JSON.stringify(text));
});

test("a written request reads back the same", () => {
  const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
  const value = fc
    .array(
      fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f),
      { maxLength: 20 },
    )
    .map((codes) => String.fromCharCode(...codes).replace(/^[ \t]+|[ \t]+$/g, ""));
  const lines = fc
    .array(
      fc.tuple(
        token.map((name) => `x${name}`),
        value,
      ),
      { maxLength: 8 },
    )
    .map((list) => list.flat());
  fc.assert(
    fc.property(token, fc.stringMatching(/^\/[!-~]{0,20}$/), lines, (method, target, fields) => {
      const written = writeRequestHead(method, target, writeLines(fields)!);
      const [event] = readPieces([bytesOf(written!)]);
      assert.deepEqual((event as { head: unknown }).head, {
        kind: "request",
        method,
        target,
        version: "1.1",
        fields,
        lines: printLines(fields),
      });
    }),
  );
});

test("the writer refuses values that could end a line early", () => {
  for (const bad of ["a\r\nb: c", "a\nb", "a\rb", "a\0b", "\u0100"]) {
    assert.equal(writeLines(["x", bad]), undefined);
    assert.equal(writeLines(["x", bad], "faithful"), undefined);
    assert.equal(writeLines([bad, "x"]), undefined);
    assert.equal(writeRequestHead("GET", `/${bad}`, noLines), undefined);
    assert.equal(writeRequestHead(bad, "/", noLines), undefined);
  }
  assert.equal(writeLines(["x", "\v"]), undefined);
  assert.equal(writeLines(["x", "\v"], "faithful"), "x: \v\r\n");
  assert.equal(writeRequestHead("GET", "/a b", noLines), undefined);
});
