// Where other pages can write with a visitor's cookies. This is not a fault, but many people do not know
// it: an information line of `check`.

import type { Diagnostic, Policy } from "@corsway/cors";
import { quote } from "@corsway/cors/diagnostics";
import type { Effective } from "../config.ts";
import { Written } from "./policies.ts";
import { Spot } from "../tree/spot.ts";
import type { Tree } from "../tree/tree.ts";

const carriedOut =
  "a POST that needs no preflight (a form, plain text) carries the visitor's cookies, and it is executed before the browser blocks its response";

export function noteOpenWrites(effective: Effective, tree: Tree, diagnostics: Diagnostic[]): void {
  if (effective.kind === "policy") {
    const { name, policy, fields, from } = effective;
    if (!policy.allowCredentials || policy.allowOrigins === "*") return;
    noteOmit(name, policy, fields, from, tree, diagnostics);
  } else if (effective.kind === "rules") {
    const { rules, from } = effective;
    if (!rules.some(({ policy }) => policy.allowCredentials)) return;
    const open = rules.find(({ policy }) => policy.allowOrigins === "*");
    const last = rules.at(-1)!;
    if (open === undefined) noteOmit(last.name, last.policy, last.fields, from, tree, diagnostics);
    else if (from instanceof Written)
      new Spot(tree, diagnostics, from.steps).fault("config/open-writes", {
        message: `pages of every origin can write here, with the visitor's cookies`,
        why: `${carriedOut}; the rule ${quote(open.name)} allows every origin, so \`on_mismatch\` rejects none`,
        fix: 'to keep their writes out, list the origins in that rule, and write on_mismatch = "reject-writes" in the last one',
      });
  }
}

function noteOmit(
  name: string,
  { onMismatch }: Policy,
  fields: Extract<Effective, { kind: "policy" }>["fields"],
  from: Extract<Effective, { kind: "policy" }>["from"],
  tree: Tree,
  diagnostics: Diagnostic[],
): void {
  if (onMismatch !== "omit") return;
  const at = fields.get("on_mismatch") ?? fields.get("allow_credentials") ?? from;
  if (!(at instanceof Written)) return;
  new Spot(tree, diagnostics, at.steps).fault("config/open-writes", {
    message: `pages that ${quote(name)} does not allow can write here, with the visitor's cookies`,
    why: carriedOut,
    fix: 'on_mismatch = "reject-writes" answers such a request with 403 before the upstream gets it',
  });
}
