// The recipe `mcp`: the official SDK's client, in a page, with the official SDK's server behind the gateway.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { after, before, describe, it } from "node:test";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import {
  StreamableHTTPServerTransport,
  type EventStore,
} from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { bundleForPage } from "../support/browser/bundle.ts";
import { closeServer, listen } from "../support/browser/page-server.ts";
import { sendRaw } from "../support/raw-socket.ts";
import { app, openPages, serveRecipe } from "./recipe-stage.ts";

/** Every message of every stream, in order, so that a client can resume. */
class Memory implements EventStore {
  readonly #events: {
    readonly id: string;
    readonly stream: string;
    readonly message: JSONRPCMessage;
  }[] = [];

  async storeEvent(stream: string, message: JSONRPCMessage): Promise<string> {
    const id = String(this.#events.length + 1);
    this.#events.push({ id, stream, message });
    return id;
  }

  async replayEventsAfter(
    last: string,
    { send }: { send: (id: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const { stream } = this.#events.find(({ id }) => id === last)!;
    for (const event of this.#events)
      if (event.stream === stream && Number(event.id) > Number(last))
        await send(event.id, event.message);
    return stream;
  }
}

/** A tool that says three things; the line breaks after the first. */
function mcpServer() {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  let open: ServerResponse | undefined;
  const seen: IncomingMessage[] = [];

  const connect = async (): Promise<StreamableHTTPServerTransport> => {
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: new Memory(),
      retryInterval: 50,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    const server = new McpServer(
      { name: "tried", version: "1.0.0" },
      { capabilities: { logging: {} } },
    );
    server.registerTool("count", { description: "Counts to three" }, async (extra) => {
      for (const number of [1, 2, 3]) {
        await extra.sendNotification({
          method: "notifications/message",
          params: { level: "info", data: number },
        });
        if (number === 1) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          open?.destroy();
        }
      }
      return { content: [{ type: "text", text: "counted" }] };
    });
    // The SDK's own types disagree under exactOptionalPropertyTypes.
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    return transport;
  };

  const http = createServer((request, response) => {
    seen.push(request);
    const id = request.headers["mcp-session-id"];
    const known = typeof id === "string" ? sessions.get(id) : undefined;
    if (request.method === "POST") open = response;
    void (async () => (known ?? (await connect())).handleRequest(request, response))();
  });
  return { http, seen };
}

type Mcp = typeof import("./clients/mcp.ts");
declare const mcp: Mcp;

/** Runs in the page. */
async function useServer(url: string) {
  try {
    const transport = new mcp.StreamableHTTPClientTransport(new URL(url));
    const client = new mcp.Client({ name: "page", version: "1.0.0" });
    const heard: unknown[] = [];
    client.fallbackNotificationHandler = async (notification) => {
      heard.push(notification.params?.["data"]);
    };
    await client.connect(transport as Parameters<typeof client.connect>[0]);
    const { tools } = await client.listTools();
    const tokens: string[] = [];
    const result = await client.callTool({ name: "count", arguments: {} }, undefined, {
      onresumptiontoken: (token) => tokens.push(token),
    });
    const session = transport.sessionId;
    await transport.terminateSession();
    await client.close();
    return { session, tools: tools.map(({ name }) => name), heard, result, tokens };
  } catch (error) {
    return { failed: String(error) };
  }
}

describe("the recipe mcp", () => {
  const server = mcpServer();
  let pages: Awaited<ReturnType<typeof openPages>>;
  let gateway: Awaited<ReturnType<typeof serveRecipe>>;
  before(async () => {
    gateway = await serveRecipe("mcp", await listen(server.http));
    pages = await openPages();
    const script = await bundleForPage(new URL("clients/mcp.ts", import.meta.url), "mcp");
    for (const { page } of [pages.page, pages.stranger])
      await page.addScriptTag({ content: script });
  });
  after(async () => {
    await pages?.close();
    await gateway?.close();
    await closeServer(server.http);
  });

  it("a page can initialise, list and call a tool, read its session id and resume a broken stream", async () => {
    const done = await pages.page.page.evaluate(useServer, `${gateway.base}/mcp`);
    assert.ok(!("failed" in done), JSON.stringify(done));
    assert.match(done.session ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual(done.tools, ["count"]);
    assert.deepEqual(done.heard, [1, 2, 3], "nothing is lost where the stream broke");
    assert.deepEqual(done.result.content, [{ type: "text", text: "counted" }]);
    assert.ok(done.tokens.length > 0);
    const resumed = server.seen.filter(({ headers }) => "last-event-id" in headers);
    assert.ok(resumed.length > 0, "the client resumed with Last-Event-ID");
    assert.ok(
      server.seen.some(({ method }) => method === "DELETE"),
      "the client ended its session",
    );
    const preflights = gateway.log.filter(({ kind }) => kind === "preflight");
    assert.ok(preflights.length > 0 && preflights.every(({ allowed }) => allowed === true));
  });

  /** Requests that reached the server and are not of the allowed page. */
  const foreign = () => server.seen.filter(({ headers }) => headers.origin !== app).length;

  it("a foreign page gets nothing, and no request reaches the server", async () => {
    const done = await pages.stranger.page.evaluate(useServer, `${gateway.base}/mcp`);
    assert.match(("failed" in done && done.failed) || "", /Failed to fetch/);
    const simple = await pages.stranger.fetch(`${gateway.base}/mcp`, {
      method: "POST",
      mode: "no-cors",
      body: "{}",
    });
    assert.equal(simple.blocked, false);
    assert.equal(foreign(), 0);
  });

  // The scenario `dns-rebinding-protection` of the protocol's conformance suite: a server on this machine
  // refuses a request whose Host or Origin is not local, and takes one whose are.
  it("passes the protocol's conformance scenario for DNS rebinding", async () => {
    const initialize = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "conformance", version: "1.0.0" },
      },
    });
    const ask = async (host: string, origin: string) => {
      const { status } = await sendRaw(
        gateway.port,
        `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: ${initialize.length}\r\nConnection: close\r\n\r\n${initialize}`,
        300,
      );
      return status;
    };
    assert.equal(await ask("evil.example.com", "http://evil.example.com"), 421);
    assert.equal(await ask(`evil.example.com:${gateway.port}`, "http://evil.example.com"), 421);
    assert.equal(await ask("localhost.evil.example", "http://localhost.evil.example"), 421);
    assert.equal(await ask("127.0.0.1.nip.io", "http://127.0.0.1.nip.io"), 421);
    assert.equal(await ask(`localhost:${gateway.port}`, "http://evil.example.com"), 403);
    assert.equal(foreign(), 0, "none of them reached the server");
    for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
      const authority = `${host}:${gateway.port}`;
      assert.equal(await ask(authority, `http://${authority}`), 200, host);
    }
  });
});
