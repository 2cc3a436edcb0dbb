// `npm run screenshots`: the pages as a person sees them, for docs/images, light and dark.

import { mkdirSync } from "node:fs";
import path from "node:path";
import { startChromium } from "../test/support/browser/chromium.ts";
import { serveFolder } from "../test/support/console/static-site.ts";
import { buildPlayground } from "./build-playground.ts";
import { photographConsole } from "./console-screenshots.ts";
import { root } from "./checks.ts";

const folder = path.join(root, "docs/images");
mkdirSync(folder, { recursive: true });
const site = await serveFolder(await buildPlayground());
const { browser, close } = await startChromium();
for (const colorScheme of ["light", "dark"] as const)
  for (const width of [390, 1280]) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    await page.goto(site.url);
    await page.getByLabel("credentials").selectOption("include");
    await page
      .getByLabel("Response to the request", { exact: true })
      .fill("HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\n");
    await page.locator(".verdict", { hasText: "CORS check" }).waitFor();
    const file = path.join(folder, `playground-${width}-${colorScheme}.png`);
    await page.screenshot({ path: file, fullPage: width < 800 });
    console.log(path.relative(root, file));
    await context.close();
  }
await photographConsole(browser, folder);
await close();
await site.close();
