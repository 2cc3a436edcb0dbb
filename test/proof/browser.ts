// A real engine under proof: it plays cases with its own fetch and says what its page was given.
// The requests on the wire are not its business: the server has recorded them.

import type { Case } from "./case.ts";
import type { ActSeen } from "./initiators/page.ts";
import type { PageCase, PageStep, Seen } from "./page.ts";
import { nodeUrl, type Stage } from "./stage.ts";

export type EngineName = "chromium" | "firefox" | "webkit";

/** A case and the number it is asked for under. */
export type NumberedCase = readonly [number: number, one: Case];

export interface SeenStep {
  readonly seen: Seen;
  /** The engine's own word for why it was blocked, where it can be asked for it. */
  readonly reason?: string;
}

/** What a page returned for a call of one of its functions, as JSON text. */
export interface Answered {
  readonly text: string;
  /** The engine's own word for why the request of this number was blocked, where it can be asked for it. */
  reason(number: number): string | undefined;
  /** What the console printed meanwhile; absent where the driver cannot read it. */
  readonly printed?: readonly string[];
}

/** How a browser is started. */
export interface StartOptions {
  /** What is opened before a page is, so that its cookies are there. @default each host once */
  readonly visits?: readonly string[];
  /** @default "allowed" */
  readonly thirdPartyCookies?: "allowed" | "blocked";
}

export type StartProof = (stage: Stage, options?: StartOptions) => Promise<ProofBrowser>;

export interface ProofBrowser {
  readonly name: EngineName;
  readonly version: string;
  /** Plays cases that share one page; the n-th answer belongs to the n-th case. */
  play(
    page: Case["page"],
    cases: readonly NumberedCase[],
  ): Promise<readonly (readonly SeenStep[])[]>;
  /** Calls a function of the page with this URL. Its visits have been made before. */
  ask(url: string, name: "playActs", argument: string): Promise<Answered>;
  /** Opens a page with the same cookies, runs a script that leaves it, and closes it at the end of `until`. */
  leave(url: string, script: string, until: () => Promise<void>): Promise<void>;
  /** Links a manifest in the page and loads it; absent: this engine loads none by itself. */
  manifest?(url: string, manifest: string, crossOrigin: string | undefined): Promise<ActSeen>;
  /** Opens a page anew and runs a script there; it stays open until the next visit. */
  readonly visit: (url: string, script: string) => Promise<void>;
  close(): Promise<void>;
}

/** The case as the page gets it. */
export function pageCase(stage: Stage, [number, one]: NumberedCase): PageCase {
  const steps = one.steps.map((step): PageStep => {
    const { method, mode, credentials, redirect, headers, body, referrerPolicy } = step;
    const fragment = step.fragment === undefined ? "" : `#${step.fragment}`;
    return {
      url: `${nodeUrl(stage, number, one, step.node)}${fragment}`,
      wait: step.wait ?? 0,
      headers,
      init: {
        method,
        mode,
        credentials,
        redirect,
        ...(body === undefined ? {} : { body }),
        ...(referrerPolicy === undefined ? {} : { referrerPolicy }),
      },
    };
  });
  return { sandboxed: one.sandboxed, steps };
}
