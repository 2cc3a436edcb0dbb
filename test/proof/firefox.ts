// Firefox under proof, over WebDriver BiDi. Its preferences allow third-party cookies and keep it
// quiet; none touches CORS.

import { launch, type Page } from "puppeteer-core";
import { pageCase, type ProofBrowser, type StartOptions } from "./browser.ts";
import { pagePath } from "./page.ts";
import { pageOrigin, usualVisits, type Stage } from "./stage.ts";

const preferences: Readonly<Record<string, unknown>> = {
  "network.cookie.sameSite.laxByDefault": false,
  "network.dns.disableIPv6": false,
  "network.proxy.type": 0,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "privacy.partition.always_partition_third_party_non_cookie_storage": false,
  "dom.max_script_run_time": 0,
};

export async function startProofFirefox(
  stage: Stage,
  { visits = usualVisits(stage), thirdPartyCookies = "allowed" }: StartOptions = {},
): Promise<ProofBrowser> {
  const left = [...visits];
  const browser = await launch({
    browser: "firefox",
    executablePath: process.env.CORSWAY_FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
    acceptInsecureCerts: true,
    extraPrefsFirefox: {
      ...preferences,
      // 5: its default, each site has a jar of its own (Total Cookie Protection)
      "network.cookie.cookieBehavior": thirdPartyCookies === "allowed" ? 0 : 5,
    },
    protocolTimeout: 300_000,
  });
  const opened = new Map<string, Promise<Page>>();
  let visited: Page | undefined;

  async function open(url: string): Promise<Page> {
    const page = await browser.newPage();
    // One jar for all pages.
    for (const visit of left.splice(0)) await page.goto(visit);
    await page.goto(url);
    await page.waitForFunction(() => document.title === "ready");
    return page;
  }

  function at(url: string): Promise<Page> {
    const page = opened.get(url) ?? open(url);
    opened.set(url, page);
    return page;
  }

  return {
    name: "firefox",
    version: (await browser.version()).replace(/^[^\d]*/, ""),
    async play(name, cases) {
      const page = await at(`${pageOrigin(stage, name)}${pagePath}`);
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
    async ask(url, name, argument) {
      const page = await at(url);
      const text = await page.evaluate(
        async (name, argument) => JSON.stringify(await window[name](JSON.parse(argument))),
        name,
        argument,
      );
      return { text, reason: () => undefined };
    },
    async leave(url, script, until) {
      await at(url);
      const page = await browser.newPage();
      await page.goto(url);
      // A script that leaves the page is not answered.
      await page.evaluate(script).catch(() => undefined);
      await until();
      await page.close();
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
