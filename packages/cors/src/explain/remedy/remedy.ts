// What turns a verdict, as data: the change, what it rests on, and who loses by it.

import type { Change } from "./change.ts";

/**
 * What turns the verdict, on one side: the smallest change that was applied to the model and seen to
 * work, or advice where nothing can be tried. It never allows more than the one request needs.
 */
export interface Remedy {
  readonly side: "server" | "client";
  /** One line, lower case, without a full stop; says the assumptions and losses as well. */
  readonly say: string;
  /** Empty: advice (a certificate, a firewall). */
  readonly change: readonly Change[];
  /** What has to be true for the change to be right. */
  readonly assumptions: readonly Assumption[];
  /** Who could read an answer before and no longer can, if the change is made as it is written. */
  readonly takesAway: readonly Loss[];
}

/** What a remedy rests on, beyond what was seen. */
export type Assumption =
  /** A request that no browser came to send: its answer has to carry the headers in `needs`. */
  | {
      readonly kind: "answer-not-seen";
      readonly on: "preflight" | "actual";
      readonly url: string;
      readonly method: string;
      /** Names of response headers. */
      readonly needs: readonly string[];
    }
  /** Everybody may read the answer. */
  | { readonly kind: "public-answer" }
  /** The API needs no cookies. */
  | { readonly kind: "no-cookies-needed" }
  /** The server names this origin because it lists it, not because every origin is sent back. */
  | { readonly kind: "listed-origin"; readonly origin: string }
  /**
   * A policy has one switch for all its origins. Who may then read as the user who visits them:
   * the `added` one, though it asked without credentials; all that are `listed`; or `any` page.
   */
  | { readonly kind: "origins-with-credentials"; readonly origins: "added" | "listed" | "any" }
  /** Nobody on the visitor's network answers for this `http:` page, which then has the visitor's cookies. */
  | { readonly kind: "trusted-network"; readonly origin: string };

/** Whose access a change takes away. */
export type Loss =
  /** Every page of another origin, where the answer or the policy allowed all of them. */
  | { readonly kind: "other-origins" }
  /** One origin that the answer named. */
  | { readonly kind: "origin"; readonly origin: string };

/** Advice: words alone. */
export function advised(side: Remedy["side"], say: string): Remedy {
  return { side, say, change: [], assumptions: [], takesAway: [] };
}
