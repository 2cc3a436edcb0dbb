// What fixes a verdict, as data: the change, what it depends on, and who loses access.

import type { Change } from "./change.ts";

/**
 * What fixes the verdict, on one side: the smallest change that was applied to the model and found to work, or advice if nothing
 * can be tried. It never allows more than the one request needs.
 */
export interface Remedy {
  readonly side: "server" | "client";
  /** One line, lower case, without a full stop; includes the assumptions and losses. */
  readonly say: string;
  /** Empty: advice (a certificate, a firewall). */
  readonly change: readonly Change[];
  /** What must be true for the change to be right. */
  readonly assumptions: readonly Assumption[];
  /** Who could read a response before and no longer can, if the change is made literally. */
  readonly takesAway: readonly Loss[];
}

/** What a remedy depends on, beyond what was observed. */
export type Assumption =
  /** A request that no browser got as far as sending: its response must carry the headers in `needs`. */
  | {
      readonly kind: "answer-not-seen";
      readonly on: "preflight" | "actual";
      readonly url: string;
      readonly method: string;
      /** Names of response headers. */
      readonly needs: readonly string[];
    }
  /** Everyone may read the response. */
  | { readonly kind: "public-answer" }
  /** The API needs no cookies. */
  | { readonly kind: "no-cookies-needed" }
  /** The server names this origin because it lists it, not because every origin is sent back. */
  | { readonly kind: "listed-origin"; readonly origin: string }
  /**
   * A policy has one switch for all its origins. Who may then read as the user who visits them: the `added` origin, although it
   * asked without credentials; all that are `listed`; or `any` page.
   */
  | { readonly kind: "origins-with-credentials"; readonly origins: "added" | "listed" | "any" }
  /** No one on the visitor's network impersonates this `http:` page, which then has the visitor's cookies. */
  | { readonly kind: "trusted-network"; readonly origin: string };

/** Whose access a change removes. */
export type Loss =
  /** Every page of another origin, if the response or the policy allowed all of them. */
  | { readonly kind: "other-origins" }
  /** One origin that the response named. */
  | { readonly kind: "origin"; readonly origin: string };

/** Advice: only words. */
export function advised(side: Remedy["side"], say: string): Remedy {
  return { side, say, change: [], assumptions: [], takesAway: [] };
}
