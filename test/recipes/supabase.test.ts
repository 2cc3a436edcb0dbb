// The recipe `supabase`: the official client, in a page, with its own headers, which grow with its versions.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { bundleForPage } from "../support/browser/bundle.ts";
import { closeServer, listen } from "../support/browser/page-server.ts";
import { openPages, serveRecipe } from "./recipe-stage.ts";

/** Answers all that is asked as if it were good. */
function supabase() {
  const reached: string[] = [];
  const http = createServer((request, response) => {
    request.resume().on("end", () => {
      reached.push(`${request.method} ${request.url!.split("?")[0]}`);
      response.setHeader("Content-Type", "application/json");
      response.setHeader("Content-Range", "0-0/42");
      const session = {
        access_token: "a",
        token_type: "bearer",
        expires_in: 3600,
        refresh_token: "r",
        user: { id: "1" },
      };
      response.end(request.url!.includes("token") ? JSON.stringify(session) : "[]");
    });
  });
  return { http, reached };
}

type Bundle = typeof import("./clients/supabase.ts");
declare const client: Bundle;

/** Runs in the page: what went wrong in each call, and how many rows there are. */
async function useAll(base: string) {
  const { from, schema, rpc, auth, storage, functions } = (() => {
    const made = client.createClient(base, "anon", { auth: { persistSession: false } });
    return {
      from: (table: string) => made.from(table),
      schema: (name: string) => made.schema(name as "public"),
      rpc: (name: string) => made.rpc(name),
      auth: made.auth,
      storage: made.storage.from("bucket"),
      functions: made.functions,
    };
  })();
  const rows = await from("todos").select("*", { count: "exact" }).range(0, 9);
  const done = [
    rows,
    await from("todos").insert({ a: 1 }).select(),
    await from("todos").update({ a: 1 }).eq("id", 1),
    await from("todos").upsert({ a: 1 }),
    await from("todos").delete().eq("id", 1),
    await rpc("count"),
    await schema("other").from("todos").select(),
    await auth.signInWithPassword({ email: "a@example.com", password: "x" }),
    await auth.getUser(),
    await storage.upload("a.txt", new Blob(["x"]), { upsert: true }),
    await storage.download("a.txt"),
    await storage.list(),
    await storage.remove(["a.txt"]),
    await functions.invoke("hello", { body: { a: 1 } }),
  ];
  return { count: rows.count, errors: done.map(({ error }) => error && String(error)) };
}

/** Runs in the page. */
async function insert(base: string) {
  const { error } = await client.createClient(base, "anon").from("todos").insert({ a: 1 });
  return String(error?.message);
}

describe("the recipe supabase", () => {
  const server = supabase();
  let pages: Awaited<ReturnType<typeof openPages>>;
  let gateway: Awaited<ReturnType<typeof serveRecipe>>;
  before(async () => {
    gateway = await serveRecipe("supabase", await listen(server.http));
    pages = await openPages();
    const script = await bundleForPage(new URL("clients/supabase.ts", import.meta.url), "client");
    for (const { page } of [pages.page, pages.stranger])
      await page.addScriptTag({ content: script });
  });
  after(async () => {
    await pages?.close();
    await gateway?.close();
    await closeServer(server.http);
  });

  it("every kind of call passes, and the number of rows can be read", async () => {
    const { count, errors } = await pages.page.page.evaluate(useAll, gateway.base);
    assert.deepEqual(
      errors.filter((error) => error !== null),
      [],
    );
    assert.equal(count, 42);
    const refused = gateway.log.filter(({ allowed }) => allowed === false);
    assert.deepEqual(refused, []);
    assert.equal(server.reached.length, errors.length);
  });

  it("a foreign page gets nothing", async () => {
    const before = server.reached.length;
    const error = await pages.stranger.page.evaluate(insert, gateway.base);
    assert.match(error, /Failed to fetch/);
    assert.equal(server.reached.length, before, "the call needs a preflight, which is refused");
  });
});
