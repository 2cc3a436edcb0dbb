// The paths of one host: exact, then the longest prefix, then regular expressions in the order of the file,
// then "any". Prefixes end at a segment (`/api` matches `/api` and `/api/x`, never `/apix`; `/api/` does not
// match `/api`); Pingap's raw prefixes end anywhere.

import { compileRe2, type Re2 } from "../regex/re2.ts";
import type { PathMatch } from "../config/config.ts";
import { canonicalPath } from "../head/canonical-path.ts";

export class PathIndex<G> {
  readonly #create: () => G;
  readonly #exact = new Map<string, G>();
  readonly #prefix = new Map<string, G>();
  readonly #raw = new Map<string, G>();
  #rawLengths: number[] = []; // descending
  #longestPrefix = 0;
  readonly #regexes: { source: string; regex: Re2; group: G }[] = [];
  #any: G | undefined;

  constructor(create: () => G) {
    this.#create = create;
  }

  /** The group of this path, created if there is none. */
  group(match: PathMatch): G {
    switch (match.kind) {
      case "any":
        return (this.#any ??= this.#create());
      case "exact":
        return this.#in(this.#exact, canonicalPrefix(match.path));
      case "prefix": {
        const path = canonicalPrefix(match.path);
        this.#longestPrefix = Math.max(this.#longestPrefix, path.length);
        return this.#in(this.#prefix, path);
      }
      case "raw-prefix": {
        const path = canonicalPrefix(match.path);
        if (!this.#rawLengths.includes(path.length)) {
          this.#rawLengths.push(path.length);
          this.#rawLengths.sort((a, b) => b - a);
        }
        return this.#in(this.#raw, path);
      }
      case "regex": {
        const known = this.#regexes.find(({ source }) => source === match.source);
        if (known !== undefined) return known.group;
        const group = this.#create();
        this.#regexes.push({ source: match.source, regex: compileRe2(match.source), group });
        return group;
      }
    }
  }

  find(path: string): G | undefined {
    return this.#exact.get(path) ?? this.#findPrefix(path) ?? this.#findRegex(path) ?? this.#any;
  }

  // One look-up per segment boundary, no further than the longest existing prefix: a path of four thousand
  // slashes costs no more than one of four.
  #findPrefix(path: string): G | undefined {
    let best: G | undefined;
    let bestLength = 0;
    const limit = Math.min(path.length, this.#longestPrefix);
    if (limit > 0) {
      for (let slash = 0; slash >= 0 && slash <= limit; slash = path.indexOf("/", slash + 1)) {
        const bare = slash > 0 ? this.#prefix.get(path.slice(0, slash)) : undefined;
        if (bare !== undefined) [best, bestLength] = [bare, slash];
        const closed = this.#prefix.get(path.slice(0, slash + 1));
        if (closed !== undefined) [best, bestLength] = [closed, slash + 1];
      }
      const whole = path.length <= limit ? this.#prefix.get(path) : undefined;
      if (whole !== undefined) [best, bestLength] = [whole, path.length];
    }
    for (const length of this.#rawLengths) {
      if (length <= bestLength) break;
      const found = length <= path.length ? this.#raw.get(path.slice(0, length)) : undefined;
      if (found !== undefined) return found;
    }
    return best;
  }

  #findRegex(path: string): G | undefined {
    for (const { regex, group } of this.#regexes) if (regex.test(path)) return group;
    return undefined;
  }

  #in(map: Map<string, G>, key: string): G {
    let group = map.get(key);
    if (group === undefined) map.set(key, (group = this.#create()));
    return group;
  }
}

/** A path as written in a file, in the form into which request paths are brought. */
export function canonicalPrefix(path: string): string {
  const ascii = path.replace(/[^\x21-\x7e]/gu, (char) => encodeURIComponent(char));
  return canonicalPath(ascii) ?? path;
}
