// The levels (location, server, global) → what applies to one server × location.
//   replace                       the nearest level that sets `cors` applies, as a whole
//   global-wins, location-wins    the global policy and the nearer of location and server are merged field
//                                 by field; if both set a field, the value of the named side applies
// `false` and `"upstream"` have no fields to merge: set by the nearer level, or by the side that wins,
// they apply as they are. A list of rules is never merged.

import { shadowedRules, type Diagnostic, type ShadowedRule } from "@corsway/cors";
import type { Effective, EffectiveRule, Level, Source } from "../config.ts";
import {
  isRules,
  type Layer,
  type PolicyLayer,
  type RulesLayer,
  type WrittenRule,
} from "./layer.ts";
import {
  readLayers,
  sourcesOf,
  Written,
  type LayerOfPolicy,
  type ReadPolicyOutcome,
  type WrittenPolicy,
} from "./policies.ts";
import { openWritesOf } from "./open-writes.ts";
import { faultOfMerge, faultOfPath, warnOfShadowed, warnOfWeakened } from "./rules.ts";
import { Spot } from "../tree/spot.ts";
import type { Tree } from "../tree/tree.ts";

export type Merge = "replace" | "global-wins" | "location-wins";

/** The rules of a list, read once, and those of them that no origin reaches. */
interface ReadRules {
  readonly rules: readonly EffectiveRule[];
  readonly shadowed: readonly ShadowedRule[];
}

export class Layers {
  readonly #tree: Tree;
  readonly #merge: Merge;
  readonly #effective = new Map<string, Effective>();
  readonly #fields = new Map<string, ReadonlyMap<string, Source>>();
  readonly #rules = new Map<string, ReadRules>();
  /** Places of which it is said that other pages can write there. */
  readonly #noted = new Set<string>();
  readonly #reads = new Map<string, ReadPolicyOutcome>();
  readonly #used = new Set<WrittenPolicy>();
  readonly #diagnostics: Diagnostic[] = [];

  constructor(tree: Tree, merge: Merge) {
    this.#tree = tree;
    this.#merge = merge;
  }

  /** The faults of every policy that was used, each once. */
  get diagnostics(): readonly Diagnostic[] {
    const seen = new Set<string>();
    return this.#diagnostics.filter((diagnostic) => {
      const key = `${diagnostic.code} ${diagnostic.path} ${diagnostic.message}`;
      return !seen.has(key) && seen.add(key);
    });
  }

  /** What applies under these levels, the nearest first. A fault makes it `absent`. */
  effective(levels: readonly (Layer | undefined)[]): Effective {
    const said = levels.filter((level) => level !== undefined);
    const key = JSON.stringify(said.map(({ path }) => path));
    let found = this.#effective.get(key);
    if (found === undefined) {
      this.#effective.set(key, (found = this.#combine(said)));
      this.#noteOpenWrites(found);
    }
    return found;
  }

  /** Once for each place, however many locations have it. */
  #noteOpenWrites(effective: Effective): void {
    const open = openWritesOf(effective);
    if (open === undefined || !(open.at instanceof Written) || this.#noted.has(open.at.path))
      return;
    this.#noted.add(open.at.path);
    new Spot(this.#tree, this.#diagnostics, open.at.steps).fault("config/open-writes", open.said);
  }

  /**
   * What applies if no location matches. Under a merge, a policy may be partial and completed by each
   * location. By itself it then sets no headers, which is not a fault.
   */
  fallback(levels: readonly (Layer | undefined)[]): Effective {
    const said = levels.filter((level) => level !== undefined);
    const [only] = said;
    if (this.#merge !== "replace" && said.length === 1 && only?.choice.kind === "policy") {
      const layer = { level: only.level, written: only.choice.written };
      const { diagnostics } = readLayers([layer], this.#tree);
      if (diagnostics.some(({ code }) => code === "policy/missing-origins")) {
        return { kind: "absent" };
      }
    }
    return this.effective(levels);
  }

  /** Checks a policy that nothing uses, because it may be used one day. */
  checkUnused(written: WrittenPolicy): void {
    if (this.#used.has(written)) return;
    const { diagnostics } = readLayers([{ level: "global", written }], this.#tree);
    // Under a merge, the fields that a policy lacks may come from the other side.
    const partial = this.#merge !== "replace";
    this.#diagnostics.push(
      ...diagnostics.filter(({ code }) => !(partial && code === "policy/missing-origins")),
    );
  }

  isUsed(written: WrittenPolicy): boolean {
    return this.#used.has(written);
  }

  #combine(said: readonly Layer[]): Effective {
    const near = said.find(({ level }) => level !== "global");
    const global = said.find(({ level }) => level === "global");
    const first = near ?? global;
    if (first === undefined) return { kind: "absent" };
    const list = said.find(isRules);
    if (this.#merge !== "replace" && list !== undefined) {
      for (const { written } of list.choice.rules) this.#used.add(written);
      faultOfMerge(list, this.#tree, this.#diagnostics);
      return { kind: "absent" };
    }
    if (this.#merge === "replace" || near === undefined || global === undefined) {
      return this.#alone(first);
    }
    const order = this.#merge === "global-wins" ? [global, near] : [near, global];
    const [before, after] = order as [Layer, Layer];
    if (near.choice.kind !== "policy") return this.#alone(near);
    if (before.choice.kind !== "policy") return this.#alone(before);
    if (after.choice.kind !== "policy") return this.#alone(before);
    if (before.choice.written === after.choice.written) return this.#alone(near);
    return this.#together(before as PolicyLayer, after as PolicyLayer, near);
  }

  #alone(layer: Layer): Effective {
    if (isRules(layer)) return this.#byOrigin(layer);
    const from = new Written(layer.level, layer.path, this.#tree);
    if (layer.choice.kind !== "policy") return { kind: layer.choice.kind, from } as Effective;
    const { written } = layer.choice;
    this.#used.add(written);
    return this.#policy(written.name, [{ level: layer.level, written }], from);
  }

  #byOrigin(layer: RulesLayer): Effective {
    const { level, path, choice } = layer;
    const name = choice.rules.map(({ written }) => written.name).join(", ");
    const key = JSON.stringify([level, choice.rules.map(({ written }) => written.path)]);
    let read = this.#rules.get(key);
    if (read === undefined) {
      const rules = choice.rules.flatMap((rule) => this.#rule(rule, level));
      if (rules.length < choice.rules.length) return { kind: "absent" };
      // A list may be written in ten thousand locations, and a rule may have as many origins.
      const shadowed = shadowedRules(rules.map(({ policy }) => policy));
      this.#rules.set(key, (read = { rules, shadowed }));
    }
    const { rules, shadowed } = read;
    warnOfShadowed(layer, shadowed, this.#tree, this.#diagnostics);
    warnOfWeakened(layer, rules, this.#tree, this.#diagnostics);
    return { kind: "rules", name, rules, from: new Written(level, path, this.#tree) };
  }

  /** One rule, or none after a fault. */
  #rule(rule: WrittenRule, level: Level): EffectiveRule[] {
    const { written } = rule;
    this.#used.add(written);
    const layers = [{ level, written }];
    const { policy, path } = this.#read(layers);
    if (path !== undefined) faultOfPath(rule, "path", this.#tree, this.#diagnostics);
    if (policy === undefined || path !== undefined) return [];
    return [{ name: written.name, policy, fields: this.#sources(layers) }];
  }

  #together(before: PolicyLayer, after: PolicyLayer, near: Layer): Effective {
    const layers = [before, after].map(({ level, choice }): LayerOfPolicy => ({
      level,
      written: choice.written,
    }));
    for (const { written } of layers) this.#used.add(written);
    const names = [near, near === before ? after : before].map(
      (layer) => (layer as PolicyLayer).choice.written.name,
    );
    const from = new Written(near.level, near.path, this.#tree);
    return this.#policy(names.join("+"), layers, from);
  }

  #policy(name: string, layers: readonly LayerOfPolicy[], from: Written): Effective {
    const { policy, path } = this.#read(layers);
    if (policy === undefined) return { kind: "absent" };
    const fields = this.#sources(layers);
    return { kind: "policy", name, policy, ...(path !== undefined && { path }), from, fields };
  }

  #sources(layers: readonly LayerOfPolicy[]): ReadonlyMap<string, Source> {
    const key = JSON.stringify(layers.map(({ level, written }) => [level, written.path]));
    let fields = this.#fields.get(key);
    if (fields === undefined) this.#fields.set(key, (fields = sourcesOf(layers, this.#tree)));
    return fields;
  }

  /** A policy of 100,000 origins may be used by many locations, so it is read once. */
  #read(layers: readonly LayerOfPolicy[]): ReadPolicyOutcome {
    const key = JSON.stringify(layers.map(({ written }) => written.path));
    const known = this.#reads.get(key);
    if (known !== undefined) return known;
    const read = readLayers(layers, this.#tree);
    this.#reads.set(key, read);
    const faults =
      layers.length === 1
        ? read.diagnostics
        : read.diagnostics.map((diagnostic) => this.#both(diagnostic, layers));
    this.#diagnostics.push(...faults);
    return read;
  }

  /** A fault that neither policy has alone comes from the merge: it names the other policy too. */
  #both(diagnostic: Diagnostic, layers: readonly LayerOfPolicy[]): Diagnostic {
    const own = layers.some((layer) =>
      readLayers([layer], this.#tree).diagnostics.some(
        ({ code, path }) => code === diagnostic.code && path === diagnostic.path,
      ),
    );
    if (own) return diagnostic;
    const also = [...(diagnostic.also ?? [])];
    for (const { written } of layers) {
      const path = written.path.join(".");
      const named = [diagnostic, ...also].some((item) => isWithin(item.path, path));
      const at = this.#tree.where(written.path, { key: true });
      if (!named) also.push({ path, ...(at && { at }), say: "merged with this policy" });
    }
    return { ...diagnostic, also };
  }
}

/** `policies.app.max_age` is in `policies.app`, and not in `policies.ap`. */
function isWithin(path: string | undefined, table: string): boolean {
  return path === table || path?.startsWith(`${table}.`) === true;
}
