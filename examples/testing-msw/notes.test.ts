import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setupServer } from "msw/node";
import { asABrowser } from "./as-a-browser.ts";
import { readNotes, replaceNotes } from "./notes.ts";

let notes = ["buy milk"];

/** The mocked API; it forgot that a PUT with JSON is preflighted. */
async function api(request: Request): Promise<Response> {
  if (request.method === "PUT") notes = (await request.json()) as string[];
  return Response.json(notes, {
    headers: { "Access-Control-Allow-Origin": "https://app.example.com", Vary: "Origin" },
  });
}

const network = setupServer(
  asABrowser("https://api.example.com/*", "https://app.example.com", api),
);
before(() => network.listen({ onUnhandledRequest: "error" }));
after(() => network.close());

test("the page reads what a browser lets it read", async () => {
  assert.deepEqual(await readNotes(), ["buy milk"]);
});

test("what a browser blocks fails, and the test's output says why and what fixes it", async (t) => {
  const printed = t.mock.method(console, "error", () => undefined);
  await assert.rejects(replaceNotes([]), TypeError);
  assert.deepEqual(notes, ["buy milk"]);
  const said = String(printed.mock.calls[0]?.arguments[0]);
  assert.match(said, /^blocked {2}PUT https:\/\/api\.example\.com\/notes[^]*method-not-allowed/m);
  assert.match(said, /fix {2}server: add `PUT` to Access-Control-Allow-Methods/);
});
