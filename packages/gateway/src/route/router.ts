// Which location handles a request: the best host, within it the best path, within those the method. The locations
// that share host and path are a group; a request that matches none of its group is refused by the group and never
// falls through to a shorter path, because then `methods` would be no restriction.
// Ten thousand locations cost what ten cost: maps by host and by path, with a scan only over regular expressions.

import { compileRe2, type Re2 } from "../regex/re2.ts";
import type { HostMatch, LocationConfig, PathMatch } from "../config/config.ts";
import type { CorsLayer } from "./cors-layer.ts";
import { hostTest } from "./host-test.ts";
import { PathIndex } from "./path-index.ts";

/** What the router needs to know about a location; the rest belongs to its owner. */
export interface Routed {
  readonly config: LocationConfig;
}

/** The locations that share a host and a path, by method. */
export class Group<T extends Routed> {
  locations: readonly T[] = [];
  #byMethod: Map<string, T> | undefined;
  #rest: T | undefined;

  add(location: T): void {
    // Most groups have one location, and V8 gives an array room for seventeen at its first push.
    if (this.locations.length === 0) this.locations = [location];
    else (this.locations as T[]).push(location);
  }

  /** The location that accepts this method, in the order of the file. GET includes HEAD. */
  pick(method: string): T | undefined {
    const byMethod = (this.#byMethod ??= this.#index());
    return byMethod.get(method) ?? this.#rest;
  }

  #index(): Map<string, T> {
    const byMethod = new Map<string, T>();
    for (const location of this.locations) {
      const { methods } = location.config;
      if (methods === undefined) {
        // It accepts everything, so later locations in the file get nothing more.
        this.#rest = location;
        break;
      }
      for (const method of methods) {
        if (!byMethod.has(method)) byMethod.set(method, location);
        if (method === "GET" && !byMethod.has("HEAD")) byMethod.set("HEAD", location);
      }
    }
    return byMethod;
  }
}

/**
 * The location whose CORS decides a request: the one that accepts it, or the first of the group with a policy, so
 * that the page can read the 404.
 */
export function speakerOf<T extends Routed & { readonly cors: Pick<CorsLayer, "kind"> }>(
  { locations }: Group<T>,
  taken: T | undefined,
): T {
  const hasPolicy = ({ cors }: T): boolean => cors.kind === "policy" || cors.kind === "rules";
  return taken ?? locations.find(hasPolicy) ?? locations[0]!;
}

interface Weighted<T extends Routed> {
  readonly weight: number;
  readonly hosts: readonly ((host: string) => boolean)[];
  readonly path: (path: string) => boolean;
  readonly group: Group<T>;
}

export class Router<T extends Routed> {
  readonly #exact = new Map<string, PathIndex<Group<T>>>();
  readonly #subdomains = new Map<string, PathIndex<Group<T>>>();
  readonly #regexes: { source: string; regex: Re2; paths: PathIndex<Group<T>> }[] = [];
  readonly #any = new PathIndex<Group<T>>(() => new Group<T>());
  readonly #weighted: Weighted<T>[] = []; // descending
  readonly #weightedByKey = new Map<string, Weighted<T>>();

  /** `locations` in the order of the file; the reader has checked every regular expression. */
  constructor(locations: readonly T[] = []) {
    for (const location of locations) this.add(location);
  }

  /** Adds a location, which comes after the others in the file. */
  add(location: T): void {
    const { hosts, path, weight } = location.config;
    if (weight !== undefined) this.#addWeighted(location, weight);
    else if (hosts.length === 0) this.#any.group(path).add(location);
    else for (const host of hosts) this.#paths(host).group(path).add(location);
  }

  /**
   * The best group: exact host, then the longest wildcard, then regular expressions, then any host; the first of
   * these that has a matching path. `host` is in lower case without a port, `path` is canonical.
   */
  find(host: string, path: string): Group<T> | undefined {
    for (const entry of this.#weighted)
      if ((entry.hosts.length === 0 || entry.hosts.some((fits) => fits(host))) && entry.path(path))
        return entry.group;
    const exact = this.#exact.get(host)?.find(path);
    if (exact !== undefined) return exact;
    if (this.#subdomains.size > 0) {
      for (let dot = host.indexOf(".", 1); dot > 0; dot = host.indexOf(".", dot + 1)) {
        const found = this.#subdomains.get(host.slice(dot))?.find(path);
        if (found !== undefined) return found;
      }
    }
    for (const { regex, paths } of this.#regexes) {
      if (!regex.test(host)) continue;
      const found = paths.find(path);
      if (found !== undefined) return found;
    }
    return this.#any.find(path);
  }

  #paths(host: HostMatch): PathIndex<Group<T>> {
    if (host.kind === "regex") {
      const known = this.#regexes.find(({ source }) => source === host.source);
      if (known !== undefined) return known.paths;
      const paths = new PathIndex<Group<T>>(() => new Group<T>());
      this.#regexes.push({ source: host.source, regex: compileRe2(host.source), paths });
      return paths;
    }
    const table = host.kind === "exact" ? this.#exact : this.#subdomains;
    const key = host.kind === "exact" ? host.host : host.suffix;
    let paths = table.get(key);
    if (paths === undefined) table.set(key, (paths = new PathIndex(() => new Group<T>())));
    return paths;
  }

  // Pingap's explicit weights ignore hosts and paths, so these locations are tried first, one by one.
  #addWeighted(location: T, weight: number): void {
    const { hosts, path } = location.config;
    const key = JSON.stringify([weight, hosts, path]);
    let entry = this.#weightedByKey.get(key);
    if (entry === undefined) {
      const group = new Group<T>();
      entry = { weight, hosts: hosts.map(hostTest), path: pathTest(path), group };
      this.#weightedByKey.set(key, entry);
      let at = this.#weighted.length;
      while (at > 0 && this.#weighted[at - 1]!.weight < weight) at--;
      this.#weighted.splice(at, 0, entry);
    }
    entry.group.add(location);
  }
}

function pathTest(match: PathMatch): (path: string) => boolean {
  const index = new PathIndex<true>(() => true);
  index.group(match);
  return (path) => index.find(path) === true;
}
