// The recipe `local-ai`: the official `openai` client, in a page, with its own headers, before a server that
// streams tokens as OpenAI does. Each token is sent only when the page has read the one before.

import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import { after, before, describe, it } from "node:test";
import { bundleForPage } from "../support/browser/bundle.ts";
import { closeServer, listen } from "../support/browser/page-server.ts";
import { openPages, serveRecipe } from "./recipe-stage.ts";

const tokens = ["Cor", "s", "way", "!"];

/** Says no by itself to pages that are not local, as Ollama does. */
function model() {
  const seen: IncomingMessage[] = [];
  let read: (() => void) | undefined;
  const http = createServer((request, response) => {
    seen.push(request);
    if (request.headers.origin !== "http://localhost") {
      response.writeHead(403).end();
      return;
    }
    response.writeHead(200, { "Content-Type": "text/event-stream", "X-Request-Id": "req_1" });
    void (async () => {
      for (const content of tokens) {
        const chunk = {
          id: "1",
          object: "chat.completion.chunk",
          choices: [{ index: 0, delta: { content } }],
        };
        const taken = new Promise<void>((resolve) => (read = resolve));
        response.write(`data: ${JSON.stringify(chunk)}\n\n`);
        await taken;
      }
      response.end("data: [DONE]\n\n");
    })();
  });
  return { http, seen, taken: () => read?.() };
}

type Bundle = typeof import("./clients/openai.ts");
declare const openai: Bundle;
declare const taken: () => Promise<void>;

/** Runs in the page. */
async function chat(baseURL: string) {
  try {
    const client = new openai.OpenAI({
      baseURL,
      apiKey: "none",
      dangerouslyAllowBrowser: true,
      maxRetries: 0,
      organization: "org",
      project: "project",
    });
    const { data: stream, request_id } = await client.chat.completions
      .create({ model: "small", stream: true, messages: [{ role: "user", content: "hello" }] })
      .withResponse();
    const read: string[] = [];
    for await (const chunk of stream) {
      read.push(chunk.choices[0]?.delta.content ?? "");
      await taken();
    }
    return { read, request_id };
  } catch (error) {
    return { failed: String(error) };
  }
}

describe("the recipe local-ai", () => {
  const server = model();
  let pages: Awaited<ReturnType<typeof openPages>>;
  let gateway: Awaited<ReturnType<typeof serveRecipe>>;
  before(async () => {
    gateway = await serveRecipe("local-ai", await listen(server.http));
    pages = await openPages();
    const script = await bundleForPage(new URL("clients/openai.ts", import.meta.url), "openai");
    for (const { page } of [pages.page, pages.stranger]) {
      await page.exposeFunction("taken", server.taken);
      await page.addScriptTag({ content: script });
    }
  });
  after(async () => {
    await pages?.close();
    await gateway?.close();
    await closeServer(server.http);
  });

  it("a page can read the response token by token, with the client's own headers", async () => {
    const done = await pages.page.page.evaluate(chat, `${gateway.base}/v1`);
    assert.deepEqual(done, { read: tokens, request_id: "req_1" });
    const preflight = gateway.log.find(({ kind }) => kind === "preflight");
    assert.equal(preflight?.status, 204);
    const [asked] = server.seen;
    const own = Object.keys(asked!.headers).filter((name) => name.startsWith("x-stainless-"));
    assert.ok(own.length >= 5, `the client sends its statistics: ${own.join(", ")}`);
    for (const name of own) assert.ok(preflight!.requested_headers?.includes(name), name);
    assert.equal(asked!.headers["openai-project"], "project");
  });

  it("a foreign page cannot use the model, not even blindly", async () => {
    const before = server.seen.length;
    const done = await pages.stranger.page.evaluate(chat, `${gateway.base}/v1`);
    assert.match(("failed" in done && done.failed) || "", /Connection error|Failed to fetch/);
    await pages.stranger.fetch(`${gateway.base}/v1/chat/completions`, {
      method: "POST",
      mode: "no-cors",
      body: "{}",
    });
    assert.equal(server.seen.length, before);
  });
});
