// `${NAME}` in a value. It is not replaced: a policy that depends on the process's environment cannot be
// read, reviewed or checked. Use one overlay per environment instead (`--env`).

import { printPath, type ValuePath } from "@corsway/cors/diagnostics";
import { fillsIn, isVariable } from "../pingap/pingap.ts";
import { quote } from "@corsway/cors/diagnostics";
import type { Spot } from "../tree/spot.ts";
import type { Table } from "../tree/tree.ts";

const variable = /\$\{[A-Za-z_][A-Za-z0-9_]*\}/;

/** Reports every variable, and returns the printed paths that have one. */
export function findVariables(root: unknown, spot: Spot): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (value: unknown, path: ValuePath): void => {
    if (typeof value === "string") {
      const whole = fillsIn(path, value) && isVariable(value);
      if (!whole && (!value.includes("${") || takesGroups(path, value))) return;
      const name = whole ? value : variable.exec(value)?.[0];
      if (name === undefined) return;
      found.add(printPath(path));
      spot.at(...path).fault("config/interpolation", {
        message: whole
          ? `${quote(value)} is a variable, and variables are not replaced`
          : `${quote(value)} has a variable, and \`${name}\` is not replaced`,
        why: "a file whose meaning depends on the process's environment cannot be checked before it runs",
        fix: "write the value; put what differs for an environment in corsway.NAME.toml, next to corsway.toml, and select it with --env NAME",
      });
    } else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index += 1) {
        const item: unknown = value[index];
        if (typeof item !== "string" || item.includes("$")) walk(item, [...path, index]);
      }
    } else if (typeof value === "object" && value !== null) {
      for (const name in value) {
        const item = (value as Table)[name];
        if (typeof item === "string" && !/[$:]/.test(item)) continue;
        if (typeof item === "object" || typeof item === "string") walk(item, [...path, name]);
      }
    }
  };
  walk(root, []);
  return found;
}

/** In a rewrite, `${name}` is a group of the pattern; in a regular expression, `${` has its own meaning. */
function takesGroups(path: ValuePath, value: string): boolean {
  return path.at(-1) === "rewrite" || value.trimStart().startsWith("~");
}
