// Three readings of the same bytes: ours, a judge's that shares no code with it, and llhttp's. Ours and
// the judge's agree on everything. Whatever both ours and llhttp accept, they read alike; where only one
// of them accepts, the class is named below. CORSWAY_FUZZ=1000000 tries longer (npm run proof:wire).

import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { runSeed } from "../../../../test/support/seed.ts";
import { readWithLlhttp, type LlhttpMessage } from "../../../../test/support/llhttp.ts";
import { drawFrom, drawMessage } from "../../../../test/support/wire-cases.ts";
import { judgeRequest, judgeResponse, type Judged } from "../../../../test/support/wire-judge.ts";
import { isomorphicDecode, isomorphicEncode } from "./isomorphic.ts";
import { RequestReader } from "./request-reader.ts";
import { ResponseReader } from "./response-reader.ts";

const cases = Number(process.env["CORSWAY_FUZZ"] ?? 5_000);
const seed = runSeed();

interface Ours {
  /** Why it was refused. */
  code?: string;
  read?: Omit<Judged, "length">;
  length: number;
}

/** The text in pieces, cut where `cut` says. */
function pieces(text: string, cut: number): Uint8Array[] {
  const bytes = isomorphicEncode(text)!;
  const at = cut % (bytes.length + 1);
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

function ours(kind: "request" | "response", text: string, cut: number): Ours {
  const result: Ours = { length: 0 };
  const seen = { method: "", target: "", status: 0, version: "", fields: [] as readonly string[] };
  let body = "";
  const sink = {
    interim() {},
    head(head: Partial<typeof seen>) {
      const { method = "", target = "", status = 0, version = "", fields = [] } = head;
      Object.assign(seen, { method, target, status, version, fields });
    },
    body: (bytes: Uint8Array) => void (body += isomorphicDecode(bytes)),
    end: () => void (result.read = { ...seen, body }),
    fault: ({ code }: { code: string }) => void (result.code = code),
  };
  const reader = kind === "request" ? new RequestReader(sink) : new ResponseReader(sink);
  if (reader instanceof ResponseReader) reader.next("GET");
  for (const piece of pieces(text, cut)) result.length += reader.push(piece);
  if (!reader.done) reader.end();
  return result;
}

/** Where llhttp accepts what ours refuses: the standard forbids it, or we bound it. */
const onlyLlhttp: ReadonlySet<string> = new Set([
  "version-not-supported", // HTTP/2.0 and HTTP/0.9 on a line of HTTP/1.1
  "framing-lookalike", // our own rule
  "transfer-encoding-not-supported", // a coding that is not chunked, or chunked in HTTP/1.0
  "content-length-malformed", // more digits than a number holds exactly
  "start-line-malformed",
  "status-not-allowed",
  "target-malformed", // bytes from 0x80
  "chunk-malformed", // an extension without a name or value
  "chunk-too-large", // more digits than a number holds exactly
  "header-value-malformed", // control bytes
  "not-http", // an empty line in front of a response
  "unexpected-upgrade",
  "bare-cr",
  "bare-lf", // an empty line in front of a request that is a line feed alone
]);

/**
 * White space around a value is not part of it, tabs included (RFC 9112 §5.1); llhttp counts a tab
 * behind `chunked` in. It refuses such a request, and reads such a response to the connection's end.
 * Neither does harm here: both are framed anew when they are passed on.
 */
const tabbedCoding = /\r\ntransfer-encoding:[^\r]*\t[ \t]*\r\n/i;

/** Where ours accepts what llhttp refuses. */
function onlyOurs(read: Omit<Judged, "length">, text: string): string | undefined {
  // A method is any token (RFC 9110 §9.1); llhttp knows a list.
  if (read.method !== "" && !/^(GET|POST|PUT|DELETE|OPTIONS)$/.test(read.method)) return "method";
  // A target is visible ASCII; llhttp parses absolute ones, and refuses some characters in their hosts.
  if (read.target !== "" && !read.target.startsWith("/")) return "target";
  if (/^[^ ]*[^!-~]/.test(read.target)) return "target";
  // 1 or 0 behind the dot is all that there is; the status has three digits and may have no reason.
  if (read.status !== 0 && /^HTTP\/1\.\d \d{3}\r\n/.test(text)) return "no reason";
  // HTTP/1.0 has no 1xx (RFC 9110 §15.2); llhttp takes one for the answer, and its connection for over.
  if (text.startsWith("HTTP/1.0 1")) return "interim of HTTP/1.0";
  // A trailer that would frame a message is dropped like any other trailer; llhttp counts it in.
  if (
    /\r\n(content-length|transfer-encoding):[^]*\r\n\r\n[^]*\r\n(content-length|transfer-encoding):/i.test(
      text,
    )
  )
    return "trailer";
  return undefined;
}

for (const kind of ["request", "response"] as const)
  test(`${kind}s: our codec, the judge and llhttp read ${cases} messages alike`, (t: TestContext) => {
    const draw = drawFrom(seed + (kind === "request" ? 1 : 2));
    const counts = { both: 0, ours: 0, llhttp: 0, neither: 0 };
    const classes = new Map<string, number>();
    for (let i = 0; i < cases; i++) {
      const text = drawMessage(kind, draw);
      const mine = ours(kind, text, draw.below(4) === 0 ? draw.below(400) : 0);
      const judged = kind === "request" ? judgeRequest(text) : judgeResponse(text);
      const where = `seed ${seed}, case ${i}: ${JSON.stringify(text)}`;
      if (mine.code !== undefined) assert.equal(judged, undefined, `ours: ${mine.code}; ${where}`);
      else assert.deepEqual({ ...mine.read, length: mine.length }, judged, where);
      const { read } = mine;
      const message = read === undefined ? text : text.slice(0, mine.length);
      const theirs = readWithLlhttp(kind, isomorphicEncode(message)!);
      if (read !== undefined && tabbedCoding.test(message)) {
        classes.set("tab", (classes.get("tab") ?? 0) + 1);
      } else if (read !== undefined && theirs !== undefined) {
        counts.both++;
        assert.deepEqual(comparable(read), theirs, where);
      } else if (read !== undefined) {
        counts.ours++;
        const why = onlyOurs(read, text);
        assert.ok(why !== undefined, `only ours accepts; ${where}`);
        classes.set(why, (classes.get(why) ?? 0) + 1);
      } else if (theirs !== undefined) {
        counts.llhttp++;
        const why = mine.code!;
        assert.ok(onlyLlhttp.has(why), `only llhttp accepts, ours says ${why}; ${where}`);
        classes.set(why, (classes.get(why) ?? 0) + 1);
      } else counts.neither++;
    }
    t.diagnostic(`seed ${seed}: ${JSON.stringify({ ...counts, ...Object.fromEntries(classes) })}`);
    assert.ok(counts.both > cases / 5, "too few are accepted: nothing is proved");
    assert.ok(counts.neither > cases / 10, "too few are refused: nothing is proved");
  });

function comparable({
  method,
  target,
  status,
  version,
  fields,
  body,
}: LlhttpMessage | Omit<Judged, "length">) {
  return { method, target, status, version, fields: [...fields], body };
}
