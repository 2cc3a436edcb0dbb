// Pingap's `includes = ["name"]`: the TOML text of [storages.name] is merged over the table that names
// it. Places stay correct: what came from a storage points there.

import { parse } from "smol-toml";
import type { Diagnostic } from "@corsway/cors/diagnostics";
import { show, tomlKey } from "../tree/show.ts";
import { Spot } from "../tree/spot.ts";
import { isTable, type Table, type Tree } from "../tree/tree.ts";

export function layIncludes(tree: Tree, diagnostics: Diagnostic[]): void {
  for (const section of ["servers", "locations", "upstreams"]) {
    const entries = tree.value[section];
    if (!isTable(entries)) continue;
    for (const [name, entry] of Object.entries(entries)) {
      if (!isTable(entry) || !("includes" in entry)) continue;
      const spot = new Spot(tree, diagnostics, [section, name, "includes"]);
      const names: unknown = entry["includes"];
      if (Array.isArray(names)) {
        for (const [index, storage] of names.entries()) lay(entry, storage, spot.at(index));
      } else {
        spot.fault("pingap/storage", {
          message: "`includes` is not an array",
          why: "it names storages whose text is merged over this table",
          fix: 'write includes = ["name"]',
        });
      }
    }
  }
}

function lay(entry: Table, name: unknown, spot: Spot): void {
  const { tree } = spot;
  const storages = tree.value["storages"];
  const storage = isTable(storages) && typeof name === "string" ? storages[name] : undefined;
  const text = isTable(storage) ? storage["value"] : undefined;
  if (typeof text !== "string" || typeof name !== "string") {
    return spot.fault("pingap/storage", {
      message: `there is no storage ${show(name)} with a \`value\``,
      why: "what the include adds to this table is missing, possibly the keys that control access",
      fix: `write [storages.${typeof name === "string" ? tomlKey(name) : "NAME"}] and below it value = "…", or remove the include`,
    });
  }
  const from = ["storages", name, "value"];
  try {
    const written = tree.written(from);
    for (const [key, value] of Object.entries(parse(text, { maxDepth: 16 }))) {
      entry[key] = value;
      const [section, table] = spot.path as [string, string];
      if (written) tree.graft([section, table, key], written.document, [...written.path, key]);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    spot.fault("pingap/storage", {
      message: `the storage \`${name}\` is not TOML: ${reason}`,
      why: "what the include adds to this table cannot be read",
      fix: "correct the storage's `value`",
      also: [{ path: from, say: "its value" }],
    });
  }
}
