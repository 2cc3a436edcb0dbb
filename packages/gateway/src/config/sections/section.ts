// A section of the file as a table of its keys, and how a section is read: every fault of every key at
// once, and for an unknown key the one that was probably meant.

import { fieldOfKey } from "@corsway/cors/policy";
import { wrongType, type Form, type JsonSchema } from "../forms/form.ts";
import { kindOf, show } from "../tree/show.ts";
import type { Spot } from "../tree/spot.ts";
import { isSlip, suggestion } from "../tree/suggestion.ts";
import { isTable } from "../tree/tree.ts";

export interface Key<T> {
  readonly form: Form<T>;
  /** Its purpose: for documentation, and for editors. */
  readonly says: string;
  /** As written in the documentation. */
  readonly default?: string;
}

export type Section = { readonly [key: string]: Key<unknown> };
export type Values<S extends Section> = {
  readonly [K in keyof S]?: S[K] extends Key<infer T> ? T : never;
};

/** For the compiler: keeps the type of each key. */
export function section<S extends Section>(keys: S): S {
  return keys;
}

export function key<T>(form: Form<T>, says: string, def?: string): Key<T> {
  return def === undefined ? { form, says } : { form, says, default: def };
}

/** The keys that could be read. `foreign` prevents a key that is not ours from being a fault. */
export function readSection<S extends Section>(
  section: S,
  value: unknown,
  spot: Spot,
  foreign: (key: string, value: unknown, at: Spot) => boolean = () => false,
): Values<S> {
  const values: { [key: string]: unknown } = {};
  if (!isTable(value)) {
    notATable(spot, value);
    return values as Values<S>;
  }
  for (const [name, item] of Object.entries(value)) {
    const known = Object.hasOwn(section, name) ? section[name] : undefined;
    if (known !== undefined) {
      const read = known.form.read(item, spot.at(name));
      if (read !== undefined) values[name] = read;
    } else if (!foreign(name, item, spot.at(name)))
      unknownKey(name, Object.keys(section), spot, value);
  }
  return values as Values<S>;
}

/** Is neither the key nor a misspelling of it present? A misspelling is already a fault. */
export function lacks(table: object, key: string, section: Section): boolean {
  if (key in table) return false;
  const known = Object.keys(section);
  return Object.keys(table).every(
    (name) => known.includes(name) || suggestion(name, known) !== key,
  );
}

export function notATable(spot: Spot, value: unknown): undefined {
  const name = spot.path.join(".");
  return spot.fault("config/wrong-type", {
    message: `${show(value)} is ${kindOf(value)}, not a table`,
    why: `\`${name}\` has its own keys`,
    fix: `write [${name}] and its keys on the lines below`,
  });
}

export function unknownKey(
  name: string,
  known: readonly string[],
  parent: Spot,
  table: object,
): undefined {
  const meant = suggestion(name, known);
  const free = meant !== undefined && !(meant in table) && isSlip(name, meant);
  const where = parent.path.length === 0 ? "a configuration" : `\`${parent.path[0]}\``;
  const isOfPolicy = meant === undefined && fieldOfKey(name) !== undefined;
  return parent.at(name).fault("config/unknown-key", {
    key: true,
    message: `\`${name}\` is not a key of ${where}`,
    why: "it would be ignored, and what it asks for would silently not happen",
    fix: isOfPolicy
      ? `it is a field of a policy: write it in [policies.NAME] and, where the policy applies, cors = "NAME"`
      : meant === undefined
        ? `known keys: ${known.join(", ")}`
        : `did you mean \`${meant}\`?`,
    ...(free && { write: meant }),
  });
}

/** A table inside a section: `tls = { cert = …, key = … }`. */
export function nested<S extends Section>(section: S): Form<Values<S>> {
  return {
    schema: sectionSchema(section),
    read: (value, spot) => {
      if (isTable(value)) return readSection(section, value, spot);
      const example = Object.keys(section).map((name) => `${name} = "…"`);
      return wrongType(spot, value, `a table: { ${example.join(", ")} }`);
    },
  };
}

export function sectionSchema(section: Section): JsonSchema {
  const properties = Object.entries(section).map(([name, { form, says, default: def }]) => {
    const description = def === undefined ? says : `${says} (default: ${def})`;
    return [name, { ...form.schema, description }];
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  };
}
