// Methods, as the Fetch standard has them (§2.2.1).

import { isToken } from "./token.ts";

/** Fetch: concept-method. */
export function isMethod(method: string): boolean {
  return isToken(method);
}

/** Fetch: cors-safelisted-method. Case-sensitive: `get` is not one until it is normalised. */
export function isCorsSafelistedMethod(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "POST";
}

/** Fetch: forbidden-method. Any case. */
export function isForbiddenMethod(method: string): boolean {
  const upper = method.toUpperCase();
  return upper === "CONNECT" || upper === "TRACE" || upper === "TRACK";
}

/**
 * Fetch: concept-method-normalize. Only these six are converted to upper case: `patch` stays `patch`,
 * and a server that lists `PATCH` refuses it.
 */
export function normalizeMethod(method: string): string {
  const upper = method.toUpperCase();
  switch (upper) {
    case "DELETE":
    case "GET":
    case "HEAD":
    case "OPTIONS":
    case "POST":
    case "PUT":
      // `upper` can equal one of these for a method with non-ASCII letters only if toUpperCase
      // folds them in (`ı`, `ſ`). Such a string is not a token, so isMethod will reject it.
      return upper.length === method.length && isToken(method) ? upper : method;
    default:
      return method;
  }
}
