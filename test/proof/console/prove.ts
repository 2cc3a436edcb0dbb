// Holds the lines that an engine's console prints about blocked acts against the model's. A line belongs to the
// act whose URL it names; lines without a URL belong to none, and are not compared.

import { consoleMessage, engines, runSync, type Verdict } from "@corsway/cors/browser";
import { normalizeHeaderValue } from "@corsway/cors/standard";
import { caseServers } from "../answer.ts";
import { requestOfAct, type ActCase } from "../initiators/act.ts";
import { isPlayedInPage, pageAct, type NumberedAct } from "../initiators/play.ts";
import { pagePath } from "../page.ts";
import { playTwice, type Held } from "../prove.ts";
import type { ProofServer } from "../server.ts";
import { nextNumber, nodeUrl, pageOrigin } from "../stage.ts";
import type { ConsoleReader } from "./reader.ts";

const batchSize = 100;

/** Whether its console can be asked about: a navigation prints into the next page's. */
export function isPrintable({ act, sandboxed }: ActCase): boolean {
  return isPlayedInPage({ act }) && !(sandboxed && act.as === "beacon");
}

/** One result a case, in the order given; see proveCases. */
export function proveConsole(
  reader: ConsoleReader,
  server: ProofServer,
  cases: readonly ActCase[],
): Promise<Held<ActCase>[]> {
  return playTwice(cases, async (some) => {
    const held: Held<ActCase>[] = Array.from({ length: some.length });
    for (const page of ["named", "address", "bare"] as const) {
      const indexes = [...some.keys()].filter((i) => some[i]!.page === page);
      for (let from = 0; from < indexes.length; from += batchSize) {
        const batch = indexes.slice(from, from + batchSize);
        const numbered = batch.map((i): NumberedAct => [nextNumber(), some[i]!]);
        server.load(numbered);
        const url = `${pageOrigin(server.stage, page)}${pagePath}?acts`;
        const acts = JSON.stringify(numbered.map((one) => pageAct(server.stage, one)));
        const lines = await reader.read(url, acts);
        for (const [k, i] of batch.entries()) {
          const start = `/x/${server.stage.run}/${numbered[k]![0]}/`;
          const [seen, said] = [lines, modelledLines(server, numbered[k]!, reader)].map((all) =>
            all.filter((line) => line.includes(start)).join("\n"),
          ) as [string, string];
          const difference = { aspect: "console", engine: seen, model: said } as const;
          held[i] = seen === said ? { one: some[i]! } : { one: some[i]!, difference };
        }
      }
    }
    return held;
  });
}

function modelledLines(
  { stage }: ProofServer,
  [number, one]: NumberedAct,
  { name }: ConsoleReader,
): readonly string[] {
  const origin = one.sandboxed ? "null" : pageOrigin(stage, one.page);
  const request = requestOfAct(origin, nodeUrl(stage, number, one, "n0"), one.act);
  const servers = caseServers(stage, number, one);
  const engine = engines[name];
  const verdict: Verdict = runSync(
    request,
    (head) => {
      const { status, headers } = servers(head);
      return { status, headers: headers.map(([k, v]) => [k, normalizeHeaderValue(v)] as const) };
    },
    { engine, now: () => 0 },
  );
  return consoleMessage(request, verdict, engine);
}
