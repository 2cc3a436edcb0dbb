// The response that a page gets: a real `Response` with the headers that it may read, and with the type,
// URL and status that no constructor can set.

import type { PageResponse } from "../browser/verdict.ts";
import type { HeaderList } from "../standard/message.ts";
import type { Reply } from "./delivery.ts";

const nullBodyStatuses: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/** `reply`: the last response of the server; its body is the page's if the page may read it. */
export function pageResponse(
  seen: PageResponse,
  method: string,
  reply: Reply | undefined,
): Response {
  const opaque = seen.type === "opaque" || seen.type === "opaqueredirect";
  const bodyless = opaque || method === "HEAD" || nullBodyStatuses.has(seen.status);
  if (bodyless) void reply?.body?.cancel().catch(() => undefined);
  const isConstructible = seen.status >= 200 && seen.status <= 599;
  const response = new Response(bodyless ? null : ((reply?.body ?? null) as BodyInit | null), {
    status: isConstructible ? seen.status : 200,
    headers: readableHeaders(seen.headers),
  });
  return seenAs(response, seen);
}

function seenAs(response: Response, seen: PageResponse): Response {
  const { type, url, redirected, status } = seen;
  const facts = { type, url, redirected, status, ok: status >= 200 && status <= 299 };
  for (const [name, value] of Object.entries(facts))
    Object.defineProperty(response, name, { value, enumerable: true });
  Object.defineProperty(response, "clone", {
    value: () => seenAs(Response.prototype.clone.call(response), seen),
  });
  return response;
}

function readableHeaders(headers: HeaderList): Headers {
  const list = new Headers();
  for (const [name, value] of headers) list.append(name, byteString(value));
  return list;
}

/** `Headers` accepts only bytes; what an engine decoded to U+FFFD appears as a question mark. */
function byteString(value: string): string {
  return value.replace(/[^\0-\xff]/g, "?");
}
