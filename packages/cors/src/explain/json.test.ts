// The shape that `explain --format json` promises, held key by key and type by type over every
// explanation of vectors/explain/: what a script reads must not depend on the kind of failure.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { reasonCodes } from "../browser/verdict.ts";
import type { PageRequest } from "../browser/request.ts";
import { engines } from "../browser/engines/engines.ts";
import { explainSync } from "./explain.ts";
import { explanationJson } from "./json.ts";

type Check = (value: unknown, at: string) => void;

const text: Check = (value, at) => assert.equal(typeof value, "string", at);
const status: Check = (value, at) =>
  assert.ok(value === 0 || value === 101 || (Number.isInteger(value) && Number(value) >= 200), at);
const flag: Check = (value, at) => assert.equal(typeof value, "boolean", at);
const anything: Check = (value, at) => assert.notEqual(value, undefined, at);

function oneOf(...values: readonly string[]): Check {
  return (value, at) => assert.ok(values.includes(String(value)), `${at}: ${String(value)}`);
}

function listOf(check: Check): Check {
  return (value, at) => {
    assert.ok(Array.isArray(value), at);
    for (const [index, item] of value.entries()) check(item, `${at}[${index}]`);
  };
}

/** Exactly these keys; one with a `?` may be absent. */
function object(keys: Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), at);
    const known = new Map(
      Object.entries(keys).map(([key, check]) => [key.replace("?", ""), check]),
    );
    for (const key of Object.keys(value)) assert.ok(known.has(key), `${at} has ${key}`);
    for (const [key, check] of known)
      if (Object.hasOwn(value, key)) check((value as Record<string, unknown>)[key], `${at}.${key}`);
      else assert.ok(Object.hasOwn(keys, `${key}?`), `${at} lacks ${key}`);
  };
}

const verdict = oneOf("readable", "opaque", "blocked");
const reason = oneOf(...reasonCodes);
const view = object({ verdict, "reason?": reason, "message?": text });
const headers = listOf((value, at) => {
  listOf(text)(value, at);
  assert.equal((value as unknown[]).length, 2, at);
});

const contract = object({
  verdict,
  "reason?": reason,
  "says?": text,
  "why?": text,
  "rule?": object({ name: text, link: text }),
  "culprit?": text,
  sent: flag,
  engines: object({ "standard?": view, "chromium?": view, "firefox?": view, "webkit?": view }),
  wire: listOf(
    object({
      request: object({ method: text, url: text, headers }),
      response: object({ status, headers }),
    }),
  ),
  trace: listOf(object({ algorithm: text, step: text, saw: anything, result: text, link: text })),
  exposedHeaders: listOf(text),
  "cookies?": listOf(object({ name: text, hop: anything, sent: flag, "because?": text })),
  "read?": object({ name: text, readable: flag, because: text }),
  notes: listOf(object({ label: text, text })),
  warnings: listOf(text),
  remedy: listOf(
    object({
      side: oneOf("server", "client"),
      say: text,
      change: listOf((value, at) => {
        const { kind } = value as { kind: string };
        oneOf("header", "status", "request", "policy")(kind, `${at}.kind`);
      }),
      assumptions: listOf(
        object({
          kind: text,
          "on?": text,
          "url?": text,
          "method?": text,
          "needs?": listOf(text),
          "origin?": text,
          "origins?": text,
        }),
      ),
      takesAway: listOf(
        object({ kind: oneOf("other-origins", "origin"), "origin?": text, "origins?": text }),
      ),
    }),
  ),
});

const folder = new URL("../../../../vectors/explain/", import.meta.url);
interface Vector {
  readonly name: string;
  readonly page: PageRequest;
  readonly server: readonly {
    readonly on: string;
    readonly url?: string;
    readonly answer: { readonly status: number; readonly headers: [string, string][] } | string;
  }[];
}
const vectors = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .flatMap((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Vector[]);

test("the JSON of every explanation has exactly the documented keys and types", () => {
  for (const { name, page, server } of vectors) {
    for (const engine of [undefined, ...Object.values(engines).map((each) => each.name)]) {
      const explanation = explainSync(
        page,
        ({ url }, { kind }) => {
          const found = server.find((each) => each.on === kind && (each.url ?? url) === url);
          if (typeof found?.answer === "object") return found.answer;
          return { kind: "network-error", why: found?.answer ?? "not in the vector" };
        },
        engine === undefined ? {} : { engine },
      );
      // As printed: what JSON cannot say is not promised.
      const json = JSON.parse(JSON.stringify(explanationJson(explanation))) as {
        verdict: string;
        reason?: string;
        engines: object;
      };
      contract(json, name);
      assert.equal(json.verdict === "blocked", json.reason !== undefined, name);
      const asked = engine === undefined ? Object.keys(engines) : [engine];
      assert.deepEqual(Object.keys(json.engines), asked, name);
    }
  }
});
