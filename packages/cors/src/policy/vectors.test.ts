import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { renderText } from "../diagnostics/render-text.ts";
import type { RequestHead } from "../standard/message.ts";
import { compilePolicy } from "./decide/compile.ts";
import type { Decide, Decision } from "./decide/decision.ts";
import { noAccess } from "./decide/no-access.ts";
import type { Policy } from "./policy.ts";
import { readPolicy } from "./read/read.ts";

// vectors/decide/TOPIC.json: language-neutral facts. `policy` is a policy as in a file, a list of them,
// or false.
interface Group {
  readonly name: string;
  readonly policy: unknown;
  readonly cases: readonly {
    readonly name: string;
    readonly request: RequestHead;
    readonly decision: Decision;
  }[];
}

const folder = new URL("../../../../vectors/decide/", import.meta.url);

for (const file of readdirSync(folder).filter((name) => name.endsWith(".json")))
  suite(`decide: ${file.replace(".json", "")}`, () => {
    const groups = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Group[];
    for (const group of groups)
      test(group.name, () => {
        const decide = compiled(group.policy);
        for (const { name, request, decision } of group.cases)
          assert.deepEqual(JSON.parse(JSON.stringify(decide(request))), decision, name);
      });
  });

function compiled(input: unknown): Decide {
  if (input === false) return noAccess;
  return compilePolicy(Array.isArray(input) ? input.map(read) : read(input));
}

function read(input: unknown): Policy {
  const { policy, diagnostics } = readPolicy(input);
  assert.ok(policy !== undefined, renderText(diagnostics));
  return policy;
}
