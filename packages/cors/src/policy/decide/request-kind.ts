// What a request is to CORS, before any policy: read from its head alone, by looking up the fields
// that matter.

import { isNamed } from "../../standard/header-list.ts";
import type { RequestHead } from "../../standard/message.ts";
import { originLengthLimit } from "../../standard/origin.ts";
import type { OriginAnswer } from "./rule.ts";

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
      if (!isNamed(header[0], lowerName)) continue;
      joined = joined === undefined ? header[1] : `${joined}, ${header[1]}`;
    }
    return joined;
  },
  isOwnOrigin: ({ url }, origin) => isOwnOrigin(url, origin),
};

/** What the requests of each kind get. */
export interface KindAnswers<Request, Made> {
  /** No `Origin`, so it is not a CORS request. */
  unnamed(request: Request, method: string): Made;
  /** undefined: too long to be an origin. */
  origin(origin: string | undefined): OriginAnswer<Made>;
}

/**
 * Reads what kind of request it is, and looks up what it gets. Several Origin lines are joined, and are then not
 * an origin; the same holds for Access-Control-Request-Method. It creates nothing, so whoever floods us with
 * requests to refuse leaves no work for the collector.
 */
export function answerByKind<Request, Made>(
  request: Request,
  reader: RequestReader<Request>,
  answers: KindAnswers<Request, Made>,
): Made {
  const method = reader.method(request);
  const origin = reader.field(request, "origin");
  if (origin === undefined) return answers.unnamed(request, method);
  const isReadable = origin.length <= originLengthLimit;
  const found = answers.origin(isReadable ? origin : undefined);
  if (isReadable && reader.isOwnOrigin(request, origin)) return found.sameOrigin(method);
  if (method === "OPTIONS") {
    const asked = reader.field(request, "access-control-request-method");
    if (asked !== undefined)
      return found.preflight(asked, reader.field(request, "access-control-request-headers"));
  }
  return found.actual(method);
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
