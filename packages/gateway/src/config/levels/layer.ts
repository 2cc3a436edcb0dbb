// What one level (location, server, global) says about CORS.

import type { ValuePath } from "@corsway/cors/diagnostics";
import type { Level } from "../config.ts";
import type { CorsChoice } from "../forms/cors-choice.ts";
import type { WrittenPolicy } from "./policies.ts";

/** What a level says, and with which key. */
export interface Layer {
  readonly level: Level;
  readonly path: ValuePath;
  readonly choice:
    | Extract<CorsChoice, { kind: "closed" | "upstream" }>
    | WrittenChoice
    | WrittenRules;
}

export interface WrittenChoice {
  readonly kind: "policy";
  readonly written: WrittenPolicy;
}

/** Rules by origin, in order, at least two. */
export interface WrittenRules {
  readonly kind: "rules";
  readonly rules: readonly WrittenRule[];
}

export interface WrittenRule {
  /** Its place in the list. */
  readonly path: ValuePath;
  readonly written: WrittenPolicy;
}

export type PolicyLayer = Layer & { readonly choice: WrittenChoice };
export type RulesLayer = Layer & { readonly choice: WrittenRules };

export function isRules(layer: Layer): layer is RulesLayer {
  return layer.choice.kind === "rules";
}
