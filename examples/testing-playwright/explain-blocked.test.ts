import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { closeServer, listen } from "../../test/support/browser/page-server.ts";
import { startChromium } from "../../test/support/browser/chromium.ts";
import { explainBlocked } from "./explain-blocked.ts";

test("a blocked request of a real page is explained, and an allowed one is not", async (t) => {
  const app = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html").end("<!doctype html>");
  });
  const api = createServer((request, response) => {
    if (request.url === "/open") response.setHeader("Access-Control-Allow-Origin", "*");
    response.end("{}");
  });
  const home = `http://127.0.0.1:${await listen(app)}`;
  const data = `http://127.0.0.1:${await listen(api)}`;
  const chromium = await startChromium();
  t.after(async () => {
    await chromium.close();
    await closeServer(app);
    await closeServer(api);
  });
  const page = await chromium.browser.newPage();
  const blocked = explainBlocked(page);
  await page.goto(home);
  const ask = (url: string) =>
    page.evaluate(
      (to) =>
        fetch(to).then(
          () => "read",
          () => "blocked",
        ),
      url,
    );

  assert.equal(await ask(`${data}/open`), "read");
  assert.deepEqual(blocked, []);
  const console = page.waitForEvent("console");
  assert.equal(await ask(`${data}/closed`), "blocked");
  await console;
  assert.match(blocked.join("\n"), /acao-missing[^]*send `Access-Control-Allow-Origin: http:/);
});
