// A browser that lets everything pass would make every other browser test pass too. So: what must
// be blocked is blocked, before anything else is believed. It runs for each Chromium there is.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import { closeServer, listen, startPageServer } from "../support/browser/page-server.ts";
import { certificateFor } from "../support/browser/certificate.ts";
import { openPage } from "../support/browser/page.ts";
import { startChromium } from "../support/browser/chromium.ts";
import { inflatedChromium } from "../support/browser/inflated-chromium.ts";

const ways = [
  { name: "the Chromium that the other tests use", options: {}, skip: false },
  {
    name: "npm's Chromium",
    options: { from: "npm" },
    skip: (await inflatedChromium()) === undefined && "npm has none for this machine",
  },
] as const;

for (const { name, options, skip } of ways) {
  describe(name, { skip }, () => {
    it("blocks requests that a server did not allow, and sends no actual request after a failed preflight", async () => {
      const asked: string[] = [];
      const silent = createServer((request, response) => {
        asked.push(`${request.method} ${request.headers.host} ${request.headers.origin}`);
        response.writeHead(200).end("secret");
      });
      const api = await listen(silent);
      const pages = await startPageServer(await certificateFor("app.example.com"));
      const chromium = await startChromium({
        ...options,
        names: { "app.example.com:443": pages.port },
      });
      try {
        const page = await openPage(chromium.browser, "https://app.example.com");
        // http from an https page would be mixed content, another mechanism: loopback is exempt.
        const url = `http://127.0.0.1:${api}/`;
        const simple = await page.fetch(url);
        assert.ok(simple.blocked);
        assert.deepEqual(
          simple.told.corsErrors.map((error) => error.corsError),
          ["MissingAllowOriginHeader"],
        );
        assert.match(simple.told.console.join("\n"), /blocked by CORS policy/);
        const put = await page.fetch(url, { method: "PUT" });
        assert.ok(put.blocked);
        assert.deepEqual(
          put.told.corsErrors.map((error) => error.corsError),
          ["PreflightMissingAllowOriginHeader"],
        );
        assert.deepEqual(
          put.told.wire.map((request) => request.method),
          ["OPTIONS"],
        );
        assert.deepEqual(asked, [
          `GET 127.0.0.1:${api} https://app.example.com`,
          `OPTIONS 127.0.0.1:${api} https://app.example.com`,
        ]);
      } finally {
        await chromium.close();
        await pages.close();
        await closeServer(silent);
      }
    });

    it("starts each page with an empty preflight cache and keeps the cache within the page", async () => {
      const asked: string[] = [];
      const open = createServer((request, response) => {
        asked.push(request.method ?? "");
        response
          .writeHead(200, {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "PUT",
            "Access-Control-Max-Age": "600",
          })
          .end("open");
      });
      const api = await listen(open);
      const pages = await startPageServer();
      const chromium = await startChromium({
        ...options,
        names: { "app.example.com:80": pages.port },
      });
      try {
        const first = await openPage(chromium.browser, "http://app.example.com");
        const url = `http://127.0.0.1:${api}/`;
        const seen = await first.fetch(url, { method: "PUT" });
        assert.ok(!seen.blocked && seen.body === "open");
        await first.fetch(url, { method: "PUT" });
        const second = await openPage(chromium.browser, "http://app.example.com");
        await second.fetch(url, { method: "PUT" });
        assert.deepEqual(asked, ["OPTIONS", "PUT", "PUT", "OPTIONS", "PUT"]);
      } finally {
        await chromium.close();
        await pages.close();
        await closeServer(open);
      }
    });
  });
}
