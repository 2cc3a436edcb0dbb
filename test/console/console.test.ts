// The console through its page, in a real Chromium: what somebody does who has an incident.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { after, before, suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { BrowserContextOptions, Page } from "playwright-core";
import { startGateway, type Gateway } from "corsway";
import { root } from "../../scripts/checks.ts";
import { startChromium, type RunningChromium } from "../support/browser/chromium.ts";
import { axeViolations } from "../support/console/axe.ts";
import { httpServer } from "../support/harness.ts";
import { sendRaw } from "../support/raw-socket.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = temporaryFolder();
const file = path.join(folder, "corsway.toml");
const dist = path.join(root, "packages/console/dist");
const views = ["overview", "policies", "traffic", "history", "playground"] as const;

void suite("the console", () => {
  let chromium: RunningChromium;
  /** Two pages on two origins; only the first is allowed. */
  let allowed = "";
  let second = "";
  let gateway: Gateway;
  let api = "";
  let first = "";

  before(async () => {
    execFileSync(process.execPath, [path.join(root, "scripts/build-console.mjs")]);
    const upstream = await httpServer((_request, response) => response.end("ok"));
    const pageServer = (): Promise<number> =>
      httpServer((request, response) => {
        const to = new URL(request.url ?? "/", "http://localhost").searchParams.get("api") ?? "";
        response.setHeader("Content-Type", "text/html");
        response.end(`<!doctype html><title>page</title><button>PUT</button><output></output><script>
          document.querySelector("button").onclick = async () => {
            const said = document.querySelector("output");
            said.textContent = "";
            said.textContent = await fetch(${JSON.stringify(to)}, { method: "PUT" })
              .then((answer) => "read " + answer.status, () => "blocked");
          };
        </script>`);
      });
    allowed = `http://127.0.0.1:${await pageServer()}`;
    second = `http://127.0.0.1:${await pageServer()}`;
    first = `# The gateway of the shop.
[policies.shop] # ours
allow_origins = ["${allowed}"] # the shop
allow_methods = ["GET", "PUT"]
allow_headers = "Content-Type"
max_age = 0

[policies.open]
allow_origins = "*"

[servers.public]
addr = "127.0.0.1:0"

[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]

[locations.users]
path = "/users"
upstream = "api"
cors = "shop" # the shop's

[locations.news]
path = "/news"
upstream = "api"
cors = ["shop", "open"]

[locations.plain]
path = "/plain"
upstream = "api"

[admin]
addr = "127.0.0.1:0"
`;
    writeFileSync(file, first);
    gateway = await startGateway(file, { base: folder, watch: false });
    api = `http://127.0.0.1:${gateway.addresses[0]!.port}/users`;
    chromium = await startChromium();
  });
  after(async () => {
    await chromium.close();
    await gateway.close(0);
  });

  /** The console, open at a view; the test fails for anything that the page's console prints. */
  async function opened(
    view: (typeof views)[number],
    run: (page: Page) => Promise<void>,
    { expected = [], ...options }: BrowserContextOptions & { expected?: readonly RegExp[] } = {},
  ): Promise<void> {
    // Without a locale this Chromium's language is not a language tag.
    const context = await chromium.browser.newContext({ locale: "en-GB", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const printed: string[] = [];
    page.on("console", (message) => printed.push(message.text()));
    page.on("pageerror", (error) => printed.push(error.message));
    await page.goto(`${gateway.admin!.url}/#/${view}`);
    await page.locator("h1").first().waitFor();
    await run(page);
    assert.deepEqual(
      printed.filter((line) => !expected.some((one) => one.test(line))),
      [],
    );
    await context.close();
  }

  const onDisk = (): string => readFileSync(file, "utf8");
  async function restored(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } finally {
      writeFileSync(file, first);
      await gateway.reload();
    }
  }

  test("from a blocked page to the reason, the fix, a page that succeeds, and back", async () => {
    await restored(() =>
      opened("traffic", async (page) => {
        await page.getByText("live", { exact: true }).waitFor();
        const shop = await page.context().newPage();
        await shop.goto(`${second}/?api=${encodeURIComponent(api)}`);
        const put = async (): Promise<string> => {
          await shop.getByRole("button").click();
          await shop.locator("output", { hasText: /./ }).waitFor();
          return shop.locator("output").innerText();
        };
        assert.equal(await put(), "blocked");

        const row = page.locator(".decisions tr", { hasText: second }).first();
        assert.match(await row.innerText(), /refused · the policy does not list the page's origin/);
        await row.getByRole("button").click();
        await page.getByText(/does not list this origin/).waitFor();
        const shown = await page.locator(".decision").innerText();
        assert.match(shown, /Access to fetch at .* has been blocked by CORS policy/);
        assert.equal(await page.locator(".diagram svg").count(), 1);
        assert.equal(onDisk(), first);

        await page.getByRole("button", { name: "Review this change in Policies" }).click();
        await page.getByText(`Pages of ${second} can read responses`).waitFor();
        assert.equal(await put(), "blocked");
        await page.getByRole("button", { name: "Save and serve" }).click();
        await page.getByText("Saved, and served since.").waitFor();
        for (const kept of ["# The gateway of the shop.", "# ours", "# the shop", "# the shop's"])
          assert.ok(onDisk().includes(kept), kept);
        assert.equal(await put(), "read 200");

        await page.getByRole("link", { name: "History", exact: true }).first().click();
        await page.getByText("saved in the console").waitFor();
        await page.locator(".history li").nth(1).getByRole("button").click();
        await page.getByText(`Pages of ${second} can no longer read responses`).waitFor();
        await page.getByRole("button", { name: /^Go back to revision/ }).click();
        await page.getByText("is served again").waitFor();
        assert.equal(onDisk(), first);
        assert.equal(await put(), "blocked");
      }),
    );
  });

  test("from a refusal in the overview to the change that would allow it", async () => {
    await sendRaw(
      gateway.addresses[0]!.port,
      `GET /users HTTP/1.1\r\nHost: localhost\r\nOrigin: ${second}\r\nConnection: close\r\n\r\n`,
    );
    await opened("overview", async (page) => {
      await page
        .getByRole("link", { name: `Why was ${second} refused?` })
        .first()
        .click();
      await page.getByText("does not list this origin").waitFor();
      await page.getByRole("button", { name: "Review this change in Policies" }).click();
      await page.getByText(`Pages of ${second} can read responses`).waitFor();
      assert.equal(onDisk(), first);
      await page.getByRole("button", { name: "Discard" }).click();
    });
  });

  test("a form edit changes its value alone, and what is typed as text is read into the form", async () => {
    await restored(() =>
      opened(
        "policies",
        async (page) => {
          await page.getByLabel("Allowed methods").fill("GET, PUT, DELETE");
          await page.getByText(/allow_methods gains DELETE at users, news/).waitFor();
          await page.getByRole("button", { name: "Save and serve" }).click();
          await page.getByText("Saved, and served since.").waitFor();
          assert.equal(onDisk(), first.replace('"GET", "PUT"]', '"GET", "PUT", "DELETE"]'));

          await page.getByLabel("Allow credentials").check();
          await page.getByText(/allow_credentials was false, becomes true/).waitFor();
          await page.getByRole("button", { name: "Discard" }).click();
          await page.getByRole("button", { name: "Discard" }).waitFor({ state: "detached" });
          assert.equal(await page.getByLabel("Allow credentials").isChecked(), false);

          await page
            .getByLabel(/^Text of/)
            .fill(onDisk().replace('"GET", "PUT", "DELETE"', '"PATCH"'));
          await page.getByText(/allow_methods gains PATCH/).waitFor();
          assert.equal(await page.getByLabel("Allowed methods").inputValue(), "PATCH");
          await page.getByRole("button", { name: "Discard" }).click();
        },
        // Chromium's own editing gives what replaces everything a style, which the page refuses.
        { expected: [/Applying inline style/] },
      ),
    );
  });

  test("a bad policy cannot be saved, and says why at the field", async () => {
    await opened("policies", async (page) => {
      await page.getByLabel("Allowed origins").fill(`${allowed}/`);
      await page.locator(".form-field.faulty").waitFor();
      await page.getByText("One error: this cannot be saved.").waitFor();
      assert.equal(await page.getByRole("button", { name: "Save and serve" }).isDisabled(), true);
      assert.match(
        await page.locator(".form-field.faulty").innerText(),
        /policy\/origin-trailing-slash/,
      );
      await page.locator(".form-field.faulty").getByRole("button", { name: /^Fix/ }).click();
      await page.locator(".form-field.faulty").waitFor({ state: "detached" });
      assert.equal(await page.getByLabel("Allowed origins").inputValue(), allowed);
      assert.equal(onDisk(), first);
    });
  });

  test("somebody else's change is shown and nothing is lost", async () => {
    await restored(() =>
      opened(
        "policies",
        async (page) => {
          await page.getByLabel("Allowed request headers").fill("Content-Type, X-Shop");
          await page.getByText(/allow_headers gains X-Shop/).waitFor();
          writeFileSync(file, first.replace("# The gateway", "# Somebody else: the gateway"));
          await page.getByRole("button", { name: "Save and serve" }).click();
          await page.getByText("Somebody else has changed the files").waitFor();
          assert.doesNotMatch(onDisk(), /X-Shop/);
          assert.match(
            await page.getByLabel("What they changed in").innerText(),
            /Somebody else: the gateway/,
          );
          await page.getByRole("button", { name: "Keep both changes" }).click();
          await page.getByRole("button", { name: "Save and serve" }).click();
          await page.getByText("Saved, and served since.").waitFor();
          assert.match(onDisk(), /# Somebody else: the gateway/);
          assert.match(onDisk(), /"Content-Type, X-Shop"/);
        },
        { expected: [/409/] },
      ),
    );
  });

  test("rules by origin are an ordered list, and the global policy has its precedence", async () => {
    await restored(() =>
      opened("policies", async (page) => {
        await page.getByText("Which policy applies where").click();
        await page.getByRole("button", { name: "Move open up in location news" }).click();
        await page.getByText("rules was shop, open, becomes open, shop").waitFor();
        await page.getByLabel("Policy of global").selectOption("policy open");
        await page.getByLabel("Where a location or server has a policy too").selectOption({
          value: "location-wins",
        });
        await page.getByRole("button", { name: "Discard" }).waitFor();
        await page.getByText("The difference as text").click();
        await page.locator(".difference .added", { hasText: "location-wins" }).waitFor();
        assert.match(
          await page.locator(".save .difference").innerText(),
          /cors = \[\s*"open", "shop"\s*\]/,
        );
        await page.getByRole("button", { name: "Discard" }).click();
      }),
    );
  });

  test("a thousand decisions a second leave the page at hand, and its list bounded", async () => {
    await opened("traffic", async (page) => {
      await page.getByText("live", { exact: true }).waitFor();
      const socket = connect(gateway.addresses[0]!.port, "127.0.0.1");
      socket.resume();
      const one = (index: number): string =>
        `OPTIONS /users/${index} HTTP/1.1\r\nHost: localhost\r\nOrigin: https://flood.example\r\nAccess-Control-Request-Method: PUT\r\n\r\n`;
      let sent = 0;
      const timer = setInterval(() => {
        for (let n = 0; n < 100 && sent < 3000; n++) socket.write(one(sent++));
      }, 100);
      const seen = async (): Promise<number> =>
        Number(
          /([\d,]+) seen/.exec(await page.locator(".list").innerText())?.[1]?.replaceAll(",", "") ??
            0,
        );
      while ((await seen()) < 1000) await page.waitForTimeout(50);
      // In the middle of it: the page still does what a person asks.
      await page.getByLabel(/^Filter/).fill("nothing like it");
      await page.getByText("No decision matches the filter.").waitFor();
      await page.getByLabel(/^Filter/).fill("");
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByText("paused", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Continue" }).click();
      while ((await seen()) < 3000) await page.waitForTimeout(50);
      clearInterval(timer);
      socket.destroy();
      await page.getByRole("button", { name: /^Show all/ }).click();
      assert.ok((await page.locator(".decisions tbody tr").count()) <= 1000);
    });
  });

  test("hostile origins and paths are text in every list", async () => {
    const hostile: readonly string[] = [
      "https://<img src=x onerror=document.title=1>",
      "https://\u202e\u2066moc.elpmaxe\u202c.evil.example",
      `https://${"a".repeat(8000)}.example`,
      "javascript:document.title=1",
      "https://x`${document.title=1}`.example",
    ];
    const ask = (origin: string): Promise<unknown> =>
      sendRaw(
        gateway.addresses[0]!.port,
        Buffer.from(
          `GET /users/%3Cimg%20src=x%3E HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\nConnection: close\r\n\r\n`,
        ),
      );
    const harmless = async (page: Page): Promise<void> => {
      assert.equal(await page.locator("img, main script, main iframe").count(), 0);
      assert.notEqual(await page.title(), "1");
      const { scrollWidth, clientWidth } = await page.evaluate<Record<string, number>>(
        "({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth })",
      );
      assert.ok(scrollWidth! <= clientWidth!, `${scrollWidth} > ${clientWidth}`);
    };
    for (const origin of hostile) await ask(origin);
    for (const width of [320, 1280])
      await opened(
        "overview",
        async (page) => {
          await page.getByText(hostile[0]!).first().waitFor();
          await page.locator(".uplot").waitFor();
          await harmless(page);
          assert.deepEqual(await axeViolations(page), []);
          const links = page.getByRole("link", { name: /^Why was .* refused\?$/ });
          for (let index = 0; index < (await links.count()); index++) {
            await links.nth(index).click();
            await page.locator(".verdict, p.bad").first().waitFor();
            await harmless(page);
            await page.goto(`${gateway.admin!.url}/#/overview`);
            await links.first().waitFor();
          }
          await page.goto(`${gateway.admin!.url}/#/traffic`);
          await page.getByText("live", { exact: true }).waitFor();
          for (const origin of hostile) {
            await page.getByRole("button", { name: "Clear" }).click();
            await ask(origin);
            await page.locator(".decisions .link").first().click();
            await page.locator(".decision").waitFor();
            await harmless(page);
            // A row of eight kilobytes is not a screen of them.
            const { height } = (await page.locator(".decisions tbody tr").first().boundingBox())!;
            assert.ok(height < 300, `${height} px`);
            await page.getByRole("button", { name: "Close" }).click();
          }
          assert.deepEqual(await axeViolations(page), []);
        },
        { viewport: { width, height: 900 } },
      );
  });

  test("where each field comes from is shown for each place", async () => {
    await opened("overview", async (page) => {
      const place = page.locator(".places li", { hasText: "users" }).first();
      await place.locator("summary").click();
      assert.match(await place.innerText(), /allow_origins\s+.*\s+location\s+\S*corsway\.toml:3/);
      assert.match(await place.innerText(), /preflight_status\s+204\s+default/);
    });
  });

  for (const view of views)
    for (const colorScheme of ["light", "dark"] as const)
      for (const width of colorScheme === "light" ? [320, 1280, 2560] : [320, 1280])
        test(`${view}: accessible and without sideways scrolling (${colorScheme}, ${width} px)`, async () => {
          await opened(
            view,
            async (page) => {
              await page.locator("main .card").first().waitFor();
              if (view === "history") {
                await page.locator(".history button").first().click();
                await page.locator(".history h3, .history .card .quiet").first().waitFor();
              }
              if (view === "traffic") {
                await page.getByText("live", { exact: true }).waitFor();
                await sendRaw(
                  gateway.addresses[0]!.port,
                  "OPTIONS /users HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n",
                );
                await page.locator(".decisions .link").first().click();
                await page.locator(".diagram svg").waitFor();
              }
              if (view === "policies") await page.getByText("Which policy applies where").click();
              assert.deepEqual(await axeViolations(page), []);
              const { scrollWidth, clientWidth } = await page.evaluate(() => ({
                scrollWidth: document.documentElement.scrollWidth,
                clientWidth: document.documentElement.clientWidth,
              }));
              assert.ok(scrollWidth <= clientWidth, `${scrollWidth} > ${clientWidth}`);
            },
            { colorScheme, viewport: { width, height: 900 } },
          );
        });

  test("forced colours keep what is chosen visible, and nothing moves for who wants no motion", async () => {
    await opened(
      "traffic",
      async (page) => {
        await page.getByText("live", { exact: true }).waitFor();
        await sendRaw(
          gateway.addresses[0]!.port,
          "GET /users HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\nConnection: close\r\n\r\n",
        );
        await page.locator(".decisions .link").first().click();
        await page.locator(".diagram svg").waitFor();
        const style = (selector: string, property: string): Promise<string> =>
          page.evaluate(
            `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`,
          );
        assert.equal(await style("tr.open", "outlineStyle"), "solid");
        assert.equal(await style("nav a[aria-current]", "borderBottomStyle"), "solid");
        assert.equal(
          await style(".diagram text.quiet", "fill"),
          await style(".diagram text.strong", "fill"),
        );
        assert.equal(
          await page.evaluate(
            "document.getAnimations().filter(({ effect }) => effect.getComputedTiming().duration > 0).length",
          ),
          0,
        );
      },
      { forcedColors: "active", reducedMotion: "reduce" },
    );
  });

  test("where a token is needed, the page asks for it and keeps it for the tab", async () => {
    const token = "0123456789abcdef-token";
    writeFileSync(path.join(folder, "token"), token);
    const locked = path.join(folder, "locked.toml");
    writeFileSync(
      locked,
      first.replace(/\[admin\]\naddr = .*/, '[admin]\naddr = "127.0.0.1:0"\ntoken_file = "token"'),
    );
    const other = await startGateway(locked, { base: folder, watch: false });
    const page = await chromium.browser.newPage({ locale: "en-GB" });
    try {
      await page.goto(other.admin!.url);
      await page.getByText("This console needs its token").waitFor();
      assert.deepEqual(await axeViolations(page), []);
      await page.getByLabel("Token").fill("0123456789abcdef-wrong");
      await page.keyboard.press("Enter");
      await page.getByText("The gateway does not accept this token.").waitFor();
      await page.getByLabel("Token").fill(token);
      await page.keyboard.press("Enter");
      await page.getByText("Server public").waitFor();
      await page.reload();
      await page.getByText("Server public").waitFor();
    } finally {
      await page.close();
      await other.close(0);
    }
  });

  test("a console whose gateway has gone says so, and comes back by itself", async () => {
    await opened(
      "overview",
      async (page) => {
        await page.context().setOffline(true);
        await page.getByText("The gateway does not answer.").first().waitFor();
        await page.context().setOffline(false);
        await page.getByRole("button", { name: "Try again" }).first().click();
        await page.getByText("The gateway does not answer.").first().waitFor({ state: "detached" });
      },
      { expected: [/ERR_INTERNET_DISCONNECTED/] },
    );
  });

  test("it is built once for the same sources", () => {
    const built = (): number => statSync(path.join(dist, "index.html")).ino;
    const before = built();
    execFileSync(process.execPath, [path.join(root, "scripts/build-console.mjs")]);
    assert.equal(built(), before);
  });

  test("the first view needs at most 40 kB of script, gzipped, and none inline", () => {
    const html = readFileSync(path.join(dist, "index.html"), "utf8");
    const scripts = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(
      (match) => match[1]!,
    );
    assert.ok(scripts.length > 0);
    const bytes = scripts.reduce(
      (sum, one) => sum + gzipSync(readFileSync(path.join(dist, one))).length,
      0,
    );
    assert.ok(bytes <= 40_000, `${bytes} bytes`);
    assert.ok(readdirSync(path.join(dist, "assets")).length > scripts.length);
    assert.doesNotMatch(html, /<script(?![^>]* src=)|<style|style=/);
  });
});
