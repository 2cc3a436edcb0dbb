// Origins (HTML §7.1.1) as Fetch serialises them. A tuple origin has scheme, host and port; an opaque
// one serialises to `null`. Parsing is strict: it accepts the ASCII serialisation and nothing that
// merely resembles it, because a CORS check compares bytes.

/** An origin. `port` is absent if it is the scheme's default. IPv6 hosts keep their brackets. */
export type Origin = TupleOrigin | OpaqueOrigin;
/**
 * An origin that can be compared with others. `scheme` and `host` as serialised: lower case, Punycode.
 */
export interface TupleOrigin {
  readonly kind: "tuple";
  readonly scheme: string;
  readonly host: string;
  readonly port?: number;
}
/** An origin that equals only itself: that of a sandboxed frame or a file. Serialises to `null`. */
export interface OpaqueOrigin {
  readonly kind: "opaque";
}

/** The only value of OpaqueOrigin. */
export const opaqueOrigin: OpaqueOrigin = Object.freeze({ kind: "opaque" });

const defaultPorts: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["https", 443],
  ["ws", 80],
  ["wss", 443],
  ["ftp", 21],
]);

/** The default port of a scheme (URL standard: default-port). */
export function defaultPort(scheme: string): number | undefined {
  return defaultPorts.get(scheme);
}

/** HTML: ascii-serialisation-of-an-origin. */
export function serializeOrigin(origin: Origin): string {
  if (origin.kind === "opaque") return "null";
  return `${origin.scheme}://${origin.host}${origin.port === undefined ? "" : `:${origin.port}`}`;
}

/** HTML: same-origin. An opaque origin equals only itself, so two of these values are never the same. */
export function isSameOrigin(a: Origin, b: Origin): boolean {
  return (
    a.kind === "tuple" &&
    b.kind === "tuple" &&
    a.scheme === b.scheme &&
    a.host === b.host &&
    a.port === b.port
  );
}

/** Length of the longest serialised origin that can match: scheme, `://`, host, `:` and five digits. */
export const originLengthLimit: number = 64 + 3 + 253 + 6;

/**
 * The origin that this string serialises, or undefined if it is not exactly what a browser would
 * serialise: upper case, a path, user info, an explicit default port, a leading zero and non-ASCII all
 * fail. `null` is the opaque origin. Host characters are those that the URL standard allows (`_`,
 * back-tick and quotes are legal in a host), because *being* an origin is not being allowed.
 */
export function parseOrigin(value: string): Origin | undefined {
  if (value === "null") return opaqueOrigin;
  if (value.length > originLengthLimit) return undefined;
  const separator = value.indexOf("://");
  if (separator < 1) return undefined;
  const scheme = value.slice(0, separator);
  if (!isScheme(scheme)) return undefined;
  const authority = value.slice(separator + 3);
  const portAt = portSeparator(authority);
  const host = portAt < 0 ? authority : authority.slice(0, portAt);
  if (!isSerializedHost(host, scheme)) return undefined;
  if (portAt < 0) return { kind: "tuple", scheme, host };
  const port = parsePort(authority.slice(portAt + 1));
  if (port === undefined || port === defaultPorts.get(scheme)) return undefined;
  return { kind: "tuple", scheme, host, port };
}

/** Would parseOrigin accept it? The usual forms are recognised without creating anything. */
export function isSerializedOrigin(value: string): boolean {
  return isPlainWebOrigin(value) || parseOrigin(value) !== undefined;
}

/** `https` or `http`; a host of letters, digits, `-` and dots whose last label is not a number; no port. */
function isPlainWebOrigin(value: string): boolean {
  const start = value.startsWith("https://") ? 8 : value.startsWith("http://") ? 7 : 0;
  if (start === 0 || value.length === start || value.length > start + 253) return false;
  let label = start;
  for (let i = start; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 0x2e) label = i + 1;
    else if (!((code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d))
      return false;
  }
  const code = value.charCodeAt(label);
  return label < value.length && !(code >= 0x30 && code <= 0x39);
}

/** The origin of an absolute URL (URL standard: concept-url-origin); opaque if the URL has none. */
export function originOfUrl(url: URL): Origin {
  switch (url.protocol) {
    case "http:":
    case "https:":
    case "ws:":
    case "wss:":
    case "ftp:": {
      const scheme = url.protocol.slice(0, -1);
      if (url.port === "") return { kind: "tuple", scheme, host: url.hostname };
      return { kind: "tuple", scheme, host: url.hostname, port: Number(url.port) };
    }
    case "blob:":
      try {
        const inner = new URL(url.pathname);
        if (inner.protocol === "http:" || inner.protocol === "https:") return originOfUrl(inner);
      } catch {
        // the text is not a URL: opaque, as below
      }
      return opaqueOrigin;
    default:
      return opaqueOrigin;
  }
}

/** Whether this is a scheme in lower case (URL standard: url-scheme-string). */
export function isScheme(value: string): boolean {
  if (value.length === 0 || value.length > 64) return false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const letter = code >= 0x61 && code <= 0x7a;
    const other = (code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x2e;
    if (!(letter || (i > 0 && other))) return false;
  }
  return true;
}

/** A port without leading zeros, 1 to 65535; undefined otherwise. */
export function parsePort(digits: string): number | undefined {
  if (digits.length === 0 || digits.length > 5) return undefined;
  if (digits.charCodeAt(0) === 0x30) return undefined;
  let port = 0;
  for (let i = 0; i < digits.length; i++) {
    const code = digits.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return undefined;
    port = port * 10 + (code - 0x30);
  }
  return port <= 65535 ? port : undefined;
}

/** Where the port begins in `host[:port]`, or -1. Colons inside the brackets of IPv6 do not count. */
export function portSeparator(authority: string): number {
  if (authority.charCodeAt(0) === 0x5b) {
    const close = authority.indexOf("]");
    return close >= 0 && authority.charCodeAt(close + 1) === 0x3a ? close + 1 : -1;
  }
  return authority.indexOf(":");
}

// Host bytes: visible ASCII except upper case and the URL standard's forbidden-domain-code-points.
const hostCodes: Uint8Array = new Uint8Array(128);
for (let code = 0x21; code < 0x7f; code++)
  if (!" #%/:<>?@[\\]^|ABCDEFGHIJKLMNOPQRSTUVWXYZ".includes(String.fromCharCode(code)))
    hostCodes[code] = 1;

function isSerializedHost(host: string, scheme: string): boolean {
  if (host.length === 0 || host.length > 254) return false; // 253 and a trailing dot
  if (host.charCodeAt(0) === 0x5b) return isCanonicalAddress(host);
  for (let i = 0; i < host.length; i++) if (hostCodes[host.charCodeAt(i)] !== 1) return false;
  // In a special URL, a host that ends in a number is IPv4 (ends-in-a-number checker), in canonical form.
  return !(defaultPorts.has(scheme) && lastLabelIsNumeric(host)) || isCanonicalAddress(host);
}

/** Only a label that begins with a digit can be a number: `4`, `0x7f`. */
function lastLabelIsNumeric(host: string): boolean {
  const end = host.endsWith(".") ? host.length - 1 : host.length;
  const code = host.charCodeAt(host.lastIndexOf(".", end - 1) + 1);
  return code >= 0x30 && code <= 0x39;
}

/** Addresses have many spellings; the URL parser knows the one that browsers send. */
function isCanonicalAddress(host: string): boolean {
  try {
    return new URL(`http://${host}`).hostname === host;
  } catch {
    return false;
  }
}
