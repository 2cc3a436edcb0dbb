// `npm start`, as a user sees it: what it prints, every button on both pages in Chromium, a change
// of the configuration while it runs, and Ctrl-C.

import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer, type Server } from "node:net";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { chapters, type Outcome } from "../examples/demo/examples.ts";
import { asLine } from "../examples/demo/gateway-log.ts";
import { wantedPorts } from "../examples/demo/ports.ts";
import { startChromium, type RunningChromium } from "./support/browser/chromium.ts";

const main = fileURLToPath(new URL("../examples/demo/main.ts", import.meta.url));
const buildConsole = fileURLToPath(new URL("../scripts/build-console.mjs", import.meta.url));
const examples = chapters.flatMap((chapter) => chapter.examples);

describe("the demo", () => {
  let blocker: Server;
  let demo: ChildProcess;
  let out = "";
  let errors = "";
  let chromium: RunningChromium;
  let addresses: readonly string[] = [];
  const address = (says: RegExp): string => {
    const line = out.split("\n").find((text) => says.test(text));
    return /http:\/\/127\.0\.0\.1:\d+/.exec(line ?? "")?.[0] ?? `no line says ${says}`;
  };

  before(async () => {
    // Whoever has the port, this test or somebody else: it is busy.
    blocker = createServer();
    await new Promise<void>((resolve) => {
      blocker.once("error", () => resolve());
      blocker.listen(wantedPorts.gateway, "127.0.0.1", resolve);
    });
    execFileSync(process.execPath, [buildConsole]); // as `prestart` does
    demo = spawn(process.execPath, ["--conditions=source", main], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    demo.stdout?.setEncoding("utf8").on("data", (text: string) => (out += text));
    demo.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
    await until(() => out.includes("Ctrl-C") || demo.exitCode !== null);
    assert.equal(demo.exitCode, null, errors);
    addresses = [...out.matchAll(/^ {2}(http:\/\/127\.0\.0\.1:\d+) /gm)].map(([, at]) => at ?? "");
    chromium = await startChromium();
  });
  after(async () => {
    await chromium?.close();
    demo.kill("SIGKILL");
    blocker.close();
  });

  it("prints each address with its purpose, each address answers, and a busy port is named", async () => {
    assert.equal(addresses.length, 5, out);
    for (const at of addresses) assert.equal((await fetch(at)).status, 200, at);
    assert.match(out, /port 8080 is busy, so it is \d+/);
    assert.notEqual(address(/the gateway: curl/), "http://127.0.0.1:8080");
  });

  it("prints a curl line that shows the page's origin allowed", async () => {
    const page = address(/policies allow/);
    assert.match(out, new RegExp(`curl -i -H 'Origin: ${page}' \\S+/api/users`));
    const response = await fetch(`${address(/the gateway: curl/)}/api/users`, {
      headers: { Origin: page },
    });
    assert.equal(response.headers.get("access-control-allow-origin"), page);
  });

  it("keeps running after a request with an invalid URL", async () => {
    for (const at of addresses)
      for (const target of ["//", "//[", "http://[", "*", "/%", "/gateway-log?try=%"]) {
        const { hostname, port } = new URL(at);
        await new Promise((resolve, reject) => {
          const asked = request({ hostname, port, path: target }, (response) => {
            response.resume().once("close", resolve);
          });
          asked.once("error", reject).end();
        });
      }
    assert.equal(demo.exitCode, null, errors);
  });

  it("keeps running after a request whose Origin is not a page", async () => {
    const api = `${address(/the gateway: curl/)}/api/users`;
    for (const origin of ["null", "no origin", "https://a.example, https://b.example"]) {
      assert.equal((await fetch(api, { headers: { Origin: origin } })).status, 200);
      await until(() => new RegExp(`${origin.replace("https://", "")}  GET /api/users`).test(out));
    }
    assert.equal(demo.exitCode, null, errors);
    assert.match(out, / {2}null {2}GET \/api\/users → 200 +response without CORS headers/);
  });

  it("wraps its log on a narrow terminal between the request and the sentence", () => {
    const line = {
      method: "GET",
      path: "/api/users\u001b[2J",
      host: "127.0.0.1",
      status: 200,
      origin: "http://127.0.0.1:8083",
      policy: "webapp",
      kind: "actual",
      allowed: false,
      refusal: "origin-not-allowed",
    } as const;
    const says =
      "response without CORS headers: the page’s origin is not in webapp’s allow_origins";
    const asked = "  127.0.0.1:8083  GET /api/users\ufffd[2J → 200";
    assert.equal(asLine(line, 80), `${asked}\n      ${says}`);
    assert.equal(asLine(line, Infinity).replace(/ +response/, " response"), `${asked} ${says}`);
  });

  for (const [role, says] of [
    ["allowed", /policies allow/],
    ["foreign", /do not allow/],
  ] as const) {
    it(`does what the label of each of its ${examples.length} buttons says, on the ${role} page`, async () => {
      const page = await open(address(says));
      for (const example of examples) {
        const saw = await click(page, example.id);
        assert.deepEqual(saw, whole(example[role], saw), `${role}: ${example.id}`);
      }
      await page.context().close();
    });
  }

  it("shows what the page can read next to the gateway's log line", async () => {
    const page = await open(address(/policies allow/));
    await click(page, "put-token");
    const shown = await page.innerText("#put-token .result");
    assert.match(shown, /x-request-id: \S+/);
    assert.match(shown, /OPTIONS \/api\/users → 204\s+preflight request, allowed by webapp/);
    assert.match(shown, /PUT \/api\/users → 200/);
    await page.context().close();
  });

  it("links a blocked request to its explanation in the console's playground", async () => {
    const page = await open(address(/do not allow/));
    await click(page, "put-token");
    const link = await page.getAttribute("#put-token .why", "href");
    await page.goto(link!);
    await page.getByText(/does not list this origin/).waitFor();
    assert.match(await page.innerText(".verdict"), /blocked PUT \S+\/api\/users/);
    await page.context().close();
  });

  it("shows the log lines of two quick clicks separately", async () => {
    const page = await open(address(/policies allow/));
    const ids = ["put-token", "simple-get"];
    await page.evaluate((cards) => {
      for (const id of cards) document.querySelector<HTMLElement>(`#${id} button`)!.click();
    }, ids);
    for (const id of ids) {
      const saw = await outcome(page, id);
      assert.deepEqual(saw, whole(examples.find((one) => one.id === id)!.allowed, saw), id);
    }
    await page.context().close();
  });

  it("redirects from localhost, which is a different origin, to the origin in its policies", async () => {
    const allowed = address(/policies allow/);
    const page = await open(allowed.replace("127.0.0.1", "localhost"));
    assert.equal(page.url(), `${allowed}/`);
    await page.context().close();
  });

  it("can be used with only the keyboard", async () => {
    const page = await open(address(/policies allow/));
    await page.focus("#any-origin button");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#any-origin[data-outcome]");
    const focused = await page.evaluate("document.activeElement.closest('article')?.id");
    assert.equal(focused, "any-origin");
    await page.context().close();
  });

  it("applies a changed configuration while it runs", async () => {
    const path = /the configuration is (\S+)/.exec(out)?.[1] ?? "";
    const toml = await readFile(path, "utf8");
    await writeFile(path, toml.replace("X-Auth-Token, apikey", "X-Auth-Token"));
    await until(() => errors.includes("configuration is applied"));
    const page = await open(address(/policies allow/));
    assert.deepEqual(await click(page, "get-apikey"), {
      sees: "blocked",
      preflights: 1,
      sent: false,
      logged: 204,
    });
    await writeFile(path, toml.replace('max_age           = "24h"', 'max_age = "soon"'));
    await until(() => errors.includes("is not applied"));
    assert.match(errors, /corsway\.toml:\d+:\d+/);
    assert.equal((await click(page, "put-token")).sees, 200);
    await page.context().close();
  });

  it("stops completely on Ctrl-C and leaves nothing behind", async () => {
    const path = /the configuration is (\S+)/.exec(out)?.[1] ?? "";
    demo.kill("SIGINT");
    await until(() => demo.exitCode !== null);
    assert.equal(demo.exitCode, 0, errors);
    assert.equal(existsSync(path), false);
    for (const at of addresses) await assert.rejects(fetch(at), at);
  });

  async function open(url: string): Promise<Page> {
    const context = await chromium.browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForSelector("html[data-ready]");
    return page;
  }
});

/** Presses a card's button; what the card then says of the page and of the gateway. */
async function click(page: Page, id: string): Promise<Required<Outcome>> {
  await page.click(`#${id} button`);
  return outcome(page, id);
}

/** What a card shows, once it has its answer. */
async function outcome(page: Page, id: string): Promise<Required<Outcome>> {
  await page.waitForSelector(`#${id}[data-outcome]`);
  const card = await page.$eval(`#${id}`, (element) => ({ ...(element as HTMLElement).dataset }));
  const sees = card["outcome"]!;
  return {
    sees: /^\d+$/.test(sees) ? Number(sees) : (sees as Outcome["sees"]),
    preflights: Number(card["preflights"]),
    sent: card["sent"] === "true",
    logged: Number(card["logged"]),
  };
}

/** The table names the logged status only where the page cannot tell. */
function whole(wanted: Outcome, { logged }: Required<Outcome>): Required<Outcome> {
  return { logged, ...wanted };
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 600 && !holds(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
