// What Chromium's console says of a blocked request, held byte for byte against what consoleMessage
// says it says, and decoded again as a person would have it decoded who pasted it. (The
// Firefox lines in vectors/messages/ are from these cases, too.)

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromium as engine, consoleMessage, run, type ReasonCode } from "@corsway/cors/browser";
import type { RequestHead } from "@corsway/cors/standard";
import { decodeMessage } from "@corsway/cors/explain";
import { startChromium } from "../support/browser/chromium.ts";
import { askInPage, messageCases, startMessageServer } from "../support/browser/message-cases.ts";

/** net::ERR_FAILED or the like, which is said of every blocked request. */
const ofNetwork = /^Failed to load resource: net::/;

/** They name no rule, or are said of other things too (an SVG's `use`). */
const undecodable = /^(?:FTP is not supported\.$|Unsafe attempt to load URL )/;

test("Chromium's console prints the message that the model predicts, and it decodes to its reason", async (t) => {
  const server = await startMessageServer();
  const chromium = await startChromium();
  try {
    // Wordings are a version's, and npm's headless shell has some of its own.
    const version = chromium.browser.version();
    if (!version.startsWith(`${engine.version}.`)) {
      t.skip(`the messages are those of Chromium ${engine.version}, this is ${version}`);
      return;
    }
    const page = await chromium.browser.newPage();
    const lines: string[] = [];
    page.on("console", (message) => lines.push(message.text()));
    await page.goto(server.origin);
    const reasons = new Set<ReasonCode>();
    for (const [index, one] of messageCases.entries()) {
      const request = server.request(index);
      const verdict = await run(request, (head: RequestHead) => server.answer(head), { engine });
      assert.equal(verdict.reason, one.reason, one.name);
      reasons.add(one.reason);
      const expected = consoleMessage(request, verdict, engine);
      const mark = lines.length;
      const seen = await page.evaluate(askInPage, { ...one.ask, url: request.url });
      assert.match(seen, /^blocked/, one.name);
      // The page hears before its console does; every case has a line, if only the network's.
      const own = () => lines.slice(mark).filter((line) => !ofNetwork.test(line));
      for (let turn = 0; turn < 100 && own().length < expected.length; turn++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      // A fence: the console is in order, so nothing of this case comes later.
      await page.evaluate(() => console.log("fence"));
      for (let turn = 0; turn < 500 && !lines.slice(mark).includes("fence"); turn++)
        await new Promise((resolve) => setTimeout(resolve, 2));
      const said = own().filter((line) => line !== "fence");
      assert.deepEqual(said, expected, one.name);
      if (said.length > 0 && !undecodable.test(said[0]!))
        assert.equal(decodeMessage(said.join("\n"))?.reason, one.reason, said.join("\n"));
    }
    assert.ok(reasons.size >= 18, `${[...reasons].join(" ")}`);
  } finally {
    await chromium.close();
    await server.close();
  }
});
