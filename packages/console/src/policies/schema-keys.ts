// What the schema of the file offers at a place in the text: the keys of a table, and the words that a
// key takes.

/** As much of JSON Schema as the file's own schema uses. */
export interface FileSchema {
  readonly properties?: Readonly<Record<string, FileSchema>>;
  readonly additionalProperties?: boolean | FileSchema;
  readonly anyOf?: readonly FileSchema[];
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, FileSchema>>;
}

export interface Offer {
  readonly label: string;
  readonly info?: string;
}

/** The keys of `[table]`, a dotted path; those of the file where it is empty. */
export function keysOf(schema: FileSchema, table: string): readonly Offer[] {
  const offers: Offer[] = [];
  for (const [label, { description }] of Object.entries(
    at(schema, partsOf(table))?.properties ?? {},
  ))
    if (/^[a-z_]+$/.test(label))
      offers.push(description === undefined ? { label } : { label, info: description });
  return offers;
}

/** The values that a key of `[table]` takes, as TOML writes them. */
export function valuesOf(schema: FileSchema, table: string, key: string): readonly Offer[] {
  const found = at(schema, [...partsOf(table), key]);
  if (found === undefined) return [];
  const values = new Set<string>();
  for (const form of [found, ...(found.anyOf ?? [])]) {
    const words = form.enum ?? (form.type === "boolean" ? [true, false] : []);
    for (const value of words) values.add(JSON.stringify(value));
    for (const value of form.examples ?? []) values.add(JSON.stringify(value));
  }
  return [...values].map((label) => ({ label }));
}

function at(schema: FileSchema, path: readonly string[]): FileSchema | undefined {
  let here: FileSchema | undefined = schema;
  for (const name of path) {
    here = inside(resolved(schema, here), name);
    if (here === undefined) return undefined;
  }
  return resolved(schema, here);
}

function inside(table: FileSchema, name: string): FileSchema | undefined {
  const { properties, additionalProperties, anyOf } = table;
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  const nested = anyOf?.find((form) => form.properties !== undefined);
  if (nested !== undefined) return inside(nested, name);
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}

/** `#/$defs/policy`: what it refers to. */
function resolved(schema: FileSchema, found: FileSchema): FileSchema {
  const name = /^#\/\$defs\/(.+)$/.exec(found.$ref ?? "")?.[1];
  return (name === undefined ? undefined : schema.$defs?.[name]) ?? found;
}

function partsOf(table: string): readonly string[] {
  return table === "" ? [] : table.split(".").map((part) => part.trim().replace(/^"(.*)"$/, "$1"));
}
