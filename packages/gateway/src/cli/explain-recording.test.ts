// explain --har: what browsers record of a request that failed, besides its headers.

import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { runCommand } from "../../../../test/support/terminal.ts";

const page = "https://app.example.com";
type Headers = Readonly<Record<string, string>>;

function entry(url: string, sent: Headers, status: number, got: Headers, error?: string): object {
  const listOf = (headers: Headers): object[] =>
    Object.entries(headers).map(([name, value]) => ({ name, value }));
  return {
    request: { method: "GET", url, headers: listOf({ referer: `${page}/`, ...sent }) },
    response: { status, headers: listOf(got), ...(error === undefined ? {} : { _error: error }) },
  };
}

function explain(...entries: readonly object[]) {
  const har = JSON.stringify({ log: { entries } });
  return runCommand("/", ["explain", "--har", "-"], { input: Readable.from([Buffer.from(har)]) });
}

const failed = "net::ERR_FAILED";

test("the browser's own name for a failure is decoded, with the fix for it", async () => {
  for (const [error, says] of [
    ["net::ERR_CERT_AUTHORITY_INVALID", /does not accept the server's certificate/],
    ["net::ERR_NAME_NOT_RESOLVED", /name cannot be resolved/],
    ["net::ERR_BLOCKED_BY_CSP", /Content Security Policy/],
    ["net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS", /Local Network Access/],
  ] as const) {
    const { code, out, err } = await explain(
      entry("https://api.example.com/x", { origin: page }, 0, {}, error),
    );
    assert.deepEqual([code, out], [2, ""], error);
    assert.match(err, says);
  }
  // A response is there, the rules of Fetch allow it, and the browser still did not show it.
  const orb = await explain(
    entry(
      "https://cdn.example.net/a.png",
      { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" },
      200,
      { "content-type": "text/html" },
      "net::ERR_BLOCKED_BY_ORB",
    ),
  );
  assert.equal(orb.code, 2);
  assert.match(orb.err, /ERR_BLOCKED_BY_ORB: the response cannot be an image/);
});

test("a font, an image and a manifest are explained as what they are", async () => {
  const cors = { origin: page, "sec-fetch-mode": "cors" };
  const font = await explain(
    entry(
      "https://cdn.example.net/f.woff2",
      { ...cors, "sec-fetch-dest": "font" },
      200,
      {},
      failed,
    ),
  );
  assert.match(font.out, /^blocked .*\(as: font\)[^]*a copy stored for a request without `Origin`/);
  const image = await explain(
    entry("https://cdn.example.net/a.png", { ...cors, "sec-fetch-dest": "image" }, 200, {}, failed),
  );
  assert.match(image.out, /^blocked .*\(as: img, crossorigin: anonymous\)/);
  const login = "https://team.cloudflareaccess.com/cdn-cgi/access/login/x";
  const manifest = { "sec-fetch-mode": "cors", "sec-fetch-dest": "manifest" };
  const behindLogin = await explain(
    entry(`${page}/manifest.json`, manifest, 302, { location: login }),
    entry(login, { ...manifest, origin: page }, 200, {}, failed),
  );
  assert.match(behindLogin.out, /\(as: manifest\)[^]*requested without cookies[^]*use-credentials/);
  assert.doesNotMatch(behindLogin.out, /is not yours/);
});

test("the hops of one redirected request are one failure", async () => {
  const login = "https://login.example.org/oauth2/authorize";
  const cors = { "sec-fetch-mode": "cors" };
  const { out } = await explain(
    entry("https://api.example.com/x", { ...cors, origin: page }, 302, { location: login }),
    entry(login, { ...cors, origin: "null" }, 200, {}, failed),
  );
  assert.match(out, /^blocked {2}GET https:\/\/api[^]*a page for people/);
  assert.doesNotMatch(out, /requests failed in this recording/);
});
