// What a page of another origin can do to the console of somebody who visits it: nothing. In a real
// Chromium, with whatever a page can send without being asked.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, suite, test } from "node:test";
import { startGateway, type Gateway } from "corsway";
import { root } from "../../scripts/checks.ts";
import { startChromium, type RunningChromium } from "../support/browser/chromium.ts";
import { minimalConfig } from "../support/config-folder.ts";
import { httpServer } from "../support/harness.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = temporaryFolder();
const file = path.join(folder, "corsway.toml");
const token = "0123456789abcdef-token";

void suite("a page of another origin", () => {
  let gateway: Gateway;
  let chromium: RunningChromium;
  let foreign = "";
  let text = "";
  before(async () => {
    execFileSync(process.execPath, [path.join(root, "scripts/build-console.mjs")]);
    text = `${minimalConfig({ listen: "127.0.0.1:0", upstream: 1 })}\n[admin]\naddr = "127.0.0.1:0"\n`;
    writeFileSync(file, text);
    gateway = await startGateway(file, { base: folder, watch: false });
    foreign = `http://127.0.0.1:${await httpServer((_request, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end("<!doctype html><title>foreign</title><body></body>");
    })}`;
    chromium = await startChromium();
  });
  after(async () => {
    await chromium.close();
    await gateway.close(0);
  });

  test("it reads nothing of the admin API and changes nothing through it", async () => {
    const page = await chromium.browser.newPage();
    await page.goto(foreign);
    const admin = gateway.admin!.url;
    const { etag, files } = (await (await fetch(`${admin}/api/config`)).json()) as {
      readonly etag: string;
      readonly files: readonly { readonly name: string }[];
    };
    const evil = JSON.stringify({ files: [{ name: files[0]!.name, text: "# gone" }] });
    const outcomes = await page.evaluate<Record<string, string>>(`(async () => {
      const admin = ${JSON.stringify(admin)}, evil = ${JSON.stringify(evil)};
      const match = { "If-Match": '"${etag}"' };
      const outcome = (asking) => asking.then((response) => response.type + " " + response.status, () => "blocked");
      const loaded = (element, address) => new Promise((resolve) => {
        element.onload = () => resolve("loaded");
        element.onerror = () => resolve("blocked");
        Object.assign(element, address);
        document.body.append(element);
      });
      const found = {
        read: await outcome(fetch(admin + "/api/config")),
        write: await outcome(fetch(admin + "/api/config", { method: "PUT", body: evil, headers: { ...match, "Content-Type": "application/json" } })),
        plain: await outcome(fetch(admin + "/api/history/1/rollback", { method: "POST", body: "{}", mode: "no-cors" })),
        stream: await outcome(fetch(admin + "/api/decisions", { mode: "no-cors" })),
        script: await loaded(document.createElement("script"), { src: admin + "/api/config" }),
        sheet: await loaded(document.createElement("link"), { rel: "stylesheet", href: admin + "/metrics" }),
        image: await loaded(document.createElement("img"), { src: admin + "/status" }),
      };
      const form = document.createElement("form");
      Object.assign(form, { method: "POST", enctype: "text/plain", action: admin + "/api/config", target: "hole" });
      const frame = document.createElement("iframe");
      frame.name = "hole";
      const field = document.createElement("input");
      Object.assign(field, { name: evil.slice(0, -1) + ',"x":"', value: '"}' });
      form.append(field);
      document.body.append(frame, form);
      const sent = new Promise((resolve) => frame.addEventListener("load", resolve));
      form.submit();
      await sent;
      return found;
    })()`);
    assert.deepEqual(outcomes, {
      read: "blocked",
      write: "blocked",
      plain: "blocked",
      stream: "blocked",
      script: "blocked",
      sheet: "blocked",
      image: "blocked",
    });
    const framed = page.waitForEvent("framenavigated");
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement("iframe"), { src: ${JSON.stringify(`${admin}/`)} }))`,
    );
    await framed;
    for (const frame of page.frames().slice(1))
      assert.equal(await frame.locator("nav").count(), 0, frame.url());
    assert.equal(readFileSync(file, "utf8"), text);
    const history = (await (await fetch(`${admin}/api/history`)).json()) as readonly unknown[];
    assert.equal(history.length, 1);
    await page.close();
  });

  test("a name that was re-pointed to this machine gets no console; a link to it opens one", async () => {
    const page = await chromium.browser.newPage();
    const { port, url } = gateway.admin!;
    const answer = await page.goto(`http://evil.example:${port}/`);
    assert.equal(answer?.status(), 403);
    await page.goto(foreign);
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement("a"), { href: ${JSON.stringify(`${url}/#/policies`)}, textContent: "console" }))`,
    );
    await page.getByText("console").click();
    await page.getByRole("heading", { name: "Policies" }).waitFor();
    await page.close();
  });

  test("under another name the console works where it has a token", async () => {
    writeFileSync(path.join(folder, "token"), token);
    const open = path.join(folder, "open.toml");
    writeFileSync(
      open,
      text.replace(/\[admin\]\n.*/, '[admin]\naddr = "0.0.0.0:0"\ntoken_file = "token"'),
    );
    const other = await startGateway(open, { base: folder, watch: false });
    const page = await chromium.browser.newPage({ locale: "en-GB" });
    page.setDefaultTimeout(15_000);
    try {
      await page.goto(`http://gateway.internal:${other.admin!.port}/#/policies`);
      await page.getByLabel("Token").fill(token);
      await page.keyboard.press("Enter");
      await page.getByLabel(/^Text of/).waitFor();
      // A POST carries an Origin, and this one is not of loopback.
      await page.getByLabel("New policy").fill("fresh");
      await page.getByRole("button", { name: "Add" }).click();
      await page.getByRole("button", { name: "Save and serve" }).click();
      await page.getByText("Saved, and served since.").waitFor();
      assert.match(readFileSync(open, "utf8"), /\[policies\.fresh\]/);
    } finally {
      await page.close();
      await other.close(0);
    }
  });
});
