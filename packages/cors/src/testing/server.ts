// What may stand behind a page under test, and one way to ask it. The server answers for every
// host that the page asks, as if all names led to it.

import type { NodeListener } from "../adapters/node.ts";
import { apply } from "../policy/apply.ts";
import { compilePolicy } from "../policy/compile.ts";
import { definePolicy } from "../policy/define.ts";
import { isPolicy } from "../policy/is-policy.ts";
import type { Policy, PolicyInput } from "../policy/policy.ts";
import type { HeaderList, RequestHead } from "../standard/message.ts";
import { askFetchHandler } from "./fetch-handler.ts";

/** A server as Workers, Deno, Bun and hono have it. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** A Node server that was made but need not listen: `http.Server`, or fastify's `server`. */
export interface NodeServer {
  emit(event: "request", ...exchange: Parameters<NodeListener>): boolean;
  listen(...where: never[]): unknown;
}

/**
 * - a function of one parameter, or an object with `fetch` (hono, a Workers module): a fetch handler
 * - a function of two or more (express, koa's `callback()`), or an `http.Server`: a Node listener
 * - a policy, read or as one writes it: it answers 200 with no body
 * - a URL: a server that listens already; only its scheme, host and port are used
 */
export type Server =
  | FetchHandler
  | { readonly fetch: FetchHandler }
  | NodeListener
  | NodeServer
  | Policy
  | PolicyInput
  | URL
  | string;

export interface Reply {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: ReadableStream<Uint8Array> | null;
}

/** One request on its way to the server. */
export interface Delivery {
  readonly head: RequestHead;
  readonly body: Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface Transport {
  ask(delivery: Delivery): Promise<Reply>;
  close(): Promise<void>;
}

export function transportTo(server: Server): Transport {
  if (typeof server === "string" || server instanceof URL) return toAddress(String(server));
  if (typeof server === "function")
    return server.length >= 2
      ? toListener(server as NodeListener)
      : toHandler(server as FetchHandler);
  if (typeof server !== "object" || server === null)
    throw new TypeError(
      `a server under test is a fetch handler, a Node listener, a policy or a URL, not ${String(server)}`,
    );
  if ("fetch" in server) return toHandler((request) => server.fetch(request));
  if ("emit" in server)
    return toListener((request, response) => server.emit("request", request, response));
  return toPolicy(isPolicy(server) ? server : definePolicy(server));
}

function toHandler(handler: FetchHandler): Transport {
  return { ask: (delivery) => askFetchHandler(handler, delivery), close: nothing };
}

function toAddress(address: string): Transport {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new TypeError(`the server's address is no http or https URL: ${address}`);
  return {
    async ask({ head, body, signal }) {
      const { sendTo } = await import("../adapters/node.ts");
      return await sendTo(url.origin, head, body, signal);
    },
    close: nothing,
  };
}

function toListener(listener: NodeListener): Transport {
  let listening: ReturnType<typeof start> | undefined;
  const start = async (): Promise<{ address: string; close(): Promise<void> }> => {
    const { listenOnLoopback } = await import("../adapters/node.ts");
    return await listenOnLoopback(listener);
  };
  return {
    async ask({ head, body, signal }) {
      const { sendTo } = await import("../adapters/node.ts");
      listening ??= start();
      return await sendTo((await listening).address, head, body, signal);
    },
    async close() {
      const opened = listening;
      listening = undefined;
      await (await opened)?.close();
    },
  };
}

function toPolicy(policy: Policy): Transport {
  const decide = compilePolicy(policy);
  return {
    ask({ head }) {
      const decision = decide(head);
      const { headers } = apply(decision, []);
      return Promise.resolve({ status: decision.status ?? 200, headers, body: null });
    },
    close: nothing,
  };
}

function nothing(): Promise<void> {
  return Promise.resolve();
}
