// Every named policy: [policies.NAME], and Pingap's [plugins.NAME] of category "cors".

import type { Diagnostic } from "@corsway/cors";
import type { Level } from "../config.ts";
import type { Known } from "../known.ts";
import type { CorsChoice, RuleChoice } from "../forms/cors-choice.ts";
import { entriesOf } from "../sections/entries.ts";
import type { Layer } from "./layer.ts";
import { unknownName } from "../tree/names.ts";
import { isGuard, noteBuiltIn, noteGuard, policyOfPlugin } from "../pingap/pingap-plugin.ts";
import type { WrittenPolicy } from "./policies.ts";
import { notATable } from "../sections/section.ts";
import { quote } from "@corsway/cors/diagnostics";
import { tomlString } from "../tree/show.ts";
import { Spot } from "../tree/spot.ts";
import { isTable, type Tree } from "../tree/tree.ts";

export class Register {
  readonly #known: Known;
  readonly policies: Map<string, WrittenPolicy> = new Map();
  /** Plugins of other categories, by name: a location may name them, and it means nothing here. */
  readonly otherPlugins: Map<string, unknown> = new Map();

  constructor(known: Known) {
    this.#known = known;
  }

  /** What a level's `cors` says; undefined after a fault. */
  layer(level: Level, choice: CorsChoice, spot: Spot): Layer | undefined {
    if (choice.kind === "closed" || choice.kind === "upstream") {
      return { level, path: spot.path, choice };
    }
    const owner = spot.path.slice(0, -1).join(".");
    if (choice.kind !== "rules") {
      const written = this.#written(choice, owner, spot);
      return written && { level, path: spot.path, choice: { kind: "policy", written } };
    }
    const rules = choice.rules.flatMap((rule, index) => {
      const at = spot.at(index);
      const written = this.#written(rule, `${owner}[${index}]`, at);
      return written === undefined ? [] : [{ path: at.path, written }];
    });
    if (rules.length < choice.rules.length) return undefined;
    // A list of one rule is that policy.
    const [only] = rules;
    return rules.length === 1
      ? { level, path: only!.path, choice: { kind: "policy", written: only!.written } }
      : { level, path: spot.path, choice: { kind: "rules", rules } };
  }

  /** `owner`: the name of a policy written in place. */
  #written(choice: RuleChoice, owner: string, spot: Spot): WrittenPolicy | undefined {
    if (choice.kind === "inline") return { name: owner, path: spot.path, table: choice.table };
    const written = this.policies.get(choice.name);
    if (written === undefined && this.#known.tables)
      unknownName("policy", choice.name, [...this.policies.keys(), "upstream"], spot);
    return written;
  }

  /** The CORS plugin in a location's list. */
  plugins(names: readonly string[], location: Spot, hasCors: boolean): Layer | undefined {
    const spot = location.at("plugins");
    const found: string[] = [];
    for (const [index, name] of names.entries()) {
      const other = this.otherPlugins.get(name);
      if (isGuard(other)) noteGuard(name, other, String(location.path[1]), spot.at(index));
      if (this.policies.has(name)) found.push(name);
      else if (name.startsWith("pingap:")) noteBuiltIn(name, spot.at(index));
      else if (!this.otherPlugins.has(name) && this.#known.tables) {
        unknownName("plugin", name, this.policies.keys(), spot.at(index));
      }
    }
    const [first, second] = found;
    if (first === undefined) return undefined;
    const other = hasCors ? "`cors`" : second === undefined ? undefined : quote(second);
    if (other !== undefined) {
      return spot.fault("config/two-policies", {
        message: `the location has two policies: ${other} and ${quote(first)}`,
        why: "a browser gets one response, so one of the two would have no effect",
        fix: hasCors
          ? "keep one; for two parts of a site, write two locations, each with its own path"
          : `keep one; or, if they are for different origins, write both as rules: cors = [${found.map(tomlString).join(", ")}]`,
      });
    }
    const written = this.policies.get(first)!;
    return { level: "location", path: spot.path, choice: { kind: "policy", written } };
  }
}

/** `known`: a name that is not defined may be in a table that could not be read. */
export function readRegister(tree: Tree, known: Known, diagnostics: Diagnostic[]): Register {
  const register = new Register(known);
  const root = new Spot(tree, diagnostics);
  for (const [name, value, spot] of entriesOf("policies", root)) {
    if (!isTable(value)) notATable(spot, value);
    else {
      register.policies.set(name, { name, path: spot.path, table: value });
      if (name === "upstream") reserved(spot);
    }
  }
  for (const [name, value, spot] of entriesOf("plugins", root)) {
    if (!isTable(value)) {
      notATable(spot, value);
      continue;
    }
    const policy = policyOfPlugin(name, value, spot);
    if (policy === undefined) register.otherPlugins.set(name, value["category"]);
    else if (register.policies.has(name)) {
      spot.fault("config/name-taken", {
        key: true,
        message: `${quote(name)} is already the name of a policy`,
        why: "`cors` and `plugins` can name either of them, so the name would be ambiguous",
        fix: "rename one of the two",
        also: [{ path: ["policies", name], key: true, say: "the policy" }],
      });
    } else register.policies.set(name, { name, path: spot.path, table: policy, plugin: value });
  }
  return register;
}

function reserved(spot: Spot): void {
  spot.fault("config/name-taken", {
    key: true,
    message: "`upstream` cannot be the name of a policy",
    why: 'cors = "upstream" says that the upstream\'s own headers pass',
    fix: "rename the policy",
  });
}
