// The console's views as a person sees them: of a gateway with a policy, an upstream, and a page that is
// blocked.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { startGateway } from "corsway";
import { closeServer, listen } from "../test/support/browser/page-server.ts";
import { root } from "./checks.ts";

const configuration = (upstream: number): string => `# The shop's API.
[policies.shop]
allow_origins = ["https://shop.example.com"] # the shop itself
allow_methods = ["GET", "POST", "PUT"]
allow_headers = "Content-Type, X-Auth-Token"
allow_credentials = true
on_mismatch = "reject-writes"

[policies.open] # for everybody
allow_origins = "*"

[servers.public]
addr = "127.0.0.1:0"

[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]

[locations.orders]
path = "/orders"
upstream = "api"
cors = "shop"

[locations.catalogue]
path = "/catalogue"
upstream = "api"
cors = ["shop", "open"]

[locations.internal]
path = "/internal"
upstream = "api"
cors = false

[admin]
addr = "127.0.0.1:0"
`;

/** A page's requests: mostly allowed, some refused. */
async function ask(gateway: string): Promise<void> {
  const preflight = (origin: string, path: string, method: string, headers = "content-type") =>
    fetch(gateway + path, {
      method: "OPTIONS",
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
      },
    });
  const shop = "https://shop.example.com";
  for (let n = 0; n < 12; n++) {
    await fetch(`${gateway}/orders/${n}`, { headers: { Origin: shop } });
    await fetch(`${gateway}/catalogue`, { headers: { Origin: "https://blog.example" } });
  }
  await preflight(shop, "/orders/7", "PATCH");
  await preflight(shop, "/orders", "POST", "content-type,sentry-trace");
  await fetch(`${gateway}/internal`, { headers: { Origin: shop } });
  for (let n = 0; n < 3; n++) await preflight("https://staging.shop.example.com", "/orders", "PUT");
}

export async function photographConsole(browser: Browser, into: string): Promise<void> {
  execFileSync(process.execPath, [path.join(root, "scripts/build-console.mjs")]);
  const upstream = createServer((_request, response) => response.end("{}"));
  const port = await listen(upstream);
  const folder = await mkdtemp(path.join(tmpdir(), "corsway-screenshots-"));
  const file = path.join(folder, "corsway.toml");
  writeFileSync(file, configuration(port));
  const gateway = await startGateway(file, { base: folder, watch: false });
  const console_ = gateway.admin!.url;
  const public_ = gateway.addresses[0]!.url;
  await ask(public_);
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [390, 1280]) {
      const viewport = { width, height: 900 };
      const context = await browser.newContext({ colorScheme, viewport, locale: "en-GB" });
      const page = await context.newPage();
      const taken = async (name: string): Promise<void> => {
        const image = path.join(into, `console-${name}-${width}-${colorScheme}.png`);
        await page.screenshot({ path: image });
        console.log(path.relative(root, image));
      };
      await page.goto(`${console_}/#/overview`);
      await page.locator(".uplot").waitFor();
      await taken("overview");
      await page.goto(`${console_}/#/traffic`);
      await page.getByText("live", { exact: true }).waitFor();
      await ask(public_);
      await page.locator(".decisions .link", { hasText: "OPTIONS" }).first().click();
      await page.locator(".diagram svg").waitFor();
      await page.evaluate("scrollTo(0, 0)");
      await taken("traffic");
      await page.getByRole("button", { name: "Review this change in Policies" }).click();
      await page.getByText("What opens").waitFor();
      await page.evaluate("scrollTo(0, 0)");
      await taken("policies");
      await context.close();
    }
  await gateway.close(0);
  await closeServer(upstream);
  await rm(folder, { recursive: true, force: true });
}
