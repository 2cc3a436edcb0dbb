// A recipe: the file that a kind of API needs, as data. `corsway init --for` writes it once, as plain text that
// belongs to the person from then on. Nothing at run time knows the name of a recipe.

/** A line of the file, and its purpose. */
export interface Setting {
  readonly key: string;
  readonly value: string | boolean | readonly string[];
  /** One or more sentences; the comment above the line. */
  readonly says: string;
}

export interface Recipe {
  /** The name that `--for` accepts. */
  readonly name: string;
  readonly title: string;
  /** What calls what, and what goes wrong without this: a paragraph of plain text. */
  readonly about: string;
  /** An address as `--api` accepts it; used in the file if the flag is absent. */
  readonly api: string;
  readonly origins: readonly string[] | "*";
  /** Which pages these are. */
  readonly pages: string;
  /** The API's path; absent: every path. */
  readonly path?: string;
  readonly upstream?: readonly Setting[];
  readonly location?: readonly Setting[];
  /** Without `allow_origins`. */
  readonly policy: readonly Setting[];
  /** For the page in docs/recipes: what to know, one or more sentences each. */
  readonly notes: readonly string[];
}
