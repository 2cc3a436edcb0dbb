// The walk's side of the Fetch API, for everything that takes a `Request` and gives a `Response`.

import { mergeVary } from "../policy/decide/apply.ts";
import type { Answer } from "./answer.ts";
import { isOriginOf } from "./own-origin.ts";
import type { UpgradeRequest, WalkReader } from "./walk.ts";

/** The part of a `Request` that is read: some runtimes' own classes drop what a page may not set. */
export interface FetchRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
}

/** Reads a `Request`. */
export const fetchReader: WalkReader<FetchRequest> = {
  method: ({ method }) => method,
  field: ({ headers }, lowerName) => headers.get(lowerName) ?? undefined,
  host,
  isOwnOrigin(request, origin) {
    const authority = host(request);
    return (
      authority !== undefined && isOriginOf(origin, authority, request.url.startsWith("https:"))
    );
  },
  handshake,
};

/** Not every runtime shows the `Host` field, but each has used it to build the URL. */
function host({ headers, url }: FetchRequest): string | undefined {
  const field = headers.get("host");
  if (field !== null) return field;
  const start = url.indexOf("://") + 3;
  let end = start;
  while (end < url.length && !"/?#".includes(url[end]!)) end++;
  return start < 3 ? undefined : url.slice(start, end);
}

function handshake({ headers, url }: UpgradeRequest): FetchRequest {
  if (typeof headers.get === "function")
    return {
      method: "GET",
      url: url ?? "",
      headers: headers as { get(name: string): string | null },
    };
  const fields = headers as Readonly<Record<string, string | readonly string[] | undefined>>;
  const get = (name: string): string | null => {
    const value = fields[name];
    return typeof value === "string" ? value : (value?.join(", ") ?? null);
  };
  return { method: "GET", url: "", headers: { get } };
}

/** The answer as a complete response, if it has its own status. */
export function responseOf(answer: Answer): Response {
  const headers = new Headers();
  for (const [name, value] of answer.headers) headers.set(name, value);
  if (answer.vary.length > 0) headers.set("Vary", answer.vary.join(", "));
  return new Response(null, { status: answer.status!, headers });
}

/**
 * The response with the answer applied: the same object, or a copy if its headers cannot be changed (a
 * response from `fetch`, a redirect). A protocol switch and a network error are returned unchanged.
 */
export function putOnResponse(response: Response, answer: Answer): Response {
  if (response.status === 101 || response.status === 0) return response;
  try {
    putOnHeaders(response.headers, answer);
    return response;
  } catch {
    // The guard is `immutable`: a TypeError, and nothing has been changed.
    const copy = new Response(response.body, response);
    putOnHeaders(copy.headers, answer);
    return copy;
  }
}

/** Headers that a handler may have set itself and that have an effect on a readable response. */
const replaced: readonly string[] = [
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-expose-headers",
  "access-control-allow-methods",
  "access-control-allow-headers",
  "access-control-max-age",
];

/** Sets the answer's headers, removes a handler's own CORS headers, merges `Vary`. */
export function putOnHeaders(headers: Headers, answer: Pick<Answer, "headers" | "vary">): void {
  for (const name of replaced) headers.delete(name);
  for (const [name, value] of answer.headers) headers.set(name, value);
  if (answer.vary.length === 0) return;
  const vary = headers.get("vary");
  headers.set("Vary", vary === null ? answer.vary.join(", ") : mergeVary([vary], answer.vary));
}
