// The walk's side of the Fetch API, for everything that takes a `Request` and gives a `Response`.

import { isCorsHeader, mergeVary } from "../policy/decide/apply.ts";
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
  while (end < url.length && !isAuthorityEnd(url.charCodeAt(end))) end++;
  return start < 3 ? undefined : url.slice(start, end);
}

/** `/`, `?` and `#`: a runtime's own URL has no backslash there. */
function isAuthorityEnd(code: number): boolean {
  return code === 0x2f || code === 0x3f || code === 0x23;
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
  // Set on the response's own headers: a list that is passed to the constructor is converted and copied first.
  const response = new Response(null, { status: answer.status! });
  const { headers } = response;
  for (const [name, value] of answer.headers) headers.set(name, value);
  if (answer.varyValue !== "") headers.set("Vary", answer.varyValue);
  return response;
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

/** Sets the answer's headers, removes a handler's own CORS headers, merges `Vary`. */
export function putOnHeaders(headers: Headers, answer: Pick<Answer, "headers" | "vary">): void {
  // One walk over the few that there are costs a sixth of a look-up of each that there could be.
  let varies: string[] | undefined;
  let removed: string[] | undefined;
  for (const [name, value] of headers)
    if (name === "vary") (varies ??= []).push(value);
    else if (isCorsHeader(name)) (removed ??= []).push(name);
  if (removed !== undefined) for (const name of removed) headers.delete(name);
  for (const [name, value] of answer.headers) headers.set(name, value);
  if (answer.vary.length > 0) headers.set("Vary", mergeVary(varies, answer.vary));
}
