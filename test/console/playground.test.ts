// The playground as the static site that anybody can put on a web host, in a real Chromium.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, before, suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { BrowserContextOptions, Page } from "playwright-core";
import { buildPlayground } from "../../scripts/build-playground.ts";
import { startChromium, type RunningChromium } from "../support/browser/chromium.ts";
import { axeViolations } from "../support/console/axe.ts";
import { exampleVerdicts } from "../support/console/example-verdicts.ts";
import { serveFolder, type StaticSite } from "../support/console/static-site.ts";

void suite("the playground, as a static site", () => {
  let folder: string;
  let site: StaticSite;
  let chromium: RunningChromium;
  before(async () => {
    folder = await buildPlayground();
    site = await serveFolder(folder);
    chromium = await startChromium();
  });
  after(async () => {
    await chromium.close();
    await site.close();
  });

  /** An open playground; the test fails for anything that the page's console prints. */
  async function opened(
    run: (page: Page) => Promise<void>,
    { hash = "", ...options }: BrowserContextOptions & { readonly hash?: string } = {},
  ): Promise<void> {
    const context = await chromium.browser.newContext(options);
    const page = await context.newPage();
    const printed: string[] = [];
    page.on("console", (message) => printed.push(message.text()));
    page.on("pageerror", (error) => printed.push(error.message));
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(site.url + hash);
    await page.locator(".verdict").first().waitFor();
    await run(page);
    assert.deepEqual(printed, []);
    assert.ok(
      asked.every((url) => url.startsWith(site.url) || url.startsWith("data:")),
      `the page asked elsewhere: ${asked.join(" ")}`,
    );
    await context.close();
  }
  const verdict = (page: Page): Promise<string> => page.locator(".verdict").first().innerText();
  /** Waits until the answer says so. */
  const says = (page: Page, text: string | RegExp): Promise<void> =>
    page.locator(".verdict", { hasText: text }).first().waitFor();

  test("a pasted console message is explained, with no server behind the page", async () => {
    await opened(async (page) => {
      await page
        .getByLabel("Paste anything")
        .fill(
          "Access to fetch at 'https://api.example.com/users' from origin 'https://app.example.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
        );
      await says(page, "acao-missing");
      assert.match(await verdict(page), /printed by chromium/);
      assert.match(await verdict(page), /https:\/\/api\.example\.com\/users/);
    });
  });

  test("a pasted cURL command becomes the question", async () => {
    await opened(async (page) => {
      await page
        .getByLabel("Paste anything")
        .fill(
          "curl 'https://api.example.com/orders/7' -X 'PUT' -H 'origin: https://shop.example.com' -H 'x-auth-token: 1' --data-raw '{}'",
        );
      await says(page, "PUT https://api.example.com/orders/7");
      assert.equal(await page.getByLabel("Page's origin").inputValue(), "https://shop.example.com");
      assert.match(
        await page.getByLabel("Request headers (Name: value)").inputValue(),
        /x-auth-token: 1/,
      );
    });
  });

  test("response headers decide, and the smallest fix is shown", async () => {
    await opened(async (page) => {
      await page
        .getByLabel("Response to the request", { exact: true })
        .fill("HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://app.example.com/");
      await says(page, /CORS check/);
      assert.match(await verdict(page), /server\s+.*Access-Control-Allow-Origin/);
      await page
        .getByLabel("Response to the request", { exact: true })
        .fill("HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://app.example.com");
      await says(page, "readable");
    });
  });

  test("a policy that has faults says them, and a good one decides", async () => {
    await opened(async (page) => {
      await page.getByLabel("a policy", { exact: true }).check();
      const field = page.getByLabel("Policy (TOML or JSON)");
      await field.fill('allow_origins = "*"\nallow_credentials = true');
      await page.getByText("policy/credentials-with-any-origin").waitFor();
      await field.fill('allow_origins = ["https://app.example.com"]');
      await says(page, "readable");
      await field.fill("allow_origins = [");
      await page.getByText("the policy cannot be parsed").waitFor();
    });
  });

  test("every example shows its verdict in each engine", async () => {
    await opened(async (page) => {
      await page.getByText("Examples", { exact: true }).click();
      for (const [title, expected] of Object.entries(exampleVerdicts)) {
        await page.getByRole("button", { name: title, exact: true }).click();
        if (expected.standard.startsWith("fault ")) {
          await page.getByText(expected.standard.slice("fault ".length)).waitFor();
          continue;
        }
        const outcomes = (["standard", "chromium", "firefox", "webkit"] as const).map(
          (engine) => `${engine} ${(expected[engine] ?? expected.standard).split(" ")[0]}`,
        );
        const rows = page.locator(".engines tbody tr");
        await page.locator(".engines").waitFor();
        const shown = async (): Promise<readonly string[]> =>
          (await rows.allInnerTexts()).map((row) => row.trim().split(/\s+/).slice(0, 2).join(" "));
        for (let turn = 0; turn < 100 && (await shown()).join() !== outcomes.join(); turn++)
          await page.waitForTimeout(20);
        assert.deepEqual(await shown(), outcomes, title);
      }
    });
  });

  test("what is pasted and is not understood is said, and two megabytes do not freeze the page", async () => {
    await opened(async (page) => {
      const box = page.getByLabel("Paste anything");
      await box.fill("lorem ipsum");
      await page.getByText("not recognised").waitFor();
      await page.evaluate(
        `(() => {
          const box = document.getElementById("paste");
          box.value = "curl 'https://a.example/" + "a".repeat(2_000_000);
          box.dispatchEvent(new Event("input", { bubbles: true }));
        })()`,
      );
      await page.getByText("longer than 256 kB").waitFor();
      await box.fill("HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://app.example.com");
      await says(page, "readable");
    });
  });

  test("it works below a folder of any host, and says what to do where it is opened as a file", async () => {
    const parent = path.dirname(folder);
    const below = await serveFolder(parent);
    const page = await chromium.browser.newPage();
    try {
      await page.goto(`${below.url}${path.basename(folder)}/index.html`);
      await page.locator(".verdict").first().waitFor();
      await page.goto(`file://${path.join(folder, "index.html")}`);
      await page.getByText(/If you opened it as a file/).waitFor();
    } finally {
      await page.close();
      await below.close();
    }
  });

  test("a link carries the whole question, in the fragment", async () => {
    let link = "";
    await opened(async (page) => {
      await page.getByLabel("URL that it asks for").fill("https://api.example.com/linked");
      await says(page, "/linked");
      link = new URL(page.url()).hash;
    });
    await opened(
      async (page) => {
        assert.match(await verdict(page), /https:\/\/api\.example\.com\/linked/);
      },
      { hash: link },
    );
  });

  test("hostile text is text", async () => {
    await opened(async (page) => {
      const hostile = '"><img src=x onerror=document.title=1><script>document.title=1</script>';
      await page.getByLabel("Page's origin").fill(hostile);
      await page
        .getByLabel("Response to the request", { exact: true })
        .fill(`HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: ${hostile}`);
      await page.getByLabel("URL that it asks for").fill(`https://api.example.com/${hostile}`);
      await page.locator(".verdict").first().waitFor();
      assert.equal(await page.title(), "Why is this blocked? · Corsway");
      assert.equal(await page.locator("img").count(), 0);
    });
  });

  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [320, 1280])
      test(`accessible and without sideways scrolling (${colorScheme}, ${width} px)`, async () => {
        await opened(
          async (page) => {
            assert.deepEqual(await axeViolations(page), []);
            const { scrollWidth, clientWidth } = await page.evaluate(() => ({
              scrollWidth: document.documentElement.scrollWidth,
              clientWidth: document.documentElement.clientWidth,
            }));
            assert.ok(scrollWidth <= clientWidth, `${scrollWidth} > ${clientWidth}`);
          },
          { colorScheme, viewport: { width, height: 800 } },
        );
      });

  test("the first view needs at most 40 kB of script, gzipped", () => {
    const html = readFileSync(path.join(folder, "index.html"), "utf8");
    const first = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(
      (match) => match[1]!,
    );
    assert.ok(first.length > 0);
    const bytes = first.reduce(
      (sum, file) => sum + gzipSync(readFileSync(path.join(folder, file))).length,
      0,
    );
    assert.ok(bytes <= 40_000, `${bytes} bytes`);
    assert.ok(readdirSync(path.join(folder, "assets")).length > first.length);
    assert.doesNotMatch(html, /<script(?![^>]* src=)/);
  });
});
