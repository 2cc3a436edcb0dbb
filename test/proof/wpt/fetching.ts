// What stands between a test's page and the network: the model. A request of the page goes in, what
// the page is given comes out; the body, which the model does not look at, is carried past it.

import { CorsPreflightCache, engines, runSync, type PageRequest } from "@corsway/cors/browser";
import type { ResponseHead } from "@corsway/cors/standard";
import type { NetworkAnswer } from "./network.ts";
import type { WaitingNetwork } from "./waiting-network.ts";

export interface PageAsk extends PageRequest {
  /** One character a byte. */
  readonly text?: string;
  /** The page's URL, for `Referer`; empty: none is sent. */
  readonly referrer: string;
}

export type PageAnswer =
  | {
      readonly kind: "response";
      readonly type: string;
      readonly status: number;
      readonly statusText: string;
      readonly headers: readonly (readonly [string, string])[];
      readonly url: string;
      readonly redirected: boolean;
      readonly body: string;
    }
  | { readonly kind: "blocked"; readonly reason: string; readonly requestFault: boolean };

/** One page's requests: they share a preflight cache. */
export function fetchingOf(network: WaitingNetwork): (ask: PageAsk) => PageAnswer {
  const cache = new CorsPreflightCache();
  return (ask) => {
    const answers = new WeakMap<ResponseHead, NetworkAnswer>();
    let last: NetworkAnswer | undefined;
    // Main fetch 8 replaces the request's referrer by what it sends: once cut, it stays cut.
    let { referrer, referrerPolicy: policy } = ask;
    const verdict = runSync(
      ask,
      (head, { credentials, body }) => {
        const referer = refererOf(referrer, policy, head.url);
        referrer = referer ?? "";
        const answer = network.send({
          method: head.method,
          url: head.url,
          headers: [
            ...head.headers,
            ...(referer === undefined ? [] : [["Referer", referer] as const]),
            ...common.filter(([name]) => !hasHeader(head.headers, name)),
          ],
          ...(body ? { body: ask.text ?? "" } : {}),
          credentials,
        });
        last = answer;
        if (answer.kind === "network-error") return answer;
        policy = redirectedPolicy(answer) ?? policy;
        const response: ResponseHead = { status: answer.status, headers: answer.headers };
        answers.set(response, answer);
        return response;
      },
      { engine: engines.standard, cache, now: Date.now },
    );
    const { response, reason } = verdict;
    if (response === undefined)
      return {
        kind: "blocked",
        reason: `${reason}`,
        requestFault: reason === "request-invalid" || reason === "forbidden-method",
      };
    const opaque = response.type === "opaque" || response.type === "opaqueredirect";
    const body = !opaque && last?.kind === "response" ? last.body : "";
    const statusText = !opaque && last?.kind === "response" ? last.statusText : "";
    return { kind: "response", ...response, statusText, body };
  };
}

const common: readonly (readonly [string, string])[] = [
  ["User-Agent", "Corsway"],
  ["Accept-Language", "en"],
];

function hasHeader(headers: readonly (readonly [string, string])[], name: string): boolean {
  return headers.some(([each]) => each.toLowerCase() === name.toLowerCase());
}

/** Referrer Policy §8.3, for pages and targets of http. */
function refererOf(
  referrer: string,
  referrerPolicy: PageAsk["referrerPolicy"],
  target: string,
): string | undefined {
  if (referrer === "") return undefined;
  const page = new URL(referrer);
  page.hash = "";
  const same = page.origin === new URL(target).origin;
  const downgrade = page.protocol === "https:" && new URL(target).protocol === "http:";
  switch (referrerPolicy) {
    case "no-referrer":
      return undefined;
    case "unsafe-url":
      return page.href;
    case "origin":
      return `${page.origin}/`;
    case "same-origin":
      return same ? page.href : undefined;
    case "origin-when-cross-origin":
      return same ? page.href : `${page.origin}/`;
    case "no-referrer-when-downgrade":
      return downgrade ? undefined : page.href;
    case "strict-origin":
      return downgrade ? undefined : `${page.origin}/`;
    default:
      return same ? page.href : downgrade ? undefined : `${page.origin}/`;
  }
}

const policies: ReadonlySet<string> = new Set([
  "no-referrer",
  "no-referrer-when-downgrade",
  "same-origin",
  "origin",
  "strict-origin",
  "origin-when-cross-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
]);

/** Referrer Policy §8.1: a redirect may set another policy for what follows. */
function redirectedPolicy(answer: NetworkAnswer): PageAsk["referrerPolicy"] {
  if (answer.kind !== "response" || answer.status < 300 || answer.status > 399) return undefined;
  const values = answer.headers
    .filter(([name]) => name.toLowerCase() === "referrer-policy")
    .flatMap(([, value]) => value.split(",").map((part) => part.trim().toLowerCase()));
  return values.findLast((value) => policies.has(value)) as PageAsk["referrerPolicy"];
}
