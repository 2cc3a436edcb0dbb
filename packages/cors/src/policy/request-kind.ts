// What a request is to CORS, before any policy: read from its head alone, in one pass over the
// headers.

import type { RequestHead } from "../standard/message.ts";
import { originLengthLimit } from "../standard/origin.ts";

export interface RequestFacts {
  kind: "not-cors" | "same-origin" | "preflight" | "actual";
  /** The Origin; undefined where there is none, or where it is malformed. */
  origin: string | undefined;
  /** Access-Control-Request-Method; several lines are joined, and are then no method. */
  requestedMethod: string | undefined;
}

/** Reads the three facts that a decision depends on. Names are compared without making strings. */
export function readFacts(request: RequestHead): RequestFacts {
  let origin: string | undefined;
  let origins = 0;
  let requestedMethod: string | undefined;
  const isOptions = request.method === "OPTIONS";
  for (const [name, value] of request.headers) {
    if (name.length === 6) {
      if (name === "Origin" || name === "origin" || name.toLowerCase() === "origin") {
        origin = value;
        origins++;
      }
    } else if (isOptions && name.length === 29 && isRequestMethodName(name))
      requestedMethod = requestedMethod === undefined ? value : `${requestedMethod}, ${value}`;
  }
  if (origins === 0) return { kind: "not-cors", origin: undefined, requestedMethod: undefined };
  if (origins > 1 || origin!.length > originLengthLimit) origin = undefined;
  else if (isOwnOrigin(request.url, origin!))
    return { kind: "same-origin", origin, requestedMethod: undefined };
  return {
    kind: requestedMethod === undefined ? "actual" : "preflight",
    origin,
    requestedMethod,
  };
}

function isRequestMethodName(name: string): boolean {
  return (
    name === "Access-Control-Request-Method" ||
    name.toLowerCase() === "access-control-request-method"
  );
}

/**
 * Is the origin the scheme and authority of the URL, byte for byte? Up to where the authority ends,
 * and not a byte less: `https://a.example/x` is no origin of `https://a.example/x/y`.
 */
function isOwnOrigin(url: string, origin: string): boolean {
  if (!url.startsWith(origin)) return false;
  const schemeEnd = url.indexOf("://");
  if (schemeEnd < 0 || origin.length <= schemeEnd + 3) return false;
  for (let i = schemeEnd + 3; i < origin.length; i++)
    if (isAuthorityEnd(origin.charCodeAt(i))) return false;
  return origin.length === url.length || isAuthorityEnd(url.charCodeAt(origin.length));
}

/** `/`, `?`, `#`, and the `\` that the URL standard takes for a slash. */
function isAuthorityEnd(code: number): boolean {
  return code === 0x2f || code === 0x3f || code === 0x23 || code === 0x5c;
}
