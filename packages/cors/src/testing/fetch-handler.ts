// Asking a fetch handler. `Request` objects of some runtimes and of simulated pages (happy-dom)
// drop what a page may not set, among it `Origin` and `Access-Control-Request-Method`, the very
// headers under test; the request then gets a header list of its own, which nothing guards.

import type { HeaderList } from "../standard/message.ts";
import type { Delivery, Reply } from "./delivery.ts";

/** A server as Workers, Deno, Bun and hono have it. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

export async function askFetchHandler(handler: FetchHandler, delivery: Delivery): Promise<Reply> {
  const response: Response | undefined = await Promise.race([
    handler(requestOf(delivery)),
    aborted(delivery.signal),
  ]);
  // total towards JavaScript: a handler that returns nothing is a frequent mistake
  if (typeof response?.status !== "number")
    throw new TypeError("the handler did not return a Response");
  return { status: response.status, headers: [...response.headers], body: response.body };
}

/** A handler may not look at its signal; the page's fetch ends all the same. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted === true) reject(signal.reason as Error);
    signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

function requestOf({ head, body, signal }: Delivery): Request {
  const headers = unguarded(head.headers);
  const request = new Request(head.url, {
    method: head.method,
    headers,
    ...(body !== undefined && { body: body as Uint8Array<ArrayBuffer> }),
    ...(signal !== undefined && { signal }),
  });
  const kept = [...headers.keys()].every((name) => request.headers.has(name));
  if (!kept) Object.defineProperty(request, "headers", { value: headers, enumerable: true });
  return request;
}

/** A `Headers` made by itself has no guard, by the standard. */
function unguarded(headers: HeaderList): Headers {
  const list = new Headers();
  for (const [name, value] of headers) list.append(name, value);
  return list;
}
