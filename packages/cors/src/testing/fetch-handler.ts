// Calls a fetch handler. In some runtimes and simulated pages (happy-dom), `Request` objects drop
// headers that a page may not set, such as `Origin` and `Access-Control-Request-Method`: the very
// headers under test. The request then gets a separate header list without a guard.

import type { HeaderList } from "../standard/message.ts";
import type { Delivery, Reply } from "./delivery.ts";

/** A server in the form that Workers, Deno, Bun and hono use. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

export async function askFetchHandler(handler: FetchHandler, delivery: Delivery): Promise<Reply> {
  const response: Response | undefined = await Promise.race([
    handler(requestOf(delivery)),
    aborted(delivery.signal),
  ]);
  // checked for JavaScript callers: a handler that returns nothing is a frequent mistake
  if (typeof response?.status !== "number")
    throw new TypeError("the handler did not return a Response");
  return { status: response.status, headers: [...response.headers], body: response.body };
}

/** A handler may ignore its signal; the page's fetch ends anyway. */
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

/** A stand-alone `Headers` has no guard, by the standard. */
function unguarded(headers: HeaderList): Headers {
  const list = new Headers();
  for (const [name, value] of headers) list.append(name, value);
  return list;
}
