// Chromium under proof, started as all our tests start it (a browser that is helped proves
// nothing). Beside the page's view, DevTools' protocol names the reason of a block.

import type { CDPSession, Page } from "playwright-core";
import { startChromium } from "../support/browser/chromium.ts";
import type { Case } from "./case.ts";
import { pageCase, type ProofBrowser, type SeenStep } from "./browser.ts";
import { pagePath } from "./page.ts";
import { nodeOfUrl, pageOrigin, visitedHosts, type Stage } from "./stage.ts";

interface Opened {
  readonly page: Page;
  readonly reasons: Reasons;
  played: number;
}

/** Its preflight cache throws entries out at random when it holds 1024 of them: long before, a new one. */
const casesPerContext = 400;

export async function startProofChromium(stage: Stage): Promise<ProofBrowser> {
  const running = await startChromium({ thirdPartyCookies: true });
  const { browser } = running;
  const opened = new Map<Case["page"], Opened>();
  let visited: Page | undefined;

  async function open(name: Case["page"]): Promise<Opened> {
    const context = await browser.newContext();
    const page = await context.newPage();
    const reasons = new Reasons(stage);
    await reasons.listen(await context.newCDPSession(page));
    for (const host of visitedHosts) await page.goto(`${pageOrigin(stage, host)}${pagePath}?visit`);
    await page.goto(`${pageOrigin(stage, name)}${pagePath}`);
    await page.waitForFunction(() => document.title === "ready");
    const frame = page.frames()[1];
    if (frame !== undefined) {
      try {
        await reasons.listen(await context.newCDPSession(frame));
      } catch {
        // in the page's own process: its session hears the frame too
      }
    }
    return { page, reasons, played: 0 };
  }

  return {
    name: "chromium",
    version: browser.version(),
    async play(name, cases) {
      if ((opened.get(name)?.played ?? casesPerContext) >= casesPerContext) {
        await opened.get(name)?.page.context().close();
        opened.set(name, await open(name));
      }
      const place = opened.get(name)!;
      const { page, reasons } = place;
      place.played += cases.length;
      const given = cases.map((one) => pageCase(stage, one));
      const seen = await page.evaluate((list) => window.playCases(list), given);
      await reasons.settle();
      return seen.map((steps, i) => reasons.attach(cases[i]![0], steps));
    },
    async visit(url, script) {
      await visited?.context().close();
      visited = await (await browser.newContext()).newPage();
      await visited.goto(url);
      // A script that leaves the page is not answered.
      await visited.evaluate(script).catch(() => undefined);
    },
    close: () => running.close(),
  };
}

/** Which reason DevTools' protocol gave, by case and in the order of the page's requests. */
class Reasons {
  readonly #stage: Stage;
  /** Of each case: the requests its page made, by id. */
  readonly #requests = new Map<number, string[]>();
  readonly #reasons = new Map<string, string>();
  readonly #running = new Set<string>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async listen(session: CDPSession): Promise<void> {
    session.on("Network.requestWillBeSent", (event) => {
      const number = nodeOfUrl(this.#stage, event.request.url)?.number;
      // A preflight is an event of its own, but no request of the page's.
      if (number === undefined || event.type !== "Fetch") return;
      if (event.redirectResponse !== undefined) return;
      this.#running.add(event.requestId);
      const requests = this.#requests.get(number) ?? [];
      this.#requests.set(number, requests);
      requests.push(event.requestId);
    });
    session.on("Network.loadingFailed", (event) => {
      const reason = event.corsErrorStatus?.corsError ?? event.blockedReason ?? event.errorText;
      if (!this.#reasons.has(event.requestId)) this.#reasons.set(event.requestId, reason);
      this.#running.delete(event.requestId);
    });
    session.on("Network.loadingFinished", (event) => this.#running.delete(event.requestId));
    await session.send("Network.enable");
  }

  /** The events arrive on another way than the page's answer: lets the late ones come. */
  async settle(): Promise<void> {
    for (let turns = 0; this.#running.size > 0 && turns < 20; turns++)
      await new Promise((done) => setTimeout(done, 10));
    this.#running.clear();
  }

  /** Only where each step made a request is it known which request was which step's. */
  attach(number: number, steps: readonly SeenStep["seen"][]): SeenStep[] {
    const requests = this.#requests.get(number) ?? [];
    this.#requests.delete(number);
    return steps.map((seen, i) => {
      const reason = requests.length === steps.length ? this.#reasons.get(requests[i]!) : undefined;
      return reason === undefined ? { seen } : { seen, reason };
    });
  }
}
