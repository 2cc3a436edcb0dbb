// What a change of the configuration opens and closes, field by field, for each place where requests are
// decided.

import type { EffectiveCors, EffectiveServer } from "../config/effective.ts";

export interface EffectiveChange {
  readonly server: string;
  /** Absent: where no location fits. */
  readonly location?: string;
  readonly field: string;
  /** `opens`: pages can do more than before. `changes`: neither more nor less can be said. */
  readonly what: "opens" | "closes" | "changes";
  readonly before: unknown;
  readonly after: unknown;
}

/** Places that are in both, and those that came or went. */
export function effectiveChanges(
  before: readonly EffectiveServer[],
  after: readonly EffectiveServer[],
): readonly EffectiveChange[] {
  const old = placesOf(before);
  const fresh = placesOf(after);
  const changes: EffectiveChange[] = [];
  for (const [key, place] of fresh) {
    const known = old.get(key);
    const at = {
      server: place.server,
      ...(place.location !== undefined && { location: place.location }),
    };
    if (known === undefined)
      changes.push({
        ...at,
        field: "location",
        what: "opens",
        before: null,
        after: place.cors.kind,
      });
    else for (const change of compared(known.cors, place.cors)) changes.push({ ...at, ...change });
  }
  for (const [key, { server, location, cors }] of old)
    if (!fresh.has(key))
      changes.push({
        server,
        ...(location !== undefined && { location }),
        field: "location",
        what: "closes",
        before: cors.kind,
        after: null,
      });
  return changes;
}

interface PlaceCors {
  readonly server: string;
  readonly location?: string;
  readonly cors: EffectiveCors;
}

function placesOf(servers: readonly EffectiveServer[]): Map<string, PlaceCors> {
  const places = new Map<string, PlaceCors>();
  for (const { name: server, locations, fallback } of servers) {
    for (const { name, cors } of locations)
      places.set(`${server}\n${name}`, { server, location: name, cors });
    places.set(server, { server, cors: fallback });
  }
  return places;
}

type Compared = Omit<EffectiveChange, "server" | "location">;

function compared(before: EffectiveCors, after: EffectiveCors): readonly Compared[] {
  if (before.kind !== after.kind)
    return [
      {
        field: "cors",
        what: before.kind === "closed" ? "opens" : after.kind === "closed" ? "closes" : "changes",
        before: before.kind,
        after: after.kind,
      },
    ];
  const changes = comparedFields(before.fields ?? {}, after.fields ?? {});
  const [was, is] = [before.rules ?? [], after.rules ?? []];
  const [order, newOrder] = [was, is].map((rules) => rules.map(({ policy }) => policy));
  if (JSON.stringify(order) !== JSON.stringify(newOrder))
    return [...changes, { field: "rules", what: "changes", before: order, after: newOrder }];
  return [
    ...changes,
    ...is.flatMap(({ fields }, index) => comparedFields(was[index]!.fields, fields)),
  ];
}

type Fields = NonNullable<EffectiveCors["fields"]>;

function comparedFields(before: Fields, after: Fields): readonly Compared[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((field) => {
    const [was, is] = [before[field]?.value ?? null, after[field]?.value ?? null];
    return JSON.stringify(was) === JSON.stringify(is) ? [] : comparedField(field, was, is);
  });
}

function comparedField(field: string, before: unknown, after: unknown): readonly Compared[] {
  if (typeof before === "boolean" && typeof after === "boolean")
    return [{ field, what: after ? "opens" : "closes", before, after }];
  if (!isList(before) || !isList(after)) return [{ field, what: "changes", before, after }];
  const [was, is] = [listOf(before), listOf(after)];
  const added = is.filter((one) => !was.includes(one));
  const removed = was.filter((one) => !is.includes(one));
  return [
    ...(added.length > 0 ? [{ field, what: "opens" as const, before: null, after: added }] : []),
    ...(removed.length > 0
      ? [{ field, what: "closes" as const, before: removed, after: null }]
      : []),
  ];
}

const isList = (value: unknown): boolean => value === null || value === "*" || Array.isArray(value);

function listOf(value: unknown): readonly string[] {
  return value === null ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
}
