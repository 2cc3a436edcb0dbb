// What a request is to CORS, before any policy: read from its head alone, by looking up the fields
// that matter.

import type { RequestHead } from "../../standard/message.ts";
import { originLengthLimit } from "../../standard/origin.ts";
import { asciiLowercase } from "../../standard/token.ts";

export interface RequestFacts {
  kind: "not-cors" | "same-origin" | "preflight" | "actual";
  /** The Origin. undefined if there is none, or if it is too long. */
  origin: string | undefined;
  /** Access-Control-Request-Method. Several lines are joined, and are then not a method. */
  requestedMethod: string | undefined;
}

/**
 * How a decision reads a request of any type. `decide` looks up the few fields that it needs, so no
 * RequestHead has to be built for it. A field is the values of all its lines joined with ", " (Fetch:
 * concept-header-list-get), or undefined if there is none. Names are passed in lower case.
 */
export interface RequestReader<Request> {
  method(request: Request): string;
  field(request: Request, lowerName: string): string | undefined;
  /** Whether the origin is the one that the request itself was sent to. */
  isOwnOrigin(request: Request, origin: string): boolean;
}

/** Reads a RequestHead. */
export const headReader: RequestReader<RequestHead> = {
  method: ({ method }) => method,
  field({ headers }, lowerName) {
    let joined: string | undefined;
    for (let i = 0; i < headers.length; i++) {
      const header = headers[i]!;
      const name = header[0];
      if (name.length !== lowerName.length || asciiLowercase(name) !== lowerName) continue;
      joined = joined === undefined ? header[1] : `${joined}, ${header[1]}`;
    }
    return joined;
  },
  isOwnOrigin: ({ url }, origin) => isOwnOrigin(url, origin),
};

/** An empty record for readFacts to fill. */
export function blankFacts(): RequestFacts {
  return { kind: "not-cors", origin: undefined, requestedMethod: undefined };
}

/**
 * Reads the three facts that a decision depends on. Several Origin lines are joined, and are then not an
 * origin. The facts go into `facts`, which a busy caller keeps and reuses: a refusal then allocates nothing.
 */
export function readFacts<Request>(
  request: Request,
  reader: RequestReader<Request>,
  facts: RequestFacts,
): void {
  const origin = reader.field(request, "origin");
  facts.origin = origin !== undefined && origin.length <= originLengthLimit ? origin : undefined;
  facts.requestedMethod = undefined;
  if (origin === undefined) facts.kind = "not-cors";
  else if (facts.origin !== undefined && reader.isOwnOrigin(request, origin))
    facts.kind = "same-origin";
  else {
    if (reader.method(request) === "OPTIONS")
      facts.requestedMethod = reader.field(request, "access-control-request-method");
    facts.kind = facts.requestedMethod === undefined ? "actual" : "preflight";
  }
}

/**
 * Is the origin the scheme and authority of the URL, byte for byte? The comparison ends where the
 * authority ends and not earlier: `https://a.example/x` is not the origin of `https://a.example/x/y`.
 */
function isOwnOrigin(url: string, origin: string): boolean {
  if (!url.startsWith(origin)) return false;
  const schemeEnd = url.indexOf("://");
  if (schemeEnd < 0 || origin.length <= schemeEnd + 3) return false;
  for (let i = schemeEnd + 3; i < origin.length; i++)
    if (isAuthorityEnd(origin.charCodeAt(i))) return false;
  return origin.length === url.length || isAuthorityEnd(url.charCodeAt(origin.length));
}

/** `/`, `?`, `#`, and `\`, which the URL standard treats as a slash. */
function isAuthorityEnd(code: number): boolean {
  return code === 0x2f || code === 0x3f || code === 0x23 || code === 0x5c;
}
