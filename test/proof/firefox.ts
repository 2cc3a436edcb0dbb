// Firefox under proof, over WebDriver BiDi. Its preferences allow third-party cookies and keep it
// quiet; none touches CORS.

import { launch, type Page } from "puppeteer-core";
import { pageCase, type ProofBrowser } from "./browser.ts";
import type { Case } from "./case.ts";
import { pagePath } from "./page.ts";
import { pageOrigin, visitedHosts, type Stage } from "./stage.ts";

const preferences: Readonly<Record<string, unknown>> = {
  "network.cookie.cookieBehavior": 0, // third-party cookies
  "network.cookie.sameSite.laxByDefault": false,
  "network.dns.disableIPv6": false,
  "network.proxy.type": 0,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "privacy.partition.always_partition_third_party_non_cookie_storage": false,
  "dom.max_script_run_time": 0,
};

export async function startProofFirefox(stage: Stage): Promise<ProofBrowser> {
  const browser = await launch({
    browser: "firefox",
    executablePath: process.env.CORSWAY_FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
    extraPrefsFirefox: { ...preferences },
    protocolTimeout: 300_000,
  });
  const opened = new Map<Case["page"], Promise<Page>>();
  let visited: Page | undefined;

  async function open(name: Case["page"]): Promise<Page> {
    const page = await browser.newPage();
    for (const host of visitedHosts) await page.goto(`${pageOrigin(stage, host)}${pagePath}?visit`);
    await page.goto(`${pageOrigin(stage, name)}${pagePath}`);
    await page.waitForFunction(() => document.title === "ready");
    return page;
  }

  return {
    name: "firefox",
    version: (await browser.version()).replace(/^[^\d]*/, ""),
    async play(name, cases) {
      if (!opened.has(name)) opened.set(name, open(name));
      const page = await opened.get(name)!;
      const given = cases.map((one) => pageCase(stage, one));
      // As text: BiDi would take minutes over serialising so many values one by one.
      const text = await page.evaluate(
        async (list) => JSON.stringify(await window.playCases(JSON.parse(list))),
        JSON.stringify(given),
      );
      return (JSON.parse(text) as Awaited<ReturnType<Window["playCases"]>>).map((steps) =>
        steps.map((seen) => ({ seen })),
      );
    },
    async visit(url, script) {
      await visited?.close();
      visited = await browser.newPage();
      await visited.goto(url);
      // A script that leaves the page is not answered.
      await visited.evaluate(script).catch(() => undefined);
    },
    close: () => browser.close(),
  };
}
