// A page of some origin whose `fetch` behaves like a browser's: it sends preflights, follows redirects,
// checks, filters, caches preflights, and hides from the page whatever is not shared with it.

import { CorsPreflightCache } from "../browser/cors-preflight-cache.ts";
import type { Engine } from "../browser/engine.ts";
import type { PageRequest } from "../browser/request.ts";
import { run } from "../browser/run.ts";
import type { Answer } from "../browser/sending.ts";
import type { Verdict } from "../browser/verdict.ts";
import { parseOrigin } from "../standard/origin.ts";
import { BlockedError } from "./blocked-error.ts";
import { readPageRequest } from "./page-request.ts";
import { pageResponse } from "./page-response.ts";
import type { Reply } from "./delivery.ts";
import type { FetchHandler } from "./fetch-handler.ts";
import { transportTo, type Server } from "./server.ts";

/** Options for the page's browser. */
export interface PageOptions {
  /**
   * Which browser to model; the others are in `@corsway/cors/browser`.
   * @default the standard
   */
  readonly engine?: Engine;
  /**
   * The clock of the preflight cache, in milliseconds.
   * @default Date.now
   */
  readonly now?: () => number;
  /**
   * The value of `Cookie` on every request that carries credentials.
   * @default no cookies
   */
  readonly cookie?: string;
}

/** A page whose requests follow a browser's rules. */
export interface Page {
  readonly origin: string;
  /** Like a browser's: resolves with what the page may see, rejects with a BlockedError (a TypeError). */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Makes the same request, but resolves with the verdict, its wire and its trace; CORS never rejects it. */
  ask(input: string | URL | Request, init?: RequestInit): Promise<Verdict>;
  /** Closes what was opened for a Node listener. A page that is not closed does not keep the process alive. */
  close(): Promise<void>;
}

interface Fetched {
  readonly request: PageRequest;
  readonly verdict: Verdict;
  readonly reply: Reply | undefined;
  readonly failure: unknown;
}

const verdicts = new WeakMap<object, { request: PageRequest; verdict: Verdict }>();

/** The request and the verdict behind the result of a page's fetch or ask. */
export function verdictOf(
  given: object,
): { readonly request: PageRequest; readonly verdict: Verdict } | undefined {
  return verdicts.get(given);
}

/**
 * Opens a page of `origin` (`https://app.example.com`, or `null`) in its own browser.
 * @example
 * const page = openPage("https://app.example.com", app);
 * await page.fetch("https://api.example.com/users", { method: "PUT" });
 */
export function openPage(origin: string, server: FetchHandler, options?: PageOptions): Page;
/** For every other kind of server, see `Server`. */
export function openPage(origin: string, server: Server, options?: PageOptions): Page;
export function openPage(origin: string, server: Server, options: PageOptions = {}): Page {
  const parsed = typeof origin === "string" ? parseOrigin(origin) : undefined;
  if (parsed === undefined)
    throw new TypeError(
      `the origin of a page looks like \`https://app.example.com\`, not \`${String(origin)}\``,
    );
  const base = parsed.kind === "tuple" ? `${origin}/` : undefined;
  const transport = transportTo(server);
  const { engine, now, cookie } = options;
  const cache = new CorsPreflightCache();
  const runOptions = {
    cache,
    ...(engine !== undefined && { engine }),
    ...(now !== undefined && { now }),
  };

  async function fetched(input: string | URL | Request, init?: RequestInit): Promise<Fetched> {
    const { request, body, signal } = await readPageRequest(origin, base, input, init);
    signal?.throwIfAborted();
    let reply: Reply | undefined;
    let failure: unknown;
    const verdict = await run(
      request,
      async (head, sending): Promise<Answer> => {
        void reply?.body?.cancel().catch(() => undefined);
        reply = undefined;
        const cookies = sending.credentials && cookie !== undefined;
        const sent = cookies
          ? { ...head, headers: [...head.headers, ["Cookie", cookie] as const] }
          : head;
        try {
          reply = await transport.ask({
            head: sent,
            body: sending.body ? body : undefined,
            signal,
          });
          return { status: reply.status, headers: reply.headers };
        } catch (error) {
          signal?.throwIfAborted();
          failure = error;
          return { kind: "network-error", why: messageOf(error) };
        }
      },
      runOptions,
    );
    return { request, verdict, reply, failure };
  }

  return {
    origin,
    async fetch(input, init) {
      const { request, verdict, reply, failure } = await fetched(input, init);
      if (verdict.response === undefined) {
        void reply?.body?.cancel().catch(() => undefined);
        throw new BlockedError(request, verdict, failure);
      }
      const { response: seen } = verdict;
      const answered = seen.url.startsWith("data:") ? await dataReply(seen.url) : reply;
      const method = verdict.wire.at(-1)?.request.method ?? "GET";
      const response = pageResponse(seen, method, answered);
      verdicts.set(response, { request, verdict });
      return response;
    },
    async ask(input, init) {
      const { request, verdict, reply } = await fetched(input, init);
      verdicts.set(verdict, { request, verdict });
      void reply?.body?.cancel().catch(() => undefined);
      return verdict;
    },
    close: () => transport.close(),
  };
}

/** The body of a `data:` URL: every runtime can decode one. */
async function dataReply(url: string): Promise<Reply> {
  const { body } = await globalThis.fetch(url);
  return { status: 200, headers: [], body };
}

function messageOf(error: unknown): string {
  const { message, code } = error as { message?: unknown; code?: unknown };
  if (typeof message === "string" && message !== "") return message;
  return typeof code === "string" ? code : String(error);
}
