// What can be a server under test, and one way to call it. The server answers for every host that the
// page asks, as if all names resolved to it.

import type { NodeListener } from "./loopback.ts";
import { applyDecision } from "../policy/decide/apply.ts";
import { compilePolicy } from "../policy/decide/compile.ts";
import { definePolicy } from "../policy/read/define.ts";
import { isPolicy } from "../policy/brand.ts";
import type { Policy, PolicyInput } from "../policy/policy.ts";
import type { PolicyRules } from "../policy/rules.ts";
import type { Delivery, Reply } from "./delivery.ts";
import { askFetchHandler, type FetchHandler } from "./fetch-handler.ts";

/** A Node server that was created but need not listen: `http.Server`, or fastify's `server`. */
export interface NodeServer {
  emit(event: "request", ...exchange: Parameters<NodeListener>): boolean;
  listen(...where: never[]): unknown;
}

/** The part of a koa application that is needed. */
export interface KoaApplication {
  callback(): NodeListener;
}

/** The part of a fastify instance that is needed; it routes once it is ready. */
export interface FastifyInstance {
  ready(): PromiseLike<unknown>;
  readonly server: NodeServer;
}

/**
 * - a function with one parameter, or an object with `fetch` (hono, a Workers module): a fetch handler
 * - a function with two or more (express), an `http.Server`, a koa or fastify application: a Node listener
 * - a policy, read or as you would write it, or rules by origin: responds 200 without a body
 * - a URL: a server that already listens; only its scheme, host and port are used
 */
export type Server =
  | FetchHandler
  | { readonly fetch: FetchHandler }
  | NodeListener
  | NodeServer
  | KoaApplication
  | FastifyInstance
  | Policy
  | PolicyInput
  | readonly (Policy | PolicyInput)[]
  | URL
  | string;

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
  if ("callback" in server) return toListener(server.callback());
  if ("emit" in server) return toListener(emitting(server));
  if ("ready" in server) {
    const listener = emitting(server.server);
    return toListener(async (request, response) => {
      await server.ready();
      listener(request, response);
    });
  }
  return toPolicy(Array.isArray(server) ? server.map(asPolicy) : asPolicy(server as PolicyInput));
}

function asPolicy(policy: Policy | PolicyInput): Policy {
  return isPolicy(policy) ? policy : definePolicy(policy);
}

function toHandler(handler: FetchHandler): Transport {
  return { ask: (delivery) => askFetchHandler(handler, delivery), close: nothing };
}

function toAddress(address: string): Transport {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new TypeError(`the server's address is not an http or https URL: ${address}`);
  return {
    async ask({ head, body, signal }) {
      const { sendTo } = await import("./loopback.ts");
      return await sendTo(url.origin, head, body, signal);
    },
    close: nothing,
  };
}

/** Without its own listener, a server would leave the request, and the test, waiting forever. */
function emitting(server: NodeServer): NodeListener {
  return (request, response) => {
    if (!server.emit("request", request, response))
      throw new TypeError("this server has no request listener");
  };
}

function toListener(listener: NodeListener): Transport {
  let listening: ReturnType<typeof start> | undefined;
  let thrown: { readonly error: unknown } | undefined;
  const guarded: NodeListener = (request, response) => {
    // Node would end the whole test process; a page sees a broken connection.
    const fail = (error: unknown): void => {
      thrown = { error };
      response.destroy();
    };
    const check = (returned: unknown): void => {
      if (returned instanceof Response)
        fail(
          new TypeError(
            "a function with two parameters is called as a Node listener, but this one returned a Response: pass `(request) => handler(request, …)`",
          ),
        );
    };
    try {
      Promise.resolve(listener(request, response)).then(check, fail);
    } catch (error) {
      fail(error);
    }
  };
  const start = async (): Promise<{ address: string; close(): Promise<void> }> => {
    const { listenOnLoopback } = await import("./loopback.ts");
    return await listenOnLoopback(guarded);
  };
  return {
    async ask({ head, body, signal }) {
      const { sendTo } = await import("./loopback.ts");
      listening ??= start();
      try {
        return await sendTo((await listening).address, head, body, signal);
      } catch (error) {
        const cause = thrown === undefined ? error : thrown.error;
        thrown = undefined;
        throw cause;
      }
    },
    async close() {
      const opened = listening;
      listening = undefined;
      await (await opened)?.close();
    },
  };
}

function toPolicy(policy: PolicyRules): Transport {
  const decide = compilePolicy(policy);
  return {
    ask({ head }) {
      const decision = decide(head);
      const { headers } = applyDecision(decision, []);
      return Promise.resolve({ status: decision.status ?? 200, headers, body: null });
    },
    close: nothing,
  };
}

function nothing(): Promise<void> {
  return Promise.resolve();
}
