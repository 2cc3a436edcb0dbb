// Chromium under proof, started as all our tests start it (a browser that is helped proves
// nothing). Beside the page's view, DevTools' protocol names the reason of a block.

import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { startChromium } from "../support/browser/chromium.ts";
import { pageCase, type ProofBrowser, type SeenStep, type StartOptions } from "./browser.ts";
import { pagePath } from "./page.ts";
import { nodeOfUrl, pageOrigin, usualVisits, type Stage } from "./stage.ts";

interface Opened {
  readonly page: Page;
  readonly reasons: Reasons;
  /** What its console printed. */
  readonly lines: string[];
  played: number;
}

/** Its preflight cache throws entries out at random when it holds 1024 of them: long before, a new one. */
const casesPerContext = 400;

export async function startProofChromium(
  stage: Stage,
  { visits, thirdPartyCookies = "allowed" }: StartOptions = {},
): Promise<ProofBrowser> {
  const running = await startChromium({ thirdPartyCookies: thirdPartyCookies === "allowed" });
  const { browser } = running;
  const opened = new Map<string, Opened>();
  let visited: Page | undefined;
  let shared: BrowserContext | undefined;

  async function open(url: string): Promise<Opened> {
    const context = shared ?? (await browser.newContext());
    const isNew = context !== shared;
    // Its preflight cache is full some day; whose cookies count brings few cases, and shares them.
    if (visits !== undefined) shared = context;
    const page = await context.newPage();
    const lines: string[] = [];
    page.on("console", (message) => lines.push(message.text()));
    const reasons = new Reasons(stage);
    const session = await context.newCDPSession(page);
    await reasons.listen(session);
    // The headless shell knows neither the setting nor what incognito does.
    if (thirdPartyCookies === "blocked")
      await session.send("Network.setCookieControls", {
        enableThirdPartyCookieRestriction: true,
      });
    if (isNew) for (const visit of visits ?? usualVisits(stage)) await page.goto(visit);
    await page.goto(url);
    await page.waitForFunction(() => document.title === "ready");
    const frame = page.frames()[1];
    if (frame !== undefined) {
      try {
        await reasons.listen(await context.newCDPSession(frame));
      } catch {
        // in the page's own process: its session hears the frame too
      }
    }
    return { page, reasons, lines, played: 0 };
  }

  /** The page with this URL, with room for so many cases more. */
  async function at(url: string, count: number): Promise<Opened> {
    if ((opened.get(url)?.played ?? casesPerContext) >= casesPerContext) {
      await opened.get(url)?.page.context().close();
      opened.set(url, await open(url));
    }
    const place = opened.get(url)!;
    place.played += count;
    return place;
  }

  return {
    name: "chromium",
    version: browser.version(),
    async play(name, cases) {
      const { page, reasons } = await at(`${pageOrigin(stage, name)}${pagePath}`, cases.length);
      const given = cases.map((one) => pageCase(stage, one));
      const seen = await page.evaluate((list) => window.playCases(list), given);
      await reasons.settle();
      return seen.map((steps, i) => reasons.attach(cases[i]![0], steps));
    },
    async ask(url, name, argument) {
      const { page, reasons, lines } = await at(url, 100);
      lines.length = 0;
      const text = await page.evaluate(
        async ([name, argument]) => JSON.stringify(await window[name](JSON.parse(argument))),
        [name, argument] as const,
      );
      await reasons.settle();
      return { text, reason: (number) => reasons.first(number), printed: [...lines] };
    },
    async leave(url, script, until) {
      const page = await (await at(url, 1)).page.context().newPage();
      await page.goto(url);
      // A script that leaves the page is not answered.
      await page.evaluate(script).catch(() => undefined);
      await until();
      await page.close();
    },
    async manifest(url, manifest, crossOrigin) {
      const { page } = await at(url, 1);
      await page.evaluate(
        ([href, crossOrigin]) => {
          document.querySelector("link[rel=manifest]")?.remove();
          const link = document.createElement("link");
          link.rel = "manifest";
          if (crossOrigin !== undefined) link.crossOrigin = crossOrigin;
          link.href = href;
          document.head.append(link);
        },
        [manifest, crossOrigin] as const,
      );
      const session = await page.context().newCDPSession(page);
      const { url: loaded } = await session.send("Page.getAppManifest");
      await session.detach();
      return { event: loaded === "" ? "error" : "load" };
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
      if (number === undefined || event.type === "Preflight") return;
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

  /** The reason of the first request of this case. */
  first(number: number): string | undefined {
    const [first] = this.#requests.get(number) ?? [];
    return first === undefined ? undefined : this.#reasons.get(first);
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
