// An explanation as the data that `explain --format json` prints. A public shape: fields are added,
// never changed.

import type { CookieFate } from "../browser/cookie-jar.ts";
import type { EngineName } from "../browser/engine.ts";
import type { HeaderList, RequestHead } from "../standard/message.ts";
import type { Verdict } from "../browser/verdict.ts";
import type { Change } from "./remedy/change.ts";
import type { Assumption, Loss } from "./remedy/remedy.ts";
import type { CulpritKind } from "./culprit/culprit.ts";
import { headerReading, type HeaderReading } from "./header-reading.ts";
import type { PrintOptions } from "./print.ts";
import { varyWarning } from "./vary-warning.ts";
import type { Explanation } from "./explain.ts";

/** What `explain --format json` prints. */
export interface ExplanationJson {
  readonly verdict: Verdict["outcome"];
  readonly reason?: string;
  /** Blocked: what the browser saw, and why that blocks. */
  readonly says?: string;
  readonly why?: string;
  /** Blocked: the algorithm of the standard that decided, and its address. */
  readonly rule?: { readonly name: string; readonly link: string };
  /** With a configuration: the place in it that decided. */
  readonly decided?: DecidedBy;
  /** The cause, if the response shows it: `cache`, `login`, `misspelt-header`… */
  readonly culprit?: CulpritKind;
  /** Whether the server received the actual request. */
  readonly sent: boolean;
  readonly engines: Readonly<
    Partial<
      Record<
        EngineName,
        {
          readonly verdict: Verdict["outcome"];
          readonly reason?: string;
          readonly message?: string;
        }
      >
    >
  >;
  readonly wire: readonly {
    readonly request: RequestHead;
    /** `status` is 0 if there was no response. */
    readonly response: { readonly status: number; readonly headers: HeaderList };
  }[];
  readonly trace: readonly {
    readonly algorithm: string;
    readonly step: string;
    readonly saw: unknown;
    readonly result: string;
    readonly link: string;
  }[];
  readonly exposedHeaders: readonly string[];
  /** With `cookies` of the page: what became of each at each hop. */
  readonly cookies?: readonly CookieFate[];
  /** With `read`: what that response header is to the page. */
  readonly read?: HeaderReading;
  /** Where the answers come from (`by`), and what was assumed or is unknown (`note`). */
  readonly notes: readonly { readonly label: string; readonly text: string }[];
  /** What may go wrong although the page can read the response today. */
  readonly warnings: readonly string[];
  readonly remedy: readonly {
    readonly side: "server" | "client";
    readonly say: string;
    readonly change: readonly Change[];
    readonly assumptions: readonly Assumption[];
    readonly takesAway: readonly Loss[];
  }[];
}

/** The place in a gateway's configuration that decided about the last request. */
export interface DecidedBy {
  readonly server: string;
  readonly location?: string;
  readonly policy?: string;
  /** Of several rules by origin, the position of the policy, from 1. */
  readonly rule?: number;
  /** Where the policy is named or written: `corsway.toml:2:8`. */
  readonly at?: string;
}

/** An explanation as data for JSON.stringify. */
export function explanationJson(
  explanation: Explanation,
  {
    notes = [],
    read,
    decided,
  }: Pick<PrintOptions, "notes" | "read"> & { readonly decided?: DecidedBy } = {},
): ExplanationJson {
  const { verdict, sentence, engines, remedies } = explanation;
  const warning = varyWarning(explanation);
  const views: Record<string, { verdict: Verdict["outcome"]; reason?: string; message?: string }> =
    {};
  for (const [name, view] of Object.entries(engines)) {
    if (view === undefined) continue;
    views[name] = {
      verdict: view.verdict.outcome,
      ...(view.verdict.reason === undefined ? {} : { reason: view.verdict.reason }),
      ...(view.message.length === 0 ? {} : { message: view.message.join("\n") }),
    };
  }
  return {
    verdict: verdict.outcome,
    ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
    ...(sentence === undefined
      ? {}
      : {
          says: sentence.says,
          why: sentence.why,
          rule: { name: sentence.algorithm, link: sentence.link },
        }),
    ...(decided === undefined ? {} : { decided }),
    ...(sentence?.who === undefined ? {} : { culprit: sentence.who }),
    sent: verdict.sent,
    engines: views,
    wire: verdict.wire.map(({ request: { method, url, headers }, response }) => ({
      request: { method, url, headers },
      response:
        "kind" in response
          ? { status: 0, headers: [] }
          : { status: response.status, headers: response.headers },
    })),
    trace: verdict.trace.map(({ algorithm, step, saw, result, link }) => ({
      algorithm,
      step,
      saw,
      result,
      link,
    })),
    exposedHeaders: verdict.exposedHeaders,
    ...(verdict.cookies === undefined ? {} : { cookies: verdict.cookies }),
    ...(read === undefined ? {} : { read: headerReading(explanation, read) }),
    notes: notes.map(([label, text]) => ({ label, text })),
    warnings: warning === undefined ? [] : [warning],
    remedy: remedies.map(({ side, say, change, assumptions, takesAway }) => ({
      side,
      say,
      change,
      assumptions,
      takesAway,
    })),
  };
}
