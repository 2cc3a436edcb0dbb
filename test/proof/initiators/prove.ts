// Plays acts in one engine and holds them against the model.

import { engines, runSync, type EngineName, type Verdict } from "@corsway/cors/browser";
import { getHeader, normalizeHeaderValue, type RequestHead } from "@corsway/cors/standard";
import { caseServers } from "../answer.ts";
import type { ProofBrowser } from "../browser.ts";
import type { Host } from "../case.ts";
import { compareOutcomes } from "../compare.ts";
import type { Outcome, WireLine } from "../outcome.ts";
import { pagePath } from "../page.ts";
import { playTwice, type Held } from "../prove.ts";
import type { ProofServer } from "../server.ts";
import { nextNumber, nodeUrl, pageOrigin, type Stage } from "../stage.ts";
import { requestOfAct, type ActCase } from "./act.ts";
import { playActs, type NumberedAct } from "./play.ts";
import { comparedMetadata, destinationOf, type Metadata } from "./sec-fetch.ts";
import { actLine, metadataOf, seenOf, seenOutcome, sentMetadata } from "./outcome.ts";

const batchSize = 100;

/** Whether this engine can be asked. */
export function isPlayable({ act, sandboxed }: ActCase, browser: ProofBrowser): boolean {
  // The others load a manifest only where the person installs the page.
  if (act.as === "manifest") return browser.manifest !== undefined;
  // WebKit sends a sandboxed frame's beacon with the origin that the frame would have without its sandbox; the
  // model knows only `null` (seen here).
  return !(browser.name === "webkit" && act.as === "beacon" && sandboxed);
}

/** One result a case, in the order given; see proveCases. */
export function proveActs(
  browser: ProofBrowser,
  server: ProofServer,
  cases: readonly ActCase[],
): Promise<Held<ActCase>[]> {
  return playTwice(cases, (some) => playBatches(browser, server, some));
}

async function playBatches(
  browser: ProofBrowser,
  server: ProofServer,
  cases: readonly ActCase[],
): Promise<Held<ActCase>[]> {
  const held: Held<ActCase>[] = Array.from({ length: cases.length });
  for (const page of ["named", "address", "bare"] as const) {
    const indexes = [...cases.keys()].filter((i) => cases[i]!.page === page);
    for (let from = 0; from < indexes.length; from += batchSize) {
      const batch = indexes.slice(from, from + batchSize);
      const numbered = batch.map((i): NumberedAct => [nextNumber(), cases[i]!]);
      server.load(numbered);
      const url = `${pageOrigin(server.stage, page)}${pagePath}?acts`;
      const outcomes = await playBatch(browser, server, url, numbered);
      for (const [k, i] of batch.entries()) {
        const difference = compareOutcomes(...outcomes[k]!);
        held[i] = difference === undefined ? { one: cases[i]! } : { one: cases[i]!, difference };
      }
    }
  }
  return held;
}

/** Of each case: the engine's outcome and the model's. */
async function playBatch(
  browser: ProofBrowser,
  server: ProofServer,
  pageUrl: string,
  numbered: readonly NumberedAct[],
): Promise<(readonly [Outcome, Outcome])[]> {
  const { stage } = server;
  const verdicts = numbered.map((one) => verdictOf(stage, one, browser.name));
  const expected = verdicts.map(({ wire }) => wire.length);
  const played = await playActs(browser, server, pageUrl, numbered, expected);
  return numbered.map(([number, one], i) => {
    const { seen, reason } = played[i]!;
    return [
      seenOutcome(seen, sentLines(server.recorded(number), one, browser.name), reason),
      modelledOutcome(stage, numbered[i]!, verdicts[i]!, browser.name),
    ];
  });
}

function originOf(stage: Stage, one: ActCase): string {
  return one.sandboxed ? "null" : pageOrigin(stage, one.page);
}

function verdictOf(stage: Stage, [number, one]: NumberedAct, name: EngineName): Verdict {
  const url = nodeUrl(stage, number, one, "n0");
  const servers = caseServers(stage, number, one);
  return runSync(
    requestOfAct(originOf(stage, one), url, one.act),
    (head) => {
      const { status, headers } = servers(head);
      return { status, headers: headers.map(([k, v]) => [k, normalizeHeaderValue(v)] as const) };
    },
    { engine: engines[name], now: () => 0 },
  );
}

function modelledOutcome(
  stage: Stage,
  [, one]: NumberedAct,
  verdict: Verdict,
  name: EngineName,
): Outcome {
  const page = requestOfAct(originOf(stage, one), "http://a.localhost/", one.act);
  const { mode, dest } = metadataOf(page, engines[name]);
  const lines = verdict.wire.map(({ request, credentials, kind, hop }): WireLine => {
    const known: Readonly<Record<Metadata, string>> = {
      mode: kind === "preflight" ? "cors" : mode,
      dest: destinationOf(name, dest),
      site: siteOf(one),
    };
    const compared = comparedMetadata(name, one.act.as, hop === 0 ? "first" : "later");
    return actLine(
      request,
      credentials,
      compared.map((each) => [each, known[each]] as const),
    );
  });
  const { detail, reason } = verdict;
  return seenOutcome(
    seenOf(one.act, verdict),
    onceEach(lines, one),
    reason === undefined ? undefined : `${detail?.at} ${reason}`,
  );
}

function sentLines(wire: readonly RequestHead[], one: ActCase, name: EngineName): WireLine[] {
  const first = wire[0]?.url;
  const lines = wire.map((request) =>
    actLine(
      request,
      getHeader(request.headers, "cookie") !== null,
      sentMetadata(
        request,
        comparedMetadata(name, one.act.as, request.url === first ? "first" : "later"),
      ),
    ),
  );
  return onceEach(lines, one);
}

/** A media element asks for its parts again. */
function onceEach(lines: readonly WireLine[], { act }: ActCase): WireLine[] {
  if (act.as !== "video") return [...lines];
  const seen = new Set<string>();
  return lines.filter(({ request }) => !seen.has(request) && seen.add(request));
}

const sites: Readonly<Record<Host, string>> = {
  named: "a",
  below: "a",
  other: "b",
  bare: "localhost",
  address: "127.0.0.1",
};

/** Fetch Metadata: Sec-Fetch-Site of a request that was not redirected. */
function siteOf({ page, sandboxed, nodes }: ActCase): string {
  const { place } = nodes.n0!;
  if (sandboxed) return "cross-site";
  if (place === `${page}:1`) return "same-origin";
  return sites[place.split(":")[0] as Host] === sites[page] ? "same-site" : "cross-site";
}
