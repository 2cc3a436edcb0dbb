// Why a live server could not be asked, in words: what happened, what a browser would do, and what to try.
// Each of them means that explain could not run; none is a verdict about CORS.

import { escapeNonAscii } from "@corsway/cors/diagnostics";
import { describeFault } from "../http1/describe-fault.ts";
import type { WireFault, WireFaultCode } from "../http1/fault.ts";
import { isomorphicDecode } from "../http1/isomorphic.ts";

export interface EndpointFailure {
  readonly code: "dns" | "connect" | "tls" | "timeout" | "reset" | "wire";
  /** One line, lower case. */
  readonly say: string;
  /** What a browser does in this case. */
  readonly why: string;
  readonly fix: string;
}

const cannot =
  "a browser fails in the same way, before CORS is checked: the page sees a network error";

/** Heads are different: engines accept some that this reader rejects, and not all engines the same ones. */
const unread =
  "Corsway's own reader is strict and refuses this head; a browser or a proxy may accept it, each in its own way";

/** No connection, or a connection that broke. `connected`: the request had been sent. */
export function connectFailure(
  url: URL,
  error: NodeJS.ErrnoException,
  connected: boolean,
): EndpointFailure {
  const code = codeOf(error);
  const where = url.host;
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NODATA":
      return {
        code: "dns",
        say: `the name \`${url.hostname}\` cannot be resolved`,
        why: cannot,
        fix: "check the spelling of the host, and that this machine is online",
      };
    case "ECONNREFUSED":
      return {
        code: "connect",
        say: `nothing is listening on \`${where}\` (connection refused)`,
        why: cannot,
        fix: "start the server, or check the port in the URL",
      };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
      return {
        code: "connect",
        say: `\`${where}\` cannot be reached from this machine`,
        why: cannot,
        fix: "check the address, the network and any firewall in between",
      };
    case "ETIMEDOUT":
      return silence(url, "connect", undefined);
    default:
  }
  // TLS 1.3 reports a missing client certificate only after the handshake.
  if (url.protocol === "https:" && (!connected || code.startsWith("ERR_SSL")))
    return tlsFailure(url, code, error.message);
  return {
    code: "reset",
    say: connected
      ? `\`${where}\` reset the connection before it responded`
      : `the connection to \`${where}\` failed: ${oneLine(error.message)}`,
    why: cannot,
    fix: "look at the server's log: it may have crashed on this request",
  };
}

/** `phase`: what was waited for; `limit` in milliseconds. */
export function silence(
  url: URL,
  phase: "connect" | "head",
  limit: number | undefined,
): EndpointFailure {
  const within = limit === undefined ? "" : ` within ${limit / 1000} s`;
  return {
    code: "timeout",
    say:
      phase === "connect"
        ? `no connection to \`${url.host}\`${within}`
        : `\`${url.host}\` accepted the request but sent no complete head${within}`,
    why: "a browser would go on waiting, for minutes",
    fix:
      phase === "connect"
        ? "check the address and port, and that no firewall drops the packets"
        : "look at how the server handles this request, OPTIONS in particular",
  };
}

/** The server responded, but not in HTTP/1.x. `first`: the beginning of what it sent. */
export function wireFailure(
  url: URL,
  code: WireFaultCode | "unwritable",
  fault: WireFault | string,
  first: Uint8Array | undefined,
): EndpointFailure {
  if (code === "unwritable" || typeof fault === "string")
    return {
      code: "wire",
      say: String(fault),
      why: "a browser refuses to send it",
      fix: "remove control bytes and characters above U+00FF from the request",
    };
  if (code === "empty")
    return {
      code: "reset",
      say: `\`${url.host}\` closed the connection without a response`,
      why: cannot,
      fix:
        url.protocol === "http:"
          ? "look at the server's log; if this port uses TLS, use https://"
          : "look at the server's log",
    };
  const other = first === undefined ? undefined : otherProtocol(first);
  if (code === "not-http" && other !== undefined) return { code: "wire", why: cannot, ...other };
  const begins =
    code === "not-http" && first !== undefined
      ? `; it begins with \`${escapeNonAscii(isomorphicDecode(first, 0, 24))}\``
      : "";
  return {
    code: "wire",
    say: `\`${url.host}\` does not respond in HTTP/1.1: ${describeFault(code)} (byte ${fault.offset})${begins}`,
    why: code === "not-http" ? cannot : unread,
    fix:
      code === "not-http"
        ? "check the port; a web server's response begins with a line such as `HTTP/1.1 200 OK`"
        : "make the server send a head that follows RFC 9112; until then, curl reads it: curl -i URL -H 'Origin: ORIGIN' | corsway explain URL --origin ORIGIN --answer -",
  };
}

function otherProtocol(first: Uint8Array): { say: string; fix: string } | undefined {
  if (first[0] === 0x15 && first[1] === 0x03)
    return { say: "the server responds in TLS", fix: "use https:// instead of http://" };
  if (first.length >= 4 && first[0] === 0 && first[3] === 0x04)
    return {
      say: "the server responds only in HTTP/2",
      fix: "enable HTTP/1.1 as well, or ask it through a proxy that supports it",
    };
  return undefined;
}

function tlsFailure(url: URL, code: string, message: string): EndpointFailure {
  const known = certificateFaults[code];
  if (known !== undefined)
    return {
      code: "tls",
      say: `the certificate of \`${url.host}\` ${known}`,
      why: "a browser refuses the connection, and a page's fetch() fails without a prompt",
      fix: "for a private authority, set NODE_EXTRA_CA_CERTS=/path/to/ca.pem; there is no option to ignore an invalid certificate, because a browser has none for fetch()",
    };
  const alert = alerts.find(({ name }) => name.test(code));
  if (alert !== undefined)
    return { code: "tls", say: `\`${url.host}\` ${alert.say}`, why: alert.why, fix: alert.fix };
  if (code === "EPROTO" || code.startsWith("ERR_SSL"))
    return /wrong version number|packet length too long|http request/i.test(message)
      ? {
          code: "tls",
          say: `\`${url.host}\` does not use TLS`,
          why: cannot,
          fix: "use http://, or check the port",
        }
      : {
          code: "tls",
          say: `no TLS connection to \`${url.host}\`: ${oneLine(message)}`,
          why: cannot,
          fix: "check the server's TLS versions, its ciphers, and whether it asks for a client certificate",
        };
  return {
    code: "tls",
    say: `no TLS connection to \`${url.host}\`: ${oneLine(message)}`,
    why: cannot,
    fix: "check that this port uses TLS",
  };
}

/** The meaning of a server's TLS alert, by Node's name for it. */
const alerts: readonly {
  readonly name: RegExp;
  readonly say: string;
  readonly why: string;
  readonly fix: string;
}[] = [
  {
    name: /ALERT_NO_APPLICATION_PROTOCOL/,
    say: "does not accept HTTP/1.1, probably only HTTP/2",
    why: "a browser would use HTTP/2; explain reads HTTP/1.1, byte for byte",
    fix: "enable HTTP/1.1 as well, or explain a recording from the browser: --har FILE",
  },
  {
    name: /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE)/,
    say: "asks for a client certificate",
    why: "a browser sends one as it sends cookies: never with a preflight, and with the request itself only if it carries credentials",
    fix: "accept OPTIONS without a certificate, and run explain where none is needed",
  },
  {
    name: /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/,
    say: "supports no version of TLS that browsers accept",
    why: cannot,
    fix: "enable TLS 1.2 or 1.3 on the server",
  },
];

const certificateFaults: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "is from an authority that this machine does not know",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "is from an authority that this machine does not know (or the server leaves out part of the chain)",
  UNABLE_TO_GET_ISSUER_CERT: "is from an authority that this machine does not know",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "is from an authority that this machine does not know",
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "is for another host name",
};

/** With several addresses tried, Node reports an AggregateError whose members carry the code. */
function codeOf(error: NodeJS.ErrnoException): string {
  if (error.code !== undefined) return error.code;
  if (error instanceof AggregateError)
    return (error.errors[0] as NodeJS.ErrnoException | undefined)?.code ?? "";
  return "";
}

function oneLine(message: string): string {
  const line = message.split("\n", 1)[0]!.trim();
  // OpenSSL's lines: `…:error:0A000410:SSL routines:ssl3_read_bytes:…failure:…/s3_pkt.c:918:…`
  const parts = line.split(":");
  return line.includes("SSL routines") ? (parts[5] ?? line) : line;
}
