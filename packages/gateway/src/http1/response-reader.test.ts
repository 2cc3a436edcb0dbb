import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ValueRule } from "./byte-classes.ts";
import { isomorphicDecode, isomorphicEncode } from "./isomorphic.ts";
import { defaultLimits, type WireLimits } from "./limits.ts";
import { ResponseReader } from "./response-reader.ts";

/** What a reader says of these pieces, with body bytes joined and what follows the message left out. */
function readPieces(
  pieces: readonly Uint8Array[],
  method = "GET",
  limits: WireLimits = defaultLimits,
  values: ValueRule = "faithful",
): unknown[] {
  const said: unknown[] = [];
  let body = "";
  const reader = new ResponseReader(
    {
      interim: (head) => said.push({ kind: "interim", head }),
      head: (head, framing) => said.push({ kind: "head", head, framing }),
      body: (bytes) => (body += isomorphicDecode(bytes)),
      end: (trailers) => said.push({ kind: "end", trailers, body }),
      fault: (wrong) => said.push(wrong),
    },
    { limits, values },
  );
  reader.next(method);
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return said;
}

const bytesOf = (text: string): Uint8Array => isomorphicEncode(text)!;
const read = (text: string, method = "GET", limits = defaultLimits): unknown[] =>
  readPieces([bytesOf(text)], method, limits);

/** The code of the fault that these bytes end in. */
function faultOf(text: string, limits = defaultLimits): string | undefined {
  const last = read(text, "GET", limits).at(-1) as { kind: string; code?: string };
  return last.kind === "fault" ? last.code : undefined;
}

function fieldsOf(text: string): unknown {
  const first = read(text)[0] as { head: { fields: unknown } };
  return first.head.fields;
}

test("a head keeps order, case, duplicates, control bytes and bytes above 0x7F", () => {
  assert.deepEqual(
    fieldsOf(
      "HTTP/1.1 200 OK\r\nB:  x \t\r\nacao: \vone\f\r\nACAO:two\r\nx: caf\xe9\r\nempty:\r\n\r\n",
    ),
    ["B", "x", "acao", "\vone\f", "ACAO", "two", "x", "caf\xe9", "empty", ""],
  );
});

test("a gateway's reader refuses control bytes in a value, and a 101 that was not requested", () => {
  const bytes = bytesOf("HTTP/1.1 200 OK\r\na: \v\r\n\r\n");
  assert.deepEqual(readPieces([bytes], "GET", defaultLimits, "strict"), [
    { kind: "fault", code: "header-value-malformed", offset: 20 },
  ]);
  const said: string[] = [];
  const reader = new ResponseReader({
    interim: () => said.push("interim"),
    head: ({ status }) => said.push(`head ${status}`),
    body: () => said.push("body"),
    end: () => said.push("end"),
    fault: ({ code }) => said.push(code),
  });
  const switched = "HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n";
  reader.next("GET", true);
  assert.equal(reader.push(bytesOf(`${switched}\x81\x00`)), switched.length);
  reader.next("GET");
  reader.push(bytesOf(switched));
  reader.next("GET");
  assert.equal(reader.push(bytesOf("HTTP/1.1 204 x\r\n\r\nHTTP/1.1 200 x\r\n")), 18);
  assert.deepEqual(said, ["head 101", "end", "unexpected-upgrade", "head 204", "end"]);
});

test("interim responses are distinguished from the final one", () => {
  const said = read(
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
  ) as { kind: string }[];
  assert.deepEqual(
    said.map((event) => event.kind),
    ["interim", "interim", "head", "end"],
  );
});

test("a body ends where its framing says, and bytes after it are not part of it", () => {
  const bodies: [head: string, rest: string, body: string][] = [
    ["Content-Length: 3", "abcEXTRA", "abc"],
    ["Content-Length: 0", "EXTRA", ""],
    [
      "Transfer-Encoding: Chunked",
      '3\r\nabc\r\nA;x=1;y="q\\""\r\n0123456789\r\n0\r\nt: v\r\n\r\nEXTRA',
      "abc0123456789",
    ],
    ["Transfer-Encoding: chunked", '1;y="\t ~\\~"\r\na\r\n0\r\n\r\n', "a"],
    ["Transfer-Encoding: chunked", "1;a\r\nx\r\n1;b=c;d\r\ny\r\n0;e\r\n\r\n", "xy"],
    ["Connection: close", "all of it", "all of it"],
  ];
  for (const [head, rest, body] of bodies) {
    const end = read(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${rest}`).at(-1) as { body: string };
    assert.equal(end.body, body, head);
  }
});

test("the response to HEAD, a 204 and a 304 have no body, whatever they declare", () => {
  for (const [status, method] of [
    [200, "HEAD"],
    [204, "GET"],
    [304, "GET"],
  ] as const) {
    const said = read(`HTTP/1.1 ${status} x\r\nContent-Length: 5\r\n\r\nabcde`, method);
    assert.deepEqual(said.at(-1), { kind: "end", trailers: [], body: "" });
  }
});

test("a response that is not strict HTTP/1.x is a named fault", () => {
  const faults: [text: string, code: string][] = [
    ["", "empty"],
    ["SSH-2.0-OpenSSH_9.2\r\n", "not-http"],
    ["\x00\x00\x12\x04\x00", "not-http"],
    ["HTTP/2 200\r\n\r\n", "version-not-supported"],
    ["HTTP/1.1  200 OK\r\n\r\n", "start-line-malformed"],
    ["HTTP/1.1 20 OK\r\n\r\n", "start-line-malformed"],
    ["HTTP/1.1 2000 OK\r\n\r\n", "start-line-malformed"],
    ["HTTP/1.1 099 OK\r\n\r\n", "status-not-allowed"],
    ["HTTP/1.1 600 OK\r\n\r\n", "status-not-allowed"],
    ["HTTP/1.1 200 OK\n\n", "bare-lf"],
    ["HTTP/1.1 200 OK\r\na: b\rc\r\n\r\n", "bare-cr"],
    ["HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n", "header-folded"],
    ["HTTP/1.1 200 OK\r\na : b\r\n\r\n", "header-name-malformed"],
    ["HTTP/1.1 200 OK\r\n: b\r\n\r\n", "header-name-malformed"],
    ["HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "header-name-malformed"],
    ["HTTP/1.1 200 OK\r\na: b\0\r\n\r\n", "header-value-malformed"],
    ["HTTP/1.1 200 OK\r\na: b", "truncated-head"],
    ["HTTP/1.1 101 Switching Protocols\r\n\r\n", "unexpected-upgrade"],
    [
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
      "content-length-repeated",
    ],
    ["HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\na", "content-length-malformed"],
    ["HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na", "content-length-malformed"],
    ["HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\na", "content-length-malformed"],
    [`HTTP/1.1 200 OK\r\nContent-Length: ${"0".repeat(15)}1\r\n\r\na`, "content-length-malformed"],
    [`HTTP/1.1 200 OK\r\nContent-Length: ${"0".repeat(14)}2\r\n\r\na`, "truncated-body"],
    [
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
      "length-and-encoding",
    ],
    [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\na",
      "transfer-encoding-not-supported",
    ],
    ["HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na", "transfer-encoding-not-supported"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "truncated-body"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "truncated-body"],
    [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
      "chunk-malformed",
    ],
    [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n",
      "chunk-malformed",
    ],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n", "chunk-malformed"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "chunk-malformed"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n00000000000003\r\n", "chunk-too-large"],
  ];
  for (const [text, code] of faults) assert.equal(faultOf(text), code, JSON.stringify(text));
});

test("a head above the limit is a fault, and a head of exactly that size is not", () => {
  const head = "HTTP/1.1 200 OK\r\na: 1\r\nb: 2\r\n\r\n";
  assert.equal(faultOf(`${head}`, { ...defaultLimits, headSize: head.length }), undefined);
  assert.equal(faultOf(head, { ...defaultLimits, headSize: head.length - 1 }), "head-too-large");
  assert.equal(faultOf(head, { ...defaultLimits, headerCount: 2 }), undefined);
  assert.equal(faultOf(head, { ...defaultLimits, headerCount: 1 }), "too-many-headers");
  const endless = `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(100_000)}`;
  assert.equal(faultOf(endless), "head-too-large");
  const interim = "HTTP/1.1 100 C\r\n\r\n";
  assert.equal(faultOf(interim.repeat(10) + head), undefined);
  assert.equal(faultOf(interim.repeat(11)), "too-many-interim-responses");
  const extension = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${"x".repeat(5000)}`;
  assert.equal(faultOf(extension), "chunk-too-large");
});

const samples = [
  "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nACAO: *\r\n\r\nabc",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404\r\nVary: Origin\r\nvary: x\r\n\r\ngone",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\nx\r\nb\r\nhello world\r\n0\r\nt: v\r\n\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\nzz",
  "HTTP/1.1 200 OK\r\na: b\rc\r\n\r\n",
  "HTTP/1.1 204 No Content\r\n\r\n",
  "SSH-2.0-x\r\n",
];

test("the same bytes give the same result wherever they are split, even byte by byte", () => {
  for (const sample of samples) {
    const bytes = bytesOf(sample);
    const whole = readPieces([bytes]);
    for (let i = 0; i <= bytes.length; i++)
      assert.deepEqual(
        readPieces([bytes.subarray(0, i), bytes.subarray(i)]),
        whole,
        `${sample} @ ${i}`,
      );
    assert.deepEqual(readPieces(Array.from(bytes, (byte) => Uint8Array.of(byte))), whole);
  }
});

test("no bytes make the reader throw, and splitting random bytes changes nothing", () => {
  const alphabet = fc.constantFrom(
    ...'HTTP/1. 20:\r\n\t\0;="abc3chunkedTransfer-Encoding',
    "\r\n",
    "\r\n\r\n",
  );
  const text = fc.tuple(
    fc.constantFrom(
      "",
      "HTTP/1.1 200 OK\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    ),
    fc.array(alphabet, { maxLength: 60 }),
  );
  fc.assert(
    fc.property(text, fc.nat(), ([start, parts], cut) => {
      const bytes = bytesOf(start + parts.join(""));
      const at = cut % (bytes.length + 1);
      assert.deepEqual(
        readPieces([bytes.subarray(0, at), bytes.subarray(at)]),
        readPieces([bytes]),
      );
    }),
    { numRuns: 3000 },
  );
});
