import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { readPolicy } from "../policy/read/read.ts";
import { policyCodes } from "./codes.ts";
import type { PolicyCode } from "./codes.ts";

// One code stands in four places: the register, a vector that raises it, a near miss that does not,
// and a section of the reference. This joins them.

const root = new URL("../../../../", import.meta.url);
const vectors = new URL("vectors/diagnostics/policy/", root);

interface Vector {
  readonly code: PolicyCode;
  readonly hit: unknown;
  readonly miss: unknown;
}

/** JSON cannot write what only a program can make; two words stand for it. */
function input(written: unknown): unknown {
  if (typeof written !== "object" || written === null) return written;
  if ("$getterThrows" in written)
    return Object.defineProperty({}, written.$getterThrows as string, {
      enumerable: true,
      get(): never {
        throw new Error("no");
      },
    });
  if ("$arrayOfLength" in written)
    return { allow_origins: Array.from({ length: written.$arrayOfLength as number }, () => "*") };
  return written;
}

for (const file of readdirSync(vectors)) {
  const vector = JSON.parse(readFileSync(new URL(file, vectors), "utf8")) as Vector;
  test(`${vector.code} is raised by its vector and not by its near miss`, () => {
    assert.equal(file, `${vector.code.replace("policy/", "")}.json`);
    const hit = readPolicy(input(vector.hit)).diagnostics.filter(
      ({ code }) => code === vector.code,
    );
    assert.ok(hit.length > 0, "the vector raises it");
    for (const { severity, message, why } of hit) {
      assert.equal(severity, policyCodes[vector.code].severity);
      assert.ok(!message.includes("\n") && !message.endsWith("."), message);
      assert.match(message, /^[`a-z]/, "lower case");
      assert.ok(why !== "" && !why.endsWith("."), why);
    }
    const miss = readPolicy(input(vector.miss));
    assert.deepEqual(
      miss.diagnostics.filter(({ code }) => code === vector.code),
      [],
    );
    assert.ok(miss.policy !== undefined, "the near miss is a sound policy");
  });
}

test("the register, the vectors and the reference list the same codes", () => {
  const registered = Object.keys(policyCodes).sort();
  const tested = readdirSync(vectors).map((file) => `policy/${file.replace(".json", "")}`);
  assert.deepEqual(tested.sort(), registered);
  const reference = readFileSync(new URL("docs/reference/diagnostics.md", root), "utf8");
  const sections = [...reference.matchAll(/^## (policy\/\S+)$/gm)].map(([, code]) => code!);
  assert.deepEqual(sections.toSorted(), registered);
  for (const code of Object.keys(policyCodes) as PolicyCode[]) {
    const at = reference.indexOf(`## ${code}\n`);
    const section = reference.slice(at, reference.indexOf("\n## ", at + 1) >>> 0);
    assert.equal(section.split("*")[1], policyCodes[code].severity, code);
    assert.match(section, /\*\*Why\.\*\*[^]*\*\*Fix\.\*\*/, code);
  }
});
