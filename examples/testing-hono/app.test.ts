import assert from "node:assert/strict";
import { test } from "node:test";
import { engines } from "@corsway/cors/browser";
import { blocked, openPage, readable } from "@corsway/cors/testing";
import { app } from "./app.ts";

const page = openPage("https://app.example.com", app);
const notes = "https://api.example.com/api/notes";

test("our page reads the notes and the request id", async () => {
  const response = await readable(page.fetch(notes));
  assert.deepEqual(await response.json(), ["buy milk"]);
  assert.equal(response.headers.get("X-Request-ID"), "42");
});

test("our page writes notes, and the second write needs no preflight", async () => {
  const put = { method: "PUT", headers: { "Content-Type": "application/json" }, body: "[]" };
  const first = await page.ask(notes, put);
  assert.deepEqual(
    first.wire.map(({ request }) => request.method),
    ["OPTIONS", "PUT"],
  );
  const second = await page.ask(notes, put);
  assert.deepEqual(
    second.wire.map(({ request }) => request.method),
    ["PUT"],
  );
});

test("requests that every engine blocks", async () => {
  for (const engine of Object.values(engines)) {
    const stranger = openPage("https://evil.example", app, { engine });
    await blocked(stranger.fetch(notes), "acao-missing");
    const ours = openPage("https://app.example.com", app, { engine });
    await blocked(ours.fetch(notes, { credentials: "include" }), "acac-not-true");
    await blocked(ours.fetch(notes, { method: "DELETE" }), "method-not-allowed");
  }
});

test("a cross-origin redirect makes our origin null, which the other server does not allow", async () => {
  const verdict = await blocked(page.fetch("https://api.example.com/api/moved"));
  assert.equal(verdict.wire.at(-1)?.request.url, "https://cdn.example.net/notes");
  assert.equal(verdict.detail?.origin, "null");
});
