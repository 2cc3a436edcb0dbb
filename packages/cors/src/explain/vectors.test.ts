// Each kind of failure, as a page and a server in vectors/explain/*.json, with the exact text that
// a person gets. UPDATE_VECTORS=1 writes the texts anew; read what it changed before committing it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { HeaderList } from "../standard/message.ts";
import type { PageRequest } from "../browser/request.ts";
import { reasonCodes } from "../browser/verdict.ts";
import type { EngineName } from "../browser/engine.ts";
import type { BrowserResponder } from "../browser/sending.ts";
import { explainSync } from "./explain.ts";
import { printExplanation } from "./print.ts";

interface Vector {
  readonly name: string;
  readonly page: PageRequest;
  readonly engine?: EngineName;
  /** By kind and URL; a string is the reason of a network failure. */
  readonly server: readonly {
    readonly on: "preflight" | "actual";
    readonly url?: string;
    readonly answer: { readonly status: number; readonly headers: HeaderList } | string;
  }[];
  readonly reason?: string;
  text: readonly string[];
}

const folder = new URL("../../../../vectors/explain/", import.meta.url);

function serverOf(vector: Vector): BrowserResponder {
  return (request, sending) => {
    const found = vector.server.find(
      ({ on, url }) => on === sending.kind && (url === undefined || url === request.url),
    );
    assert.ok(found !== undefined, `${vector.name}: asked ${request.method} ${request.url}`);
    return typeof found.answer === "string"
      ? { kind: "network-error", why: found.answer }
      : found.answer;
  };
}

const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
const covered = new Set<string | undefined>();

for (const file of files)
  test(`explained in words: ${file}`, () => {
    const url = new URL(file, folder);
    const vectors = JSON.parse(readFileSync(url, "utf8")) as Vector[];
    for (const vector of vectors) {
      const options = vector.engine === undefined ? {} : { engine: vector.engine };
      const explanation = explainSync(vector.page, serverOf(vector), options);
      covered.add(explanation.verdict.reason);
      const text = printExplanation(explanation).trimEnd().split("\n");
      if (process.env["UPDATE_VECTORS"]) vector.text = text;
      assert.deepEqual(text, vector.text, vector.name);
      assert.equal(explanation.verdict.reason, vector.reason, vector.name);
    }
    if (process.env["UPDATE_VECTORS"]) writeFileSync(url, `${JSON.stringify(vectors, null, 1)}\n`);
  });

test("every block reason has an explanation text", () => {
  assert.deepEqual(
    reasonCodes.filter((reason) => !covered.has(reason)),
    [],
  );
  const listed = new Set<string | undefined>([undefined, ...reasonCodes]);
  assert.deepEqual(
    [...covered].filter((reason) => !listed.has(reason)),
    [],
  );
});
