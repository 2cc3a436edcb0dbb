// What the files hold, as the form needs it: where policies are written, and where `cors` is.

import { fieldOfKey, policyFields } from "@corsway/cors/policy";
import { printPath } from "@corsway/cors/diagnostics";
import { parse } from "smol-toml";
import type { ConfigFile } from "../api/shapes.ts";

export type Table = Readonly<Record<string, unknown>>;

/** Undefined: the text is not TOML at the moment. */
export function readTable(text: string): Table | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** A policy, where it is written. */
export interface PolicyPlace {
  readonly file: string;
  readonly path: readonly (string | number)[];
  /** The name of a policy; for one that is written inline, the place. */
  readonly title: string;
  readonly fields: Table;
}

/** A level that may say `cors`. */
export interface CorsPlace {
  readonly file: string;
  readonly path: readonly string[];
  readonly title: string;
  /** What it says now; undefined: nothing. */
  readonly cors: unknown;
}

export function policyPlaces(files: readonly ConfigFile[]): readonly PolicyPlace[] {
  const places: PolicyPlace[] = [];
  const inline: PolicyPlace[] = [];
  for (const { name: file, text } of files) {
    const table = readTable(text) ?? {};
    for (const [name, fields] of entriesOf(table["policies"]))
      places.push({ file, path: ["policies", name], title: name, fields });
    for (const { path, title, cors } of corsPlacesOf(file, table)) {
      const at = [...path, "cors"];
      if (isTable(cors)) inline.push({ file, path: at, title, fields: cors });
      if (Array.isArray(cors))
        for (const [index, rule] of cors.entries())
          if (isTable(rule))
            inline.push({
              file,
              path: [...at, index],
              title: `${title}, rule ${index + 1}`,
              fields: rule,
            });
    }
  }
  return [...places, ...inline];
}

export function corsPlaces(files: readonly ConfigFile[]): readonly CorsPlace[] {
  const places = files.flatMap(({ name, text }) => corsPlacesOf(name, readTable(text) ?? {}));
  const hasGlobal = places.some(({ path }) => path[0] === "global");
  const first = files[0];
  if (hasGlobal || first === undefined) return places;
  return [{ file: first.name, path: ["global"], title: "global", cors: undefined }, ...places];
}

function corsPlacesOf(file: string, table: Table): readonly CorsPlace[] {
  const places: CorsPlace[] = [];
  const global = table["global"];
  if (isTable(global))
    places.push({ file, path: ["global"], title: "global", cors: global["cors"] });
  for (const [kind, title] of [
    ["servers", "server"],
    ["locations", "location"],
  ] as const)
    for (const [name, value] of entriesOf(table[kind]))
      places.push({ file, path: [kind, name], title: `${title} ${name}`, cors: value["cors"] });
  return places;
}

/** The value of a field and the key that it is written with. */
export function writtenField(
  { fields }: PolicyPlace,
  snake: string,
): { readonly key: string; readonly value: unknown } {
  const camel = policyFields.find((one) => one.snake === snake)?.camel;
  const key = Object.keys(fields).find((one) => one === snake || fieldOfKey(one) === camel);
  return key === undefined || (camel === undefined && key !== snake)
    ? { key: snake, value: undefined }
    : { key, value: fields[key] };
}

/** As diagnostics and the effective configuration print it. */
export function printedPath(place: PolicyPlace, key?: string): string {
  return printPath(key === undefined ? place.path : [...place.path, key]);
}

function entriesOf(value: unknown): readonly (readonly [string, Table])[] {
  return isTable(value)
    ? Object.entries(value).filter((entry): entry is [string, Table] => isTable(entry[1]))
    : [];
}

function isTable(value: unknown): value is Table {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}
