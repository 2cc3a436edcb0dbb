// The console by the keyboard alone, in a real Chromium: Tab, Shift+Tab, Enter, Space, the arrows, Escape,
// and typing. Every stop shows that it has the focus, none keeps it, and none loses it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, suite, test } from "node:test";
import type { Page } from "playwright-core";
import { startGateway, type Gateway } from "corsway";
import { root } from "../../scripts/checks.ts";
import { startChromium, type RunningChromium } from "../support/browser/chromium.ts";
import { httpServer } from "../support/harness.ts";
import { sendRaw } from "../support/raw-socket.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = temporaryFolder();
const file = path.join(folder, "corsway.toml");
const mostStops = 150;

/** What has the focus: its name, and whether that can be seen. */
interface Stop {
  readonly name: string;
  readonly seen: boolean;
}

/** In the page, so it is text there: types of the DOM are not those of Node. */
const stopInPage = `(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (element === null || element === document.body) return { name: "", seen: true };
  const shown = [];
  for (let one = element; one instanceof Element; one = one.parentElement ?? one.getRootNode().host) {
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    shown.push(outlineStyle !== "none" && parseFloat(outlineWidth) > 0);
    if (!(one.getRootNode() instanceof ShadowRoot)) break;
  }
  const label = element.labels?.[0]?.textContent ?? "";
  const name = element.getAttribute("aria-label") ?? (label || element.textContent || element.id);
  const { width, height } = element.getBoundingClientRect();
  return { name: name.trim().replace(/\\s+/g, " ").slice(0, 120), seen: shown.some(Boolean) && width > 0 && height > 0 };
})()`;

const focused = (page: Page): Promise<Stop> => page.evaluate<Stop>(stopInPage);

void suite("the console, by the keyboard alone", () => {
  let chromium: RunningChromium;
  let gateway: Gateway;
  let first = "";
  before(async () => {
    execFileSync(process.execPath, [path.join(root, "scripts/build-console.mjs")]);
    const upstream = await httpServer((_request, response) => response.end("ok"));
    first = `# The gateway of the shop.
[policies.shop] # ours
allow_origins = ["https://shop.example"]
allow_methods = ["GET", "PUT"]

[policies.open]
allow_origins = "*"

[servers.public]
addr = "127.0.0.1:0"

[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]

[locations.users]
path = "/users"
upstream = "api"
cors = "shop"

[locations.news]
path = "/news"
upstream = "api"
cors = ["shop", "open"]

[admin]
addr = "127.0.0.1:0"
`;
    writeFileSync(file, first);
    gateway = await startGateway(file, { base: folder, watch: false });
    chromium = await startChromium();
  });
  after(async () => {
    await chromium.close();
    await gateway.close(0);
  });

  /** Presses Tab until this has the focus; every stop on the way shows that it has it. */
  async function tabTo(page: Page, name: RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    const passed: string[] = [];
    for (let n = 0; n < mostStops; n++) {
      await page.keyboard.press(key);
      let stop = await focused(page);
      // The editor takes a moment to show it.
      for (let turn = 0; turn < 50 && !stop.seen; turn++) {
        await page.waitForTimeout(20);
        stop = await focused(page);
      }
      assert.ok(stop.seen, `the focus on “${stop.name}” cannot be seen`);
      if (name.test(stop.name)) return;
      passed.push(stop.name);
    }
    assert.fail(`${name} is not reached by ${key}; passed: ${passed.join(" | ")}`);
  }
  const has = async (page: Page, name: RegExp): Promise<void> => {
    for (let turn = 0; turn < 200; turn++) {
      if (name.test((await focused(page)).name)) return;
      await page.waitForTimeout(20);
    }
    assert.match((await focused(page)).name, name);
  };
  // Not waitForFunction: it evaluates text in the page, which the page's policy refuses.
  async function onMain(page: Page): Promise<void> {
    const id = (): Promise<string> => page.evaluate<string>("document.activeElement.id");
    for (let turn = 0; turn < 200 && (await id()) !== "main"; turn++) await page.waitForTimeout(20);
    assert.equal(await id(), "main");
  }
  async function opened(run: (page: Page) => Promise<void>): Promise<void> {
    const context = await chromium.browser.newContext({
      locale: "en-GB",
      viewport: { width: 1280, height: 900 },
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(gateway.admin!.url);
    await page.getByText("Server public").waitFor();
    await run(page);
    await context.close();
  }
  const refuse = (): Promise<unknown> =>
    sendRaw(
      gateway.addresses[0]!.port,
      "OPTIONS /users HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n",
    );

  test("each view is left again: Tab comes round, forwards and backwards", async () => {
    await refuse();
    await opened(async (page) => {
      for (const name of ["Overview", "Policies", "Traffic", "History", "Playground"]) {
        await page.goto(`${gateway.admin!.url}/#/${name.toLowerCase()}`);
        await page.locator("main .card").first().waitFor();
        if (name === "Policies") await page.locator("details summary").first().click();
        await page.locator("body").click({ position: { x: 2, y: 2 } });
        await tabTo(page, /^Skip to the content$/);
        await page.keyboard.press("Tab");
        await tabTo(page, /^(?:Skip to the content)?$/);
        await tabTo(page, /^Skip to the content$/, "Shift+Tab");
      }
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate<string>("document.activeElement.id"), "main");
    });
  });

  test("a field is changed, a fix applied, the change reviewed and saved, and rolled back", async () => {
    await opened(async (page) => {
      await tabTo(page, /^Policies$/);
      await page.keyboard.press("Enter");
      await page.getByLabel("Allowed origins").waitFor();
      await tabTo(page, /^Allowed origins$/);
      await page.keyboard.press("Control+a");
      await page.keyboard.type("https://shop.example/");
      await page.locator(".form-field.faulty").waitFor();
      await tabTo(page, /^Fix: /);
      await page.keyboard.press("Enter");
      await page.locator(".form-field.faulty").waitFor({ state: "detached" });
      await has(page, /^Allowed origins$/);

      await tabTo(page, /^Allowed methods$/);
      await page.keyboard.press("Control+a");
      await page.keyboard.type("GET, PUT, DELETE");
      await tabTo(page, /^Allow credentials$/);
      await page.keyboard.press("Space");
      await page.getByText(/allow_credentials was false, becomes true/).waitFor();
      await page.keyboard.press("Space");
      await page
        .getByText(/allow_credentials was false, becomes true/)
        .waitFor({ state: "detached" });
      await page.getByText(/allow_methods gains DELETE/).waitFor();

      await tabTo(page, /^The difference as text$/, "Shift+Tab");
      await page.keyboard.press("Enter");
      await page.locator(".save .difference").waitFor();
      await tabTo(page, /^Save and serve$/, "Shift+Tab");
      await page.keyboard.press("Enter");
      await page.getByText("Saved, and served since.").waitFor();
      assert.match(readFileSync(file, "utf8"), /"DELETE"/);
      await onMain(page);

      // The rest of the view, with the editor, is passed and left.
      await tabTo(page, /^Text of /);
      await tabTo(page, /^Which policy applies where$/, "Shift+Tab");
      await page.keyboard.press("Space");
      await tabTo(page, /^Move open up in location news$/);
      await page.keyboard.press("Enter");
      await page.getByText("rules was shop, open, becomes open, shop").waitFor();
      await has(page, /^Move (?:open|shop) (?:up|down) in location news$/);
      await tabTo(page, /^Discard$/, "Shift+Tab");
      await page.keyboard.press("Enter");
      await page.locator(".save").waitFor({ state: "detached" });

      await tabTo(page, /^History$/, "Shift+Tab");
      await page.keyboard.press("Enter");
      await page.getByText("saved in the console").waitFor();
      await tabTo(page, /^What changed$/);
      await tabTo(page, /^Review and go back$/);
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: /^Go back to revision/ }).waitFor();
      await tabTo(page, /^Go back to revision/);
      await page.keyboard.press("Enter");
      await page.getByText("is served again").waitFor();
      assert.equal(readFileSync(file, "utf8"), first);
      await has(page, /^(?:What changed|Review and go back)$/);
    });
  });

  test("the traffic is filtered and paused, and a decision opened, closed and reviewed", async () => {
    await refuse();
    await opened(async (page) => {
      await tabTo(page, /^Traffic$/);
      await page.keyboard.press("Enter");
      await page.locator(".decisions .link").first().waitFor();
      await tabTo(page, /^Filter by/);
      await page.keyboard.type("nothing like it");
      await page.getByText("No decision matches the filter.").waitFor();
      await page.keyboard.press("Control+a");
      await page.keyboard.press("Backspace");
      await tabTo(page, /^Outcome/);
      await page.keyboard.type("refused");
      await tabTo(page, /^Pause$/);
      await page.keyboard.press("Space");
      await page.getByText("paused", { exact: true }).waitFor();
      await page.keyboard.press("Space");

      await tabTo(page, /^Live decisions/);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowUp");
      await has(page, /^OPTIONS \/users$/);
      await page.keyboard.press("Enter");
      await page.locator(".diagram svg").waitFor();
      await has(page, /^OPTIONS \/users → 403$/);
      await page.keyboard.press("Escape");
      await page.locator(".decision").waitFor({ state: "detached" });
      await has(page, /^OPTIONS \/users$/);

      await page.keyboard.press("Enter");
      await page.locator(".diagram svg").waitFor();
      await tabTo(page, /^Close$/);
      await page.keyboard.press("Enter");
      await has(page, /^OPTIONS \/users$/);
      await page.keyboard.press("Enter");
      await page.locator(".diagram svg").waitFor();
      await tabTo(page, /^Review this change in Policies$/);
      await page.keyboard.press("Enter");
      await page.getByText("Pages of https://evil.example can read responses").waitFor();
      await onMain(page);
      await tabTo(page, /^Discard$/);
      await page.keyboard.press("Enter");
      await page.locator(".save").waitFor({ state: "detached" });
    });
  });

  test("the playground is asked, switched and left", async () => {
    await opened(async (page) => {
      await tabTo(page, /^Playground$/);
      await page.keyboard.press("Enter");
      await page.locator(".verdict").first().waitFor();
      await tabTo(page, /^Paste anything$/);
      await page.keyboard.insertText(
        "curl 'https://api.example.com/x' -X PUT -H 'origin: https://a.example'",
      );
      await page.locator(".verdict", { hasText: "PUT https://api.example.com/x" }).waitFor();
      await has(page, /^Paste anything$/);
      await tabTo(page, /^response headers$/);
      await page.keyboard.press("ArrowRight");
      await has(page, /^a policy$/);
      await page.getByLabel("Policy (TOML or JSON)").waitFor();
      await page.keyboard.press("ArrowRight");
      await has(page, /^this gateway$/);
      await tabTo(page, /^Examples$/);
      await page.keyboard.press("Enter");
      await tabTo(page, /^A slash at the end of the origin$/);
      await page.keyboard.press("Enter");
      await page.locator(".verdict", { hasText: "https://app.example.com/" }).waitFor();
      await has(page, /^A slash at the end of the origin$/);
      await tabTo(page, /^Every step of the standard/);
      await page.keyboard.press("Space");
      await page.locator(".trace").waitFor();
      await tabTo(page, /^Overview$/, "Shift+Tab");
    });
  });
});
