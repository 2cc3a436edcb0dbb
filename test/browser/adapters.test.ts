// Every adapter under a real Chromium: what a page of another origin can do and read, over real sockets. The table of
// adapters.test.ts compares headers; here the browser judges them.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Application } from "../support/adapters/application.ts";
import { fetchApplications } from "../support/adapters/on-fetch.ts";
import { nestApplications } from "../support/adapters/on-nest.ts";
import { nodeApplications } from "../support/adapters/on-node.ts";
import { startChromium, type RunningChromium } from "../support/browser/chromium.ts";
import { startPageServer, type PageServer } from "../support/browser/page-server.ts";
import { openPage, type OpenPage, type Seen } from "../support/browser/page.ts";

const applications: readonly Application[] = [
  ...nodeApplications,
  ...nestApplications,
  ...fetchApplications,
];
const credentials = "include";
const write = {
  method: "PUT",
  headers: { "Content-Type": "application/json", "X-Auth-Token": "t" },
  body: "{}",
  credentials,
} as const;

describe("in Chromium", { timeout: 120_000 }, () => {
  let pages: PageServer;
  let chromium: RunningChromium;
  let app: OpenPage;
  let stranger: OpenPage;

  before(async () => {
    pages = await startPageServer();
    chromium = await startChromium();
    app = await openPage(chromium.browser, `http://app.example.com:${pages.port}`);
    stranger = await openPage(chromium.browser, `http://evil.example:${pages.port}`);
  });
  after(async () => {
    await chromium?.close();
    await pages?.close();
  });

  for (const application of applications)
    it(`${application.name}: its page reads and writes, a foreign page does neither`, async () => {
      const { reached, address, close } = await application.serve({
        allowOrigins: [app.origin as `http://${string}`],
        allowMethods: ["GET", "PUT"],
        allowHeaders: ["Content-Type", "X-Auth-Token"],
        exposeHeaders: ["X-Request-ID"],
        allowCredentials: true,
        dangerouslyAllowInsecureOrigins: true, // no TLS: it is not what is tried here
      });
      const api = `http://api.example.com:${new URL(address).port}`;
      try {
        const read = readable(await app.fetch(`${api}/plain`, { credentials }));
        assert.deepEqual([read.status, read.body, read.headers["x-request-id"]], [200, "ok", "7"]);
        assert.equal(readable(await app.fetch(`${api}/plain`, write)).body, "ok");
        assert.deepEqual(reached.splice(0), ["GET /plain", "PUT /plain"]);

        for (const [path, status] of [
          ["/error", 500],
          ["/missing", 404],
          ...("an error that was thrown can be read" in (application.skips ?? {})
            ? []
            : ([["/throws", 500]] as const)),
        ] as const)
          assert.equal(readable(await app.fetch(`${api}${path}`, { credentials })).status, status);
        const streamed = readable(await app.fetch(`${api}/stream`));
        assert.equal(streamed.body, "data: 1\n\ndata: 2\n\n");
        reached.splice(0);

        const other = { method: "DELETE", credentials } as const;
        assert.equal(corsError(await app.fetch(`${api}/plain`, other)), method);
        assert.equal(corsError(await stranger.fetch(`${api}/plain`, write)), preflightOrigin);
        assert.deepEqual(reached, [], "nothing that a preflight refused reached the application");
        assert.equal(corsError(await stranger.fetch(`${api}/plain`)), origin);
        assert.equal(corsError(await stranger.fetch(`${api}/layer`)), origin);
      } finally {
        await close();
      }
    });
});

const method = "MethodDisallowedByPreflightResponse";
const preflightOrigin = "PreflightMissingAllowOriginHeader";
const origin = "MissingAllowOriginHeader";

function readable(seen: Seen): Extract<Seen, { readonly blocked: false }> {
  assert.ok(!seen.blocked, JSON.stringify(seen));
  return seen;
}

/** Chromium's own reason. */
function corsError(seen: Seen): string | undefined {
  assert.ok(seen.blocked, JSON.stringify(seen));
  return seen.told.corsErrors[0]?.corsError;
}
