// How many preflights a session makes, in each engine: its cap of max-age, its cache, keyed by URL. And what would
// save most of them, tried on the same session.

import { asciiLowercase } from "../standard/token.ts";
import { CorsPreflightCache } from "../browser/cors-preflight-cache.ts";
import type { EngineName } from "../browser/engine.ts";
import { engines } from "../browser/engines/engines.ts";
import type { PageRequest } from "../browser/request.ts";
import { runSync } from "../browser/run.ts";
import type { BrowserResponder } from "../browser/sending.ts";
import { corsUnsafeRequestHeaderNames } from "../standard/request-header.ts";

/** One request of a session. */
export interface SessionRequest {
  readonly page: PageRequest;
  /** Milliseconds; only differences matter. */
  readonly at: number;
  readonly respond: BrowserResponder;
}

/** Preflights by engine. */
export type PreflightCount = Readonly<Record<EngineName, number>>;

/** What would save preflights. `same-origin`: behind a path of the page's own origin; no request is left. */
export type PreflightSaving =
  | { readonly kind: "max-age"; readonly seconds: number; readonly preflights: PreflightCount }
  | {
      readonly kind: "header";
      /** In lower case. */
      readonly name: string;
      readonly preflights: PreflightCount;
    }
  | { readonly kind: "same-origin"; readonly preflights: PreflightCount };

/** What a session pays for its preflights. */
export interface PreflightCost {
  readonly requests: number;
  /** Different URLs: each has its own entry in the caches. */
  readonly urls: number;
  readonly preflights: PreflightCount;
  /** The cheapest change first; only those that save anything. */
  readonly savings: readonly PreflightSaving[];
}

/** Chromium's cap: a longer max-age helps Firefox only. */
const usefulMaxAge = 7200;

/** Counts them, and tries what would save some. The responders must answer alike each time. */
export function preflightCost(session: readonly SessionRequest[]): PreflightCost {
  const preflights = count(session);
  const savings: PreflightSaving[] = [
    {
      kind: "max-age",
      seconds: usefulMaxAge,
      preflights: count(session.map((request) => withMaxAge(request, usefulMaxAge))),
    },
  ];
  const names = new Set(
    session.flatMap(({ page }) => corsUnsafeRequestHeaderNames(page.headers ?? [])),
  );
  for (const name of names)
    savings.push({
      kind: "header",
      name,
      preflights: count(session.map((request) => withoutHeader(request, name))),
    });
  savings.push({
    kind: "same-origin",
    preflights: { standard: 0, chromium: 0, firefox: 0, webkit: 0 },
  });
  return {
    requests: session.length,
    urls: new Set(session.map(({ page }) => page.url)).size,
    preflights,
    savings: savings.filter((saving) => total(saving.preflights) < total(preflights)),
  };
}

function total(preflights: PreflightCount): number {
  return Object.values(preflights).reduce((sum, each) => sum + each, 0);
}

function count(session: readonly SessionRequest[]): PreflightCount {
  const counts: Record<EngineName, number> = { standard: 0, chromium: 0, firefox: 0, webkit: 0 };
  for (const engine of Object.values(engines)) {
    const cache = new CorsPreflightCache();
    for (const { page, at, respond } of session) {
      const { wire } = runSync(page, respond, { engine, cache, now: () => at });
      counts[engine.name] += wire.filter(({ kind }) => kind === "preflight").length;
    }
  }
  return counts;
}

function withMaxAge(request: SessionRequest, seconds: number): SessionRequest {
  return {
    ...request,
    respond(head, sending) {
      const answer = request.respond(head, sending);
      if (sending.kind !== "preflight" || "kind" in answer) return answer;
      const headers = answer.headers.filter(
        ([name]) => asciiLowercase(name) !== "access-control-max-age",
      );
      return { ...answer, headers: [...headers, ["Access-Control-Max-Age", String(seconds)]] };
    },
  };
}

function withoutHeader(request: SessionRequest, left: string): SessionRequest {
  const headers = (request.page.headers ?? []).filter(([name]) => asciiLowercase(name) !== left);
  return { ...request, page: { ...request.page, headers } };
}

/** As text, with a newline at its end. */
export function printPreflightCost({ requests, urls, preflights, savings }: PreflightCost): string {
  const shown = (counts: PreflightCount): string =>
    `${counts.chromium} in Chromium, ${counts.firefox} in Firefox, ${counts.webkit} in WebKit`;
  const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
  let text = `${many(requests, "cross-origin request")} to ${many(urls, "URL")}: preflights ${shown(preflights)}\n`;
  for (const [index, saving] of savings.entries())
    text += `  ${index === 0 ? "fix" : "or "}   ${sayings[saving.kind](saving as never)}: ${shown(saving.preflights)}\n`;
  if (savings.length === 0) text += "  nothing to save\n";
  return text;
}

const sayings = {
  "max-age": ({ seconds }: { readonly seconds: number }): string =>
    `\`Access-Control-Max-Age: ${seconds}\` on the responses to OPTIONS`,
  header: ({ name }: { readonly name: string }): string => `without the request header \`${name}\``,
  "same-origin": (): string => "the API behind a path of the page's own origin",
} as const;
