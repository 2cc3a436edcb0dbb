// The one form of a path that is matched, decided on and forwarded (RFC 3986 §6.2.2). If one spelling is
// routed and another forwarded, `/api/%2e%2e/admin` gets past a location, so there is only one. Escapes of
// unreserved characters are decoded once; all other escapes stay, in upper case, because to an upstream
// `%3B` or `%2B` means something different from `;` or `+`.

const hex = new Int8Array(256).fill(-1);
for (let i = 0; i < 16; i++) {
  hex["0123456789abcdef".charCodeAt(i)] = i;
  hex["0123456789ABCDEF".charCodeAt(i)] = i;
}

const unreserved = new Uint8Array(256);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
  unreserved[char.charCodeAt(0)] = 1;

const [nul, hash, percent, slash, dot, backslash] = [0, 0x23, 0x25, 0x2f, 0x2e, 0x5c];

/**
 * The canonical form of a path that begins with `/` and has no query, or undefined if it has none: raw
 * bytes outside 0x21–0x7E, `#`, a backslash, a broken escape, or `%00`, `%2F`, `%5C`, which half of all
 * servers treat as an end or a separator. `..` at the root stays at the root, and `//evil/x` stays a
 * path. Linear; a path that is already canonical is returned as it is.
 */
export function canonicalPath(path: string): string | undefined {
  if (path.charCodeAt(0) !== slash) return undefined;
  let escaped = false;
  let dotted = false;
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    if (code <= 0x20 || code > 0x7e || code === hash || code === backslash) return undefined;
    if (code === percent) escaped = true;
    else if (code === dot && path.charCodeAt(i - 1) === slash) dotted = true;
  }
  if (!escaped && !dotted) return path;
  const decoded = escaped ? decodeUnreserved(path) : path;
  return decoded === undefined ? undefined : removeDotSegments(decoded);
}

function decodeUnreserved(path: string): string | undefined {
  let out = "";
  let from = 0;
  for (let at = path.indexOf("%"); at >= 0; at = path.indexOf("%", from)) {
    const high = hex[path.charCodeAt(at + 1)] ?? -1;
    const low = hex[path.charCodeAt(at + 2)] ?? -1;
    if (high < 0 || low < 0) return undefined;
    const byte = high * 16 + low;
    if (byte === nul || byte === slash || byte === backslash) return undefined;
    out += path.slice(from, at);
    out +=
      unreserved[byte] === 1 ? String.fromCharCode(byte) : path.slice(at, at + 3).toUpperCase();
    from = at + 3;
  }
  return out + path.slice(from);
}

/** RFC 3986 §5.2.4, on segments. */
function removeDotSegments(path: string): string {
  const segments = path.split("/");
  const kept: string[] = [];
  for (let i = 1; i < segments.length; i++) {
    const segment = segments[i] as string;
    const last = i === segments.length - 1;
    if (segment === ".") {
      if (last) kept.push("");
    } else if (segment === "..") {
      kept.pop();
      if (last) kept.push("");
    } else kept.push(segment);
  }
  return `/${kept.join("/")}`;
}
