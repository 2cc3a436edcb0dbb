// What a change of the configuration opens and closes, for each place where requests are decided.

import { readPolicy, type Policy } from "@corsway/cors";
import type { EffectiveCors, EffectiveLocation, EffectiveServer } from "../config/effective.ts";
import { policyChanges, type PolicyChange } from "./policy-changes.ts";

export interface EffectiveChange extends PolicyChange {
  readonly server: string;
  /** Absent: where no location fits. */
  readonly location?: string;
}

/** Places that are in both, and those that came or went. */
export function effectiveChanges(
  before: readonly EffectiveServer[],
  after: readonly EffectiveServer[],
): readonly EffectiveChange[] {
  const compare = comparer();
  const changes: EffectiveChange[] = [];
  for (const name of new Set([...before, ...after].map((server) => server.name))) {
    const was = before.find((server) => server.name === name);
    const is = after.find((server) => server.name === name);
    const at = (found: readonly PolicyChange[], location?: string): void => {
      for (const change of found)
        changes.push({ server: name, ...(location !== undefined && { location }), ...change });
    };
    at(differing(was && serverFacts(was), is && serverFacts(is), "server"));
    const places = new Set([was, is].flatMap((server) => server?.locations ?? []).map(nameOf));
    for (const place of places) {
      const old = was?.locations.find((location) => location.name === place);
      const fresh = is?.locations.find((location) => location.name === place);
      at(differing(old && routeFacts(old), fresh && routeFacts(fresh), "location"), place);
      // A location that comes or goes takes its paths from another place, or gives them to it.
      at(compare(old?.cors ?? covering(was, fresh), fresh?.cors ?? covering(is, old)), place);
    }
    at(compare(was?.fallback ?? nothing, is?.fallback ?? nothing));
  }
  return changes;
}

const nameOf = ({ name }: EffectiveLocation): string => name;
/** Where nothing is served, no page reads anything. */
const nothing: EffectiveCors = { kind: "closed" };

/** What applies without this location: that of the longest prefix around it, or of the server. */
function covering(
  server: EffectiveServer | undefined,
  location: EffectiveLocation | undefined,
): EffectiveCors {
  if (server === undefined || location === undefined) return nothing;
  const around = server.locations
    .filter(
      ({ name, path, methods, hosts }) =>
        name !== location.name &&
        methods === undefined &&
        hosts.join() === location.hosts.join() &&
        path.startsWith("/") &&
        (location.path.replace(/^= /, "") === path ||
          location.path.replace(/^= /, "").startsWith(path.endsWith("/") ? path : `${path}/`)),
    )
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  return around?.cors ?? server.fallback;
}

type Facts = Readonly<Record<string, unknown>>;

const routeFacts = ({
  path,
  hosts,
  methods,
  upstream,
  ambiguousPaths,
}: EffectiveLocation): Facts => ({
  path,
  hosts,
  methods: methods ?? null,
  upstream: upstream ?? null,
  ambiguous_paths: ambiguousPaths ?? null,
});

const serverFacts = ({ hosts, tls, ambiguousPaths }: EffectiveServer): Facts => ({
  hosts,
  tls,
  "ambiguous paths": ambiguousPaths,
});

/** What is reached changes with these; whether that is more or less cannot be said in pages. */
function differing(
  was: Facts | undefined,
  is: Facts | undefined,
  what: string,
): readonly PolicyChange[] {
  if (was === undefined || is === undefined)
    return was === is
      ? []
      : [
          {
            field: what,
            what: "changes",
            before: was === undefined ? null : "there",
            after: is === undefined ? null : "there",
          },
        ];
  return Object.keys(was).flatMap((field): readonly PolicyChange[] =>
    JSON.stringify(was[field]) === JSON.stringify(is[field])
      ? []
      : [{ field, what: "changes", before: was[field], after: is[field] }],
  );
}

/** One policy is at many places: each pair is compared once. */
function comparer(): (before: EffectiveCors, after: EffectiveCors) => readonly PolicyChange[] {
  const known = new Map<string, readonly PolicyChange[]>();
  return (before, after) => {
    const [was, is] = [JSON.stringify(meaningOf(before)), JSON.stringify(meaningOf(after))];
    if (was === is) return [];
    const key = `${was}\n${is}`;
    const changes = known.get(key) ?? compared(before, after);
    known.set(key, changes);
    return changes;
  };
}

/** Without the places where it is written. */
function meaningOf({ kind, policy, fields = {}, rules = [] }: EffectiveCors): unknown {
  return [
    kind,
    kind === "rules" ? policy : "",
    valuesOf(fields),
    rules.map((rule) => valuesOf(rule.fields)),
  ];
}

type Fields = NonNullable<EffectiveCors["fields"]>;

function valuesOf(fields: Fields): readonly (readonly [string, unknown])[] {
  return Object.entries(fields).map(([name, { value }]) => [name, value]);
}

function compared(before: EffectiveCors, after: EffectiveCors): readonly PolicyChange[] {
  const [was, is] = [policiesOf(before), policiesOf(after)];
  if (was === undefined || is === undefined)
    return [{ field: "cors", what: "changes", before: titleOf(before), after: titleOf(after) }];
  const changes: PolicyChange[] = [...policyChanges(was, is)];
  const [path, newPath] = [before, after].map(({ fields }) => fields?.["path"]?.value ?? null);
  if (path !== newPath)
    changes.push({ field: "path", what: "changes", before: path, after: newPath });
  const [order, newOrder] = [before, after].map(({ rules }) => rules?.map(({ policy }) => policy));
  if (order !== undefined && newOrder !== undefined && order.join("\n") !== newOrder.join("\n"))
    changes.push({ field: "rules", what: "changes", before: order, after: newOrder });
  return changes;
}

/** Undefined: the upstream decides, and what it lets pages do is not known here. */
function policiesOf(cors: EffectiveCors): readonly Policy[] | undefined {
  switch (cors.kind) {
    case "absent":
    case "upstream":
      return undefined;
    case "closed":
      return [];
    case "policy":
      return readable([cors.fields ?? {}]);
    case "rules":
      return readable((cors.rules ?? []).map(({ fields }) => fields));
  }
}

function readable(rules: readonly Fields[]): readonly Policy[] | undefined {
  const policies = rules.map((fields) => {
    const written = valuesOf(fields).filter(([name, value]) => value !== null && name !== "path");
    return readPolicy(Object.fromEntries(written)).policy;
  });
  return policies.every((policy) => policy !== undefined) ? policies : undefined;
}

function titleOf({ kind, policy }: EffectiveCors): string {
  return policy ?? (kind === "absent" ? "left to the upstream" : kind);
}
