// Policies cannot be bypassed: a path that an upstream may read differently from this gateway (see
// path-readings.ts) is also routed in each of those readings. If one leads to another policy, the request is
// ambiguous. `//admin/x` is routed to `/`, and nginx serves it as `/admin/x`.
//
// A reading that leads to no location does not count: there is no policy there to bypass.

import type { Steps } from "@corsway/cors/policy";
import { compileRe2 } from "../regex/re2.ts";
import type { LocationConfig, PathMatch, RouteConfig, ServerConfig } from "../config/config.ts";
import { hasSeveralVoices, voicesOf, type Voice } from "../config/voices.ts";
import { canonicalPrefix } from "./path-index.ts";
import {
  climbs,
  fullReading,
  hasMarks,
  hasUpperCase,
  lowerCase,
  readingsOf,
} from "./path-readings.ts";
import { Router, type Group, type Routed } from "./router.ts";

export interface Ambiguity {
  /** What the other reading does: `slashes merged`. */
  readonly reading: string;
  /** Where it leads; absent if it climbs out of its own folder. */
  readonly location?: string;
}

/** For the log: `slashes merged: admin`. */
export function sayAmbiguity({ reading, location }: Ambiguity): string {
  return `${reading}: ${location ?? "a dot segment"}`;
}

/** `own` is the location to which the path as it is leads; `host` and `path` as the router takes them. */
export type PathGuard = (
  host: string,
  path: string,
  method: string,
  own: LocationConfig,
) => Ambiguity | undefined;

/** A location under its path in another reading. */
interface Reread extends Routed {
  readonly written: LocationConfig;
}

/** Locations between two steps. */
const perStep = 16;

/** A path without marks costs a single scan. Undefined: the server has one policy. */
export function* compilePathGuard(
  server: Pick<ServerConfig, "routes" | "fallback">,
  router: Router<Routed>,
): Steps<PathGuard | undefined> {
  if (!hasSeveralVoices(server)) return undefined;
  const { routes } = server;
  const speakers = new Map<LocationConfig, Speaker>();
  const ends = new Set<string>();
  let isCased = false;
  let isReducible = false;
  for (const [index, route] of routes.entries()) {
    const { location, cors } = route;
    speakers.set(location, speaker(cors));
    isCased ||= hasCase(route);
    isReducible ||= isReduced(location.path);
    addSlashedEnd(location.path, ends);
    if (index % perStep === perStep - 1) yield;
  }
  // Paths of locations are read in the same ways as the request's, if that changes them.
  const reduce = (path: string): string => lowerCase(fullReading(path));
  const folded = isCased ? yield* rereadRouter(routes, lowerCase) : undefined;
  const reduced = isReducible ? yield* rereadRouter(routes, reduce) : undefined;
  const always = folded !== undefined || reduced !== undefined || ends.size > 0;

  return (host, path, method, own) => {
    if (own.ambiguousPaths === "allow") return undefined;
    const marked = hasMarks(path);
    if (!marked && !always && !hasUpperCase(path)) return undefined;
    const voice = speakers.get(own)!(path, false);
    const other = (
      router: Router<Routed | Reread>,
      read: string,
      anyCase: boolean,
    ): string | undefined => {
      const group = router.find(host, read);
      const differs = (one: LocationConfig): boolean => speakers.get(one)!(read, anyCase) !== voice;
      return group && findOther(group, method, differs)?.name;
    };
    const anyCase = folded ?? router;

    for (const { path: read, steps } of marked ? readingsOf(path) : asItIs(path)) {
      const say = (location?: string, ...more: readonly string[]): Ambiguity => ({
        reading: [...steps, ...more].join(", "),
        ...(location !== undefined && { location }),
      });
      if (climbs(read)) return say();
      if (steps.length > 0) {
        const found = other(router, read, false);
        if (found !== undefined) return say(found);
      }
      const lower = lowerCase(read);
      if (folded !== undefined || lower !== read) {
        const found = other(anyCase, lower, true);
        if (found !== undefined) return say(found, "upper and lower case alike");
      }
      if (ends.size > 0) {
        const turned = lower.endsWith("/") ? lower.slice(0, -1) : `${lower}/`;
        const found = ends.has(turned) ? other(anyCase, turned, true) : undefined;
        if (found !== undefined) return say(found, "with or without a slash at the end");
      }
    }
    const found = reduced && other(reduced, reduce(path), true);
    return found === undefined
      ? undefined
      : { reading: "the location's own path", location: found };
  };
}

function asItIs(path: string): ReturnType<typeof readingsOf> {
  return [{ path, steps: [] }];
}

type Speaker = (path: string, anyCase: boolean) => Voice;

function speaker(cors: RouteConfig["cors"]): Speaker {
  const [voice, outside] = voicesOf(cors) as [Voice, Voice?];
  if (cors.kind !== "policy" || cors.path === undefined) return () => voice;
  const exact = compileRe2(cors.path);
  const folded = compileRe2(inAnyCase(cors.path));
  return (path, anyCase) => ((anyCase ? folded : exact).test(path) ? voice : outside!);
}

/**
 * A location of the group that takes the method, and differs. Paths that only a reading makes one are all
 * asked, since any of them may be meant; of each the first that takes the method, as the router does.
 */
function findOther(
  { locations }: Group<Routed | Reread>,
  method: string,
  differs: (location: LocationConfig) => boolean,
): LocationConfig | undefined {
  const all = locations.map((one) => ("written" in one ? one.written : one.config));
  const taken = new Set<string>();
  for (const location of all) {
    const path = JSON.stringify(location.path);
    if (taken.has(path) || !takes(location, method)) continue;
    taken.add(path);
    if (differs(location)) return location;
  }
  return taken.size > 0 ? undefined : all.find(differs);
}

function takes({ methods }: LocationConfig, method: string): boolean {
  if (methods === undefined || methods.includes(method)) return true;
  return method === "HEAD" && methods.includes("GET");
}

function* rereadRouter(
  routes: readonly RouteConfig[],
  read: (path: string) => string,
): Steps<Router<Reread>> {
  const router = new Router<Reread>();
  for (const [index, route] of routes.entries()) {
    router.add(reread(route, read));
    if (index % perStep === perStep - 1) yield;
  }
  return router;
}

function reread({ location }: RouteConfig, read: (path: string) => string): Reread {
  const { path } = location;
  return { config: { ...location, path: pathInReading(path, read) }, written: location };
}

function pathInReading(path: PathMatch, read: (path: string) => string): PathMatch {
  if (path.kind === "any") return path;
  if (path.kind === "regex") return { kind: "regex", source: inAnyCase(path.source) };
  return { kind: path.kind, path: read(canonicalPrefix(path.path)) };
}

function inAnyCase(source: string): string {
  return `(?i)${source}`;
}

/** Is a path of this location, or of its policy, another one in lower case? */
function hasCase({ location: { path }, cors }: RouteConfig): boolean {
  // `\S`, `\W` and their like are not letters.
  const inRegex = (source: string): boolean => hasUpperCase(source.replace(/\\[A-Za-z]/g, ""));
  if (cors.kind === "policy" && cors.path !== undefined && inRegex(cors.path)) return true;
  if (path.kind === "any") return false;
  if (path.kind === "regex") return inRegex(path.source);
  const canonical = canonicalPrefix(path.path);
  return lowerCase(canonical) !== canonical;
}

function isReduced(match: PathMatch): boolean {
  if (match.kind === "any" || match.kind === "regex") return false;
  const path = canonicalPrefix(match.path);
  return fullReading(path) !== path;
}

/** The path of a location that takes it with a slash at its end and not without one, or the reverse. */
function addSlashedEnd(match: PathMatch, ends: Set<string>): void {
  if (match.kind === "any" || match.kind === "regex") return;
  const path = lowerCase(canonicalPrefix(match.path));
  if (match.kind === "exact" || (path.length > 1 && path.endsWith("/"))) ends.add(path);
}
