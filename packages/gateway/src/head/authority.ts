// The authority of a request: Host, or that of an absolute-form target (RFC 9110 §4.2, §7.2). Strict: if
// one hop reads a host where the next reads something different, a virtual host can be bypassed, so only a
// plain host and port are accepted.

export interface Authority {
  /** Lower case; IPv6 with its brackets; a trailing dot is kept (it makes a different origin). */
  readonly host: string;
  readonly port?: number;
}

const hostCodes = new Uint8Array(128);
for (const char of "abcdefghijklmnopqrstuvwxyz0123456789-._~") hostCodes[char.charCodeAt(0)] = 1;

/** Undefined if it is not `host[:port]`. An empty port counts as none (RFC 3986 §3.2.3). */
export function readAuthority(value: string): Authority | undefined {
  if (value.length === 0 || value.length > 260) return undefined;
  const text = hasUpperCase(value) ? value.toLowerCase() : value;
  let hostEnd: number;
  if (text.charCodeAt(0) === 0x5b) {
    const close = text.indexOf("]");
    if (close < 3) return undefined;
    for (let i = 1; i < close; i++)
      if (!"0123456789abcdef:.".includes(text.charAt(i))) return undefined;
    hostEnd = close + 1;
  } else {
    const colon = text.indexOf(":");
    hostEnd = colon < 0 ? text.length : colon;
    if (hostEnd === 0) return undefined;
    for (let i = 0; i < hostEnd; i++) if (hostCodes[text.charCodeAt(i)] !== 1) return undefined;
  }
  if (hostEnd === text.length) return { host: text };
  if (text.charCodeAt(hostEnd) !== 0x3a) return undefined;
  const host = text.slice(0, hostEnd);
  if (hostEnd + 1 === text.length) return { host };
  const port = readPort(text, hostEnd + 1);
  return port === undefined ? undefined : { host, port };
}

function hasUpperCase(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x41 && code <= 0x5a) return true;
  }
  return false;
}

/** `host[:port]`, without the port if it is the scheme's default. */
export function printAuthority(authority: Authority, scheme: "http" | "https"): string {
  const { host, port } = authority;
  return port === undefined || port === (scheme === "https" ? 443 : 80) ? host : `${host}:${port}`;
}

function readPort(text: string, from: number): number | undefined {
  if (text.length - from > 5) return undefined;
  let port = 0;
  for (let i = from; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    port = port * 10 + digit;
  }
  return port > 0 && port <= 65535 ? port : undefined;
}
