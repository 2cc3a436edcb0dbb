// A recipe: the file that a kind of API needs, as data. `corsway init --for` writes it once, as plain text
// that is the person's own from then on. Nothing at run time knows the name of a recipe.

/** A line of the file, and what it is for. */
export interface Setting {
  readonly key: string;
  readonly value: string | boolean | readonly string[];
  /** One or more sentences; the comment above the line. */
  readonly says: string;
}

export interface Recipe {
  /** What `--for` takes. */
  readonly name: string;
  readonly title: string;
  /** Who asks whom, and what goes wrong without this: a paragraph of plain text. */
  readonly about: string;
  /** An address as `--api` takes it; the file has it where the flag is absent. */
  readonly api: string;
  readonly origins: readonly string[] | "*";
  /** Who these pages are. */
  readonly pages: string;
  /** The API's path; absent: every path. */
  readonly path?: string;
  readonly upstream?: readonly Setting[];
  readonly location?: readonly Setting[];
  /** Without `allow_origins`. */
  readonly policy: readonly Setting[];
  /** For the page in docs/recipes: what to know, one sentence or more each. */
  readonly notes: readonly string[];
}
