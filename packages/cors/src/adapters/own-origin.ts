// Does the request come from a page of the server's own origin? It is then never refused, so this compares bytes.

/**
 * If this connection has no TLS, a proxy in front may have it, so `https` with the same authority is also the
 * server's own origin: a same-origin POST must not fail because of a scheme that is not visible here.
 */
export function isOriginOf(origin: string, authority: string, encrypted: boolean): boolean {
  const length = origin.length - authority.length;
  if (length === 8) return origin.startsWith("https://") && origin.endsWith(authority);
  return length === 7 && !encrypted && origin.startsWith("http://") && origin.endsWith(authority);
}
