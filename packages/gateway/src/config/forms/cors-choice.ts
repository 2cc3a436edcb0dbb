// What a level says about CORS: `cors = …`.

import { wrongType, type Form, type JsonSchema } from "./form.ts";
import { show, tomlString } from "../tree/show.ts";
import type { Spot } from "../tree/spot.ts";
import { isTable, type Table } from "../tree/tree.ts";

export type CorsChoice =
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "inline"; readonly table: Table }
  | { readonly kind: "rules"; readonly rules: readonly RuleChoice[] } // by origin
  | { readonly kind: "closed" } // false: no cross-origin access
  | { readonly kind: "upstream" }; // "upstream": its own headers pass

/** A policy as one of several rules. */
export type RuleChoice = Extract<CorsChoice, { readonly kind: "named" | "inline" }>;

const policy: JsonSchema = { $ref: "#/$defs/policy" };

export const corsChoice: Form<CorsChoice> = {
  schema: {
    anyOf: [
      { type: "string" },
      { const: false },
      policy,
      { type: "array", items: { anyOf: [{ type: "string" }, policy] }, minItems: 1 },
    ],
  },
  read(value, spot) {
    if (Array.isArray(value)) return readRules(value, spot);
    if (value === false) return { kind: "closed" };
    if (value === "upstream") return { kind: "upstream" };
    if (typeof value === "string") return { kind: "named", name: value };
    if (isTable(value)) return { kind: "inline", table: value };
    if (value !== true)
      return wrongType(
        spot,
        value,
        'a policy\'s name, a table, a list of these, false or "upstream"',
      );
    const policies = spot.tree.value["policies"];
    const names = isTable(policies) ? Object.keys(policies) : [];
    const only = names.length === 1 ? tomlString(names[0]!) : undefined;
    return spot.fault("config/wrong-type", {
      message: "`true` does not say which policy",
      why: "there is no default policy: you must say which pages may read",
      fix: `write the name of a policy${only === undefined ? "" : `: cors = ${only}`}`,
    });
  },
};

function readRules(list: readonly unknown[], spot: Spot): CorsChoice | undefined {
  if (list.length === 0)
    return spot.fault("config/no-rules", {
      message: "the list has no rule",
      why: "a list of rules needs at least one policy that can answer",
      fix: 'name policies, such as cors = ["app", "public"], or write cors = false to refuse every other origin',
    });
  const rules: RuleChoice[] = [];
  for (const [index, value] of list.entries()) {
    if (isTable(value)) rules.push({ kind: "inline", table: value });
    else if (typeof value === "string" && value !== "upstream")
      rules.push({ kind: "named", name: value });
    else faultOfRule(value, spot.at(index));
  }
  return rules.length < list.length ? undefined : { kind: "rules", rules };
}

function faultOfRule(value: unknown, spot: Spot): undefined {
  return spot.fault("config/rule", {
    message: `${show(value)} cannot be one of several rules`,
    why:
      value === "upstream"
        ? "each request is answered either by a policy or by the upstream's own headers, for every origin"
        : value === false
          ? "an origin that no rule allows is refused anyway"
          : "a rule is the name of a policy, or a policy written as a table",
    fix:
      value === false
        ? "remove it; the last rule refuses the origins that no rule allows"
        : 'write policies only, such as cors = ["app", "public"]',
  });
}
