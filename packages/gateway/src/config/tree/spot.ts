// One value in the tree, and where its faults are recorded.

import { printPath, type Diagnostic, type Place, type ValuePath } from "@corsway/cors/diagnostics";
import { codes, type Code } from "./codes.ts";
import type { Tree } from "./tree.ts";

export interface Said {
  readonly message: string;
  readonly why: string;
  /** What to write instead. */
  readonly fix?: string;
  /** The one safe change: TOML text that replaces what the place covers. */
  readonly write?: string;
  /** The caret points to the key instead of the value. */
  readonly key?: true;
  readonly also?: readonly {
    readonly path: ValuePath;
    readonly say: string;
    readonly key?: true;
  }[];
}

export class Spot {
  readonly tree: Tree;
  /** A path is built when it is needed: most values are valid, and their paths are never needed. */
  readonly #parent: Spot | undefined;
  readonly #steps: ValuePath;
  readonly #diagnostics: Diagnostic[];
  readonly #span: readonly [start: number, end: number] | undefined;

  constructor(
    tree: Tree,
    diagnostics: Diagnostic[],
    steps: ValuePath = [],
    parent?: Spot,
    span?: readonly [number, number],
  ) {
    this.tree = tree;
    this.#diagnostics = diagnostics;
    this.#steps = steps;
    this.#parent = parent;
    this.#span = span;
  }

  get path(): ValuePath {
    return this.#parent === undefined ? this.#steps : [...this.#parent.path, ...this.#steps];
  }

  at(...steps: ValuePath): Spot {
    return new Spot(this.tree, this.#diagnostics, steps, this);
  }

  /** A part of the text at this spot: faults point to it, and edit nothing. */
  within(offset: number, length: number): Spot {
    return new Spot(this.tree, this.#diagnostics, [], this, [offset, offset + length]);
  }

  /** Records a fault; returns undefined, so that a reader can return the result. */
  fault(code: Code, said: Said): undefined {
    this.tree.faults.add(code);
    const span = this.#span;
    const found = this.tree.find(this.path, said.key ? { key: true } : span ? { span } : undefined);
    const { write: _, ...unedited } = said;
    const path = printPath(this.path);
    const safe = span === undefined && found?.exact === true;
    this.#diagnostics.push(diagnostic(code, path, found?.place, safe ? said : unedited, this.tree));
  }
}

export function diagnostic(
  code: Code,
  path: string,
  at: Place | undefined,
  said: Said,
  tree?: Tree,
): Diagnostic {
  const edit =
    said.write !== undefined && at !== undefined ? { edit: { at, text: said.write } } : {};
  const also = said.also?.map(({ path, say, key }) => {
    const at = tree?.where(path, key && { key });
    return { path: printPath(path), ...(at && { at }), say };
  });
  return {
    code,
    severity: codes[code].severity,
    path,
    ...(at && { at }),
    message: said.message,
    why: said.why,
    ...(said.fix !== undefined && { fix: { say: said.fix, ...edit } }),
    ...(also && { also }),
  };
}
