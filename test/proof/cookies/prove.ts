// Plays cookie cases in an engine and holds them against the model: which of a case's cookies each request
// carried. A browser keeps few cookies a site, so that some dozens of cases share one, and then it is a new one.

import { setTimeout as pause } from "node:timers/promises";
import { engines, runSync, type EngineName, type Verdict } from "@corsway/cors/browser";
import { getHeader, type RequestHead } from "@corsway/cors/standard";
import { caseServers } from "../answer.ts";
import type { StartProof } from "../browser.ts";
import { compareOutcomes } from "../compare.ts";
import { requestOfAct } from "../initiators/act.ts";
import { seenOf, seenOutcome } from "../initiators/outcome.ts";
import { playActs } from "../initiators/play.ts";
import type { WireLine } from "../outcome.ts";
import { pagePath } from "../page.ts";
import { playTwice, type Held } from "../prove.ts";
import type { ProofServer } from "../server.ts";
import { nextNumber, nodeUrl, pageOrigin, placeOrigin, type Stage } from "../stage.ts";
import { linesOf, type CookieCase } from "./case.ts";

type Numbered = readonly [number: number, one: CookieCase];

const casesPerBrowser = 40;

/** Whether this engine can be asked. */
export function isPlayable(one: CookieCase, name: string): boolean {
  const { act, sandboxed, thirdPartyCookies } = one;
  // As with its beacons: a sandboxed frame's cookies are those of the origin that it would have (seen here).
  if (name === "webkit" && sandboxed) return false;
  // The switch of DevTools' protocol that blocks third-party cookies does not reach Chromium's WebSockets.
  if (name === "chromium" && act.as === "websocket") return thirdPartyCookies === "allowed";
  // WebKitGTK's option refuses to store third-party cookies, and still sends them; Safari blocks both.
  return name !== "webkit" || thirdPartyCookies === "allowed";
}

/** One result a case, in the order given; see proveCases. */
export function proveCookies(
  start: StartProof,
  server: ProofServer,
  cases: readonly CookieCase[],
): Promise<Held<CookieCase>[]> {
  return playTwice(cases, async (some) => {
    const held: Held<CookieCase>[] = Array.from({ length: some.length });
    for (const thirdPartyCookies of ["allowed", "blocked"] as const) {
      const indexes = [...some.keys()].filter(
        (i) => some[i]!.thirdPartyCookies === thirdPartyCookies,
      );
      for (let from = 0; from < indexes.length; from += casesPerBrowser) {
        const batch = indexes.slice(from, from + casesPerBrowser);
        const now = batch.map((i) => some[i]!);
        const play = () => playInNew(start, server, thirdPartyCookies, now);
        // A browser that a busy machine starved is not asked again.
        const played = await play().catch(play);
        for (const [k, i] of batch.entries()) held[i] = played[k]!;
      }
    }
    return held;
  });
}

async function playInNew(
  start: StartProof,
  server: ProofServer,
  thirdPartyCookies: CookieCase["thirdPartyCookies"],
  cases: readonly CookieCase[],
): Promise<Held<CookieCase>[]> {
  const { stage } = server;
  const numbered = cases.map((one): Numbered => [nextNumber(), one]);
  server.load(numbered);
  server.cookies.clear();
  for (const [number, one] of numbered) {
    const origin = placeOrigin(stage, one.nodes.n0!.place);
    const earlier = server.cookies.get(origin) ?? [];
    server.cookies.set(origin, [...earlier, ...linesOf(one, number)]);
  }
  const visits = [...server.cookies.keys()].map((origin) => `${origin}${pagePath}?set`);
  const browser = await inTime(start(stage, { visits, thirdPartyCookies }), "start");
  try {
    const held: Held<CookieCase>[] = Array.from({ length: cases.length });
    for (const url of new Set(cases.map((one) => pageUrl(stage, one)))) {
      const indexes = [...cases.keys()].filter((i) => pageUrl(stage, cases[i]!) === url);
      const some = indexes.map((i) => numbered[i]!);
      const verdicts = some.map((one) => verdictOf(stage, one, browser.name));
      const expected = verdicts.map(({ wire }) => wire.length);
      const played = await inTime(playActs(browser, server, url, some, expected), "play");
      for (const [k, i] of indexes.entries()) {
        const [number, one] = some[k]!;
        const verdict = verdicts[k]!;
        const difference = compareOutcomes(
          seenOutcome(played[k]!.seen, cookieLines(server.recorded(number), number, browser.name)),
          seenOutcome(
            seenOf(one.act, verdict),
            cookieLines(
              verdict.wire.map(({ request }) => request),
              number,
              browser.name,
            ),
          ),
        );
        held[i] = difference === undefined ? { one } : { one, difference };
      }
    }
    return held;
  } finally {
    await browser.close();
  }
}

function pageUrl(stage: Stage, { page, secure }: CookieCase): string {
  return `${pageOrigin(stage, page, secure)}${pagePath}?acts`;
}

function verdictOf(stage: Stage, [number, one]: Numbered, name: EngineName): Verdict {
  const origin = one.sandboxed ? "null" : pageOrigin(stage, one.page, one.secure);
  const request = requestOfAct(origin, nodeUrl(stage, number, one, "n0"), one.act);
  return runSync(
    {
      ...request,
      cookies: linesOf(one, number),
      cookieAge: 0,
      thirdPartyCookies: one.thirdPartyCookies,
    },
    caseServers(stage, number, one),
    { engine: engines[name] },
  );
}

async function inTime<T>(doing: Promise<T>, what: string): Promise<T> {
  const timer = new AbortController();
  const late = pause(120_000, undefined, { signal: timer.signal }).then(
    () => Promise.reject(new Error(`the browser did not ${what} in two minutes`)),
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([doing, late]);
  } finally {
    timer.abort();
  }
}

/** Method, URL and this case's cookies, in their order (libsoup, in WebKit, has one of its own). */
function cookieLines(wire: readonly RequestHead[], number: number, name: EngineName): WireLine[] {
  return wire.map(({ method, url, headers }) => {
    const names = (getHeader(headers, "cookie") ?? "")
      .split("; ")
      .map((pair) => pair.split("=", 1)[0]!)
      .filter((each) => each.endsWith(`c${number}`));
    if (name === "webkit") names.sort();
    return { request: `${method} ${url} cookies=${names.join(",")}`, credentials: true };
  });
}
