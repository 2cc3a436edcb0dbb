// Is a page of the server's own origin asking? Such a request is never refused, so this compares bytes.

/**
 * Without TLS on this connection a proxy may have had it, so `https` of the same authority is the
 * server's own origin too: a same-origin POST must not fail for a scheme that nobody here can see.
 */
export function isOriginOf(origin: string, authority: string, encrypted: boolean): boolean {
  const length = origin.length - authority.length;
  if (length === 8) return origin.startsWith("https://") && origin.endsWith(authority);
  return length === 7 && !encrypted && origin.startsWith("http://") && origin.endsWith(authority);
}
