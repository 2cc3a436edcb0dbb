import assert from "node:assert/strict";
import { after, test } from "node:test";
import { blocked, openPage, readable } from "@corsway/cors/testing";
import { app } from "./app.ts";

// the instance itself: it need not listen, and the page waits until it is ready
after(() => app.close());

const page = openPage("https://pr-7.preview.example.com", app);
const api = "https://api.example.com";

test("a preview page can read the orders", async () => {
  const response = await readable(page.fetch(`${api}/orders`));
  assert.deepEqual(await response.json(), [{ id: 1 }]);
});

test("a preview page can delete an order with its token", async () => {
  const response = await readable(
    page.fetch(`${api}/orders/1`, { method: "DELETE", headers: { "X-Token": "t" } }),
  );
  assert.equal(response.status, 204);
});

test("a preview page can read an error response", async () => {
  assert.equal((await readable(page.fetch(`${api}/broken`))).status, 500);
  assert.equal((await readable(page.fetch(`${api}/nowhere`))).status, 404);
});

test("requests with credentials are blocked for every page", async () => {
  await blocked(page.fetch(`${api}/orders`, { credentials: "include" }), "acac-not-true");
});

test("the apex domain of the previews is not allowed", async () => {
  const apex = openPage("https://preview.example.com", app);
  const verdict = await blocked(apex.fetch(`${api}/orders`), "acao-missing");
  assert.equal(verdict.sent, true, "a simple GET is carried out, only its answer is kept back");
});
