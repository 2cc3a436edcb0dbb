// Documents → one Tree: sections of named tables are combined by name; other tables may be written only
// once. The overlay of an environment comes last: tables are merged, any other value is replaced.

import { printPath, type Diagnostic, type ValuePath } from "@corsway/cors/diagnostics";
import { basename, dirname } from "node:path";
import { looksLikeCors } from "../pingap/pingap.ts";
import { diagnostic } from "../tree/spot.ts";
import { isTable, table, Tree, type Document, type Table } from "../tree/tree.ts";

/** Sections whose tables have names chosen by a person. */
export const named = [
  "policies",
  "servers",
  "upstreams",
  "locations",
  "plugins",
  "storages",
  "certificates",
] as const;

export function unite(documents: readonly Document[], diagnostics: Diagnostic[]): Tree {
  const tree = new Tree();
  if (documents[0]) tree.graft([], documents[0], []);
  for (const document of documents) {
    const bare = bareEntry(document);
    if (bare !== undefined) {
      place(tree, document, bare, [], document.value, diagnostics);
      continue;
    }
    for (const [name, value] of Object.entries(document.value)) {
      if (isNamed(name) && isTable(value)) {
        for (const [entry, item] of Object.entries(value)) {
          place(tree, document, [name, entry], [name, entry], item, diagnostics);
        }
        if (tree.value[name] === undefined)
          place(tree, document, [name], [name], table(), diagnostics);
      } else place(tree, document, [name], [name], value, diagnostics);
    }
  }
  return tree;
}

export function lay(tree: Tree, overlay: Document): void {
  const merge = (into: Table, from: Table, path: ValuePath): void => {
    for (const [name, value] of Object.entries(from)) {
      const inner = into[name];
      const here = [...path, name];
      if (isTable(inner) && isTable(value)) merge(inner, value, here);
      else {
        into[name] = value;
        tree.graft(here, overlay, here);
      }
    }
  };
  merge(tree.value, overlay.value, []);
}

function isNamed(name: string): boolean {
  return (named as readonly string[]).includes(name);
}

/**
 * A file with the keys of a single table: `plugin.NAME.toml`, as Pingap's documentation writes a plugin,
 * or `locations/NAME.toml` in the folder of a section.
 */
function bareEntry({ path, value }: Document): ValuePath | undefined {
  const file = basename(path, ".toml");
  const plugin = /^plugins?\.(.+)$/.exec(file)?.[1];
  if (plugin !== undefined && looksLikeCors(value)) return ["plugins", plugin];
  const section = basename(dirname(path));
  const keyed = Object.entries(value).some(([name, item]) => isNamed(name) && isTable(item));
  return isNamed(section) && !keyed && Object.keys(value).length > 0 ? [section, file] : undefined;
}

function place(
  tree: Tree,
  document: Document,
  path: ValuePath,
  from: ValuePath,
  value: unknown,
  diagnostics: Diagnostic[],
): void {
  const [section, entry] = path as [string, string?];
  const outer = entry === undefined ? tree.value : inner(tree, document, section);
  const name = entry ?? section;
  if (outer === undefined || name in outer) {
    const at = document.place(from, { key: true });
    const first = tree.where(path, { key: true });
    diagnostics.push({
      ...diagnostic("config/defined-twice", printPath(path), at, {
        message: `\`${printPath(path)}\` is defined in a second file`,
        why: "one of the two would win, only because of the name of its file",
        fix: "keep one of them, or rename this one",
      }),
      ...(first && { also: [{ path: printPath(path), at: first, say: "first defined here" }] }),
    });
    return;
  }
  outer[name] = value;
  tree.graft(path, document, from);
}

function inner(tree: Tree, document: Document, section: string): Table | undefined {
  const found = tree.value[section];
  if (found === undefined) {
    const made = (tree.value[section] = table());
    tree.graft([section], document, [section]);
    return made;
  }
  return isTable(found) ? found : undefined;
}
