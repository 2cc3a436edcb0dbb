// The policies that decide on a gateway, as they are written. What levels have merged is under the name
// of the place, because it is written nowhere as a whole.

import type { EffectiveField, EffectiveServer } from "../api/shapes.ts";

export type Fields = Readonly<Record<string, EffectiveField>>;

/** The policies that decide, by name, as readPolicy takes them. */
export function servedPolicies(servers: readonly EffectiveServer[]): ReadonlyMap<string, unknown> {
  return new Map([...servedFields(servers)].map(([name, fields]) => [name, writtenPolicy(fields)]));
}

/** Their fields, with where each is written. */
export function servedFields(servers: readonly EffectiveServer[]): ReadonlyMap<string, Fields> {
  const found = new Map<string, Fields>();
  const add = (name: string, place: string, fields: Fields): void => {
    const known = found.get(name);
    const isSame =
      known !== undefined &&
      JSON.stringify(writtenPolicy(known)) === JSON.stringify(writtenPolicy(fields));
    if (known === undefined || isSame) found.set(name, fields);
    else found.set(`${name} (${place})`, fields);
  };
  for (const { name: server, locations, fallback } of servers)
    for (const [place, cors] of [
      ...locations.map(({ name, cors }) => [name, cors] as const),
      [server, fallback] as const,
    ]) {
      if (cors.fields !== undefined) add(cors.policy ?? place, place, cors.fields);
      for (const { policy, fields } of cors.rules ?? []) add(policy, place, fields);
    }
  return found;
}

/** As readPolicy takes it: without what is only information, and without the gateway's `path`. */
export function writtenPolicy(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name, { value }]) => value !== null && name !== "path")
      .map(([name, { value }]) => [name, value]),
  );
}
