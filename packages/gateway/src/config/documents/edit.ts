// One value of a TOML text, changed in place: comments, order and every other byte stay. The patching is
// a library's (toml-patch); what it gives is read again and compared, so that an edit that did more than
// it should is refused, not saved.

import { isDeepStrictEqual } from "node:util";
import { parse as parsePatchable, patch } from "@decimalturn/toml-patch";
import { parse } from "smol-toml";

/** `value` absent: the key is removed. */
export interface Edit {
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

/** The edited text. Throws an Error with a sentence for a person if it cannot be edited. */
export function editToml(text: string, edits: readonly Edit[]): string {
  const wanted = apply(parsePatchable(text) as Tree, edits);
  const edited = patch(text, wanted);
  if (!isDeepStrictEqual(plain(parse(edited)), plain(apply(parse(text) as Tree, edits))))
    throw new Error("this change cannot be made in place: edit the file as text");
  return edited;
}

type Tree = Record<string, unknown>;

function apply(tree: Tree, edits: readonly Edit[]): Tree {
  for (const { path, value } of edits) {
    if (path.length === 0) throw new Error("an edit needs a path");
    let at: Tree = tree;
    for (const key of path.slice(0, -1)) {
      const next = at[key as string];
      if (next === undefined) at = at[key as string] = {} as Tree;
      else if (typeof next === "object" && next !== null) at = next as Tree;
      else throw new Error(`\`${path.join(".")}\` passes through a value that is not a table`);
    }
    const last = path.at(-1) as string;
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return tree;
}

/** Without prototypes and library classes, for the comparison. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, one: unknown) => (typeof one === "bigint" ? String(one) : one)),
  );
}
