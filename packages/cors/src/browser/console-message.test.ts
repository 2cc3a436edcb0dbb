// The console's lines about what elements and other APIs do. Those of fetch are in test/browser/messages.test.ts;
// `npm run proof:browsers -- --only console` holds all of them against Chromium and WebKit.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  consoleMessage,
  engines,
  runSync,
  type EngineName,
  type PageRequest,
} from "@corsway/cors/browser";
import type { Header, ResponseHead } from "@corsway/cors/standard";

const origin = "https://app.example.com";
const url = "https://cdn.example.net/a";
const next = "https://other.example/b";

function printed(name: EngineName, page: Partial<PageRequest>, answers: ResponseHead[]): string[] {
  const request = { origin, url, ...page };
  const engine = engines[name];
  let at = 0;
  const verdict = runSync(request, () => answers[Math.min(at++, answers.length - 1)]!, { engine });
  return consoleMessage(request, verdict, engine);
}

const unshared: ResponseHead = { status: 200, headers: [] };
const leading = (to: string, ...more: Header[]): ResponseHead => ({
  status: 302,
  headers: [["Location", to], ...more],
});
const shared: Header = ["Access-Control-Allow-Origin", "*"];

test("Chromium names what loaded it", () => {
  const named = (initiator: PageRequest["initiator"], crossOrigin?: "anonymous"): string =>
    printed("chromium", { initiator: initiator!, ...(crossOrigin && { crossOrigin }) }, [
      unshared,
    ])[0]!.slice(0, 30);
  assert.equal(named("img", "anonymous"), "Access to image at 'https://cd");
  assert.equal(named("script", "anonymous"), "Access to script at 'https://c");
  assert.equal(named("module"), "Access to script at 'https://c");
  assert.equal(named("style", "anonymous"), "Access to CSS stylesheet at 'h");
  assert.equal(named("font"), "Access to font at 'https://cdn");
  assert.equal(named("video", "anonymous"), "Access to video at 'https://cd");
  assert.equal(named("eventsource"), "Access to resource at 'https:/");
  assert.equal(named("xhr"), "Access to XMLHttpRequest at 'h");
});

test("Chromium prints nothing about user info in the redirect of a plain image", () => {
  assert.deepEqual(
    printed("chromium", { initiator: "img" }, [leading("https://user:secret@other.example/b")]),
    [],
  );
});

test("a refused WebSocket has a line of its own", () => {
  const socket: Partial<PageRequest> = { initiator: "websocket", url: "wss://cdn.example.net/a" };
  const refused: ResponseHead = { status: 403, headers: [] };
  assert.deepEqual(printed("chromium", socket, [refused]), [
    "WebSocket connection to 'wss://cdn.example.net/a' failed: Error during WebSocket handshake: Unexpected response code: 403",
  ]);
  assert.deepEqual(printed("webkit", socket, [refused]), [
    "WebSocket connection to 'wss://cdn.example.net/a' failed: The server did not accept the WebSocket handshake.",
  ]);
});

test("WebKit adds a line for images, event streams and beacons", () => {
  const words = `Origin ${origin} is not allowed by Access-Control-Allow-Origin. Status code: 200`;
  assert.deepEqual(
    printed("webkit", { initiator: "img", crossOrigin: "anonymous" }, [
      leading(next, shared),
      unshared,
    ]),
    [words.replace(origin, "null"), `Cannot load image ${url} due to access control checks.`],
  );
  assert.deepEqual(printed("webkit", { initiator: "eventsource" }, [unshared]), [
    words,
    `EventSource cannot load ${url} due to access control checks.`,
  ]);
  const blob = { kind: "bytes", length: 2, contentType: "application/json" } as const;
  const [said, repeated] = printed("webkit", { initiator: "beacon", body: blob }, [unshared]);
  assert.equal(repeated, `Beacon API cannot load ${url}. ${said}`);
});

test("WebKit prints where a refused redirect leads, without user info", () => {
  const own: PageRequest = { origin, url: `${origin}/w`, initiator: "worker" };
  assert.deepEqual(printed("webkit", own, [leading(next)]), [
    `Unsafe attempt to load URL ${next} from origin ${origin}. Domains, protocols and ports must match.`,
    `Cannot load ${next} due to access control checks.`,
  ]);
  const [line = ""] = printed("webkit", { initiator: "module" }, [
    leading("https://user:secret@other.example/b"),
  ]);
  assert.ok(line.startsWith(`Cross-origin redirection to ${next} denied by`), line);
});
