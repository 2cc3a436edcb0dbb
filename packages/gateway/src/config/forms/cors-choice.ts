// What a level says about CORS: `cors = …`.

import { wrongType, type Form, type JsonSchema } from "./form.ts";
import { tomlString } from "../tree/show.ts";
import { isTable, type Table } from "../tree/tree.ts";

export type CorsChoice =
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "inline"; readonly table: Table }
  | { readonly kind: "closed" } // false: no cross-origin access
  | { readonly kind: "upstream" }; // "upstream": its own headers pass

const policy: JsonSchema = { $ref: "#/$defs/policy" };

export const corsChoice: Form<CorsChoice> = {
  schema: { anyOf: [{ type: "string" }, { const: false }, policy] },
  read(value, spot) {
    if (value === false) return { kind: "closed" };
    if (value === "upstream") return { kind: "upstream" };
    if (typeof value === "string") return { kind: "named", name: value };
    if (isTable(value)) return { kind: "inline", table: value };
    if (value !== true)
      return wrongType(spot, value, 'a policy\'s name, a table, false or "upstream"');
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
