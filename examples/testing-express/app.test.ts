import assert from "node:assert/strict";
import { test } from "node:test";
import { blocked, openPage, readable } from "@corsway/cors/testing";
import { app } from "./app.ts";

const page = openPage("https://app.example.com", app);
const stranger = openPage("https://evil.example", app);
const api = "https://api.example.com";
const headers = { Authorization: "Bearer secret" };

test("our page reads the users and their count, but no header that is not exposed", async () => {
  const response = await readable(page.fetch(`${api}/users`, { headers }));
  assert.deepEqual(await response.json(), [{ name: "Ada" }]);
  assert.equal(response.headers.get("X-Total-Count"), "1");
  assert.equal(response.headers.get("X-Served-By"), null);
});

test("our page changes a user with a request that carries cookies", async () => {
  const response = await readable(
    page.fetch(`${api}/users/1`, {
      method: "PUT",
      credentials: "include",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify({ name: "Grace" }),
    }),
  );
  assert.deepEqual(await response.json(), { name: "Grace" });
});

test("our page can read a 401, because error responses carry CORS headers too", async () => {
  const response = await readable(page.fetch(`${api}/users`));
  assert.equal(response.status, 401);
});

test("a method or header that is not listed is refused by the preflight", async () => {
  await blocked(page.fetch(`${api}/users/1`, { method: "DELETE", headers }), "method-not-allowed");
  const verdict = await blocked(
    page.fetch(`${api}/users`, { headers: { ...headers, "X-Debug": "1" } }),
    "header-not-allowed",
  );
  assert.equal(verdict.sent, false);
});

test("a foreign page cannot read the response", async () => {
  await blocked(stranger.fetch(`${api}/users`, { headers }), "acao-missing");
});
