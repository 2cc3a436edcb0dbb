// Has one page of an engine carry out acts, and waits until the servers have heard of them.

import type { ProofBrowser } from "../browser.ts";
import { reasonOfChromium } from "../reason.ts";
import type { ProofServer } from "../server.ts";
import { nodeUrl, type Stage } from "../stage.ts";
import { sentText, type ActCase } from "./act.ts";
import { formScript, type ActSeen, type PageAct } from "./page.ts";

export type NumberedAct = readonly [number: number, one: ActCase];

export interface PlayedAct {
  readonly seen: ActSeen;
  /** The engine's own word for the reason, in our codes. */
  readonly reason?: string;
}

/**
 * Plays acts of one page; the n-th result belongs to the n-th act. `expected` says how many requests the
 * model makes of each: so many are waited for, as beacons and forms report nothing.
 */
export async function playActs(
  browser: ProofBrowser,
  server: ProofServer,
  pageUrl: string,
  numbered: readonly NumberedAct[],
  expected: readonly number[],
): Promise<PlayedAct[]> {
  const { stage } = server;
  const settled = async (some: readonly number[]): Promise<void> => {
    const isOpen = (i: number): boolean => server.recorded(numbered[i]![0]).length < expected[i]!;
    for (let turn = 0; turn < 60 && some.some(isOpen); turn++) await pause(25);
    await pause(60);
  };
  const seen: ActSeen[] = numbered.map(() => ({ event: "none" }));
  const here = [...numbered.keys()].filter((i) => isPlayedInPage(numbered[i]![1]));
  const answered = await browser.ask(
    pageUrl,
    "playActs",
    JSON.stringify(here.map((i) => pageAct(stage, numbered[i]!))),
  );
  for (const [k, given] of (JSON.parse(answered.text) as ActSeen[]).entries())
    seen[here[k]!] = given;
  await settled(here);
  for (const [i, [, one]] of numbered.entries()) {
    if (isPlayedInPage(one)) continue;
    const act = pageAct(stage, numbered[i]!);
    if (one.act.as === "form") await browser.leave(pageUrl, formScript(act), () => settled([i]));
    else seen[i] = await browser.manifest!(pageUrl, act.url, one.act.crossOrigin);
  }
  return numbered.map(([number], i) => {
    const reason = reasonOfChromium(answered.reason(number));
    return reason === undefined ? { seen: seen[i]! } : { seen: seen[i]!, reason };
  });
}

/** A navigation leaves the page, and a manifest is loaded by the browser. */
export function isPlayedInPage({ act }: Pick<ActCase, "act">): boolean {
  return act.as !== "form" && act.as !== "manifest";
}

export function pageAct(stage: Stage, [number, one]: NumberedAct): PageAct {
  const { act, sandboxed } = one;
  return { ...act, number, sandboxed, url: nodeUrl(stage, number, one, "n0"), text: sentText };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
