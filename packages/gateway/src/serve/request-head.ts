// What an engine parsed, checked and put into the one form that everything above works on. The
// checks are those on which two servers differ, hence where a request is smuggled past one of them
// (RFC 9112 §3, §6, §11.2). A head with a fault still yields its URL and headers as far as they
// stand, so that the refusal, too, carries the CORS headers of its location.

import type { Header, HeaderList, RequestHead } from "@corsway/cors";
import type { Limits } from "../config/config.ts";
import { type Authority, printAuthority, readAuthority } from "./authority.ts";
import { canonicalPath } from "./canonical-path.ts";
import type { Arrival } from "./engine.ts";

export interface ReadHead {
  readonly head: RequestHead;
  /** For routing: without port and without a trailing dot; empty where there is none. */
  readonly host: string;
  /** Canonical. */
  readonly path: string;
  /** With its `?`, as received; may be empty. */
  readonly query: string;
  /** OPTIONS with Origin and Access-Control-Request-Method: the method it asks for. */
  readonly preflightFor?: string;
  /** The body's declared length; absent where it is chunked or where there is none. */
  readonly contentLength?: number;
  readonly fault?: HeadFault;
}

export interface HeadFault {
  readonly status: 400 | 405 | 414 | 417 | 431 | 501 | 505;
  readonly error: string;
  readonly message: string;
}

export interface Vantage {
  readonly scheme: "http" | "https";
  readonly port: number;
  readonly limits: Limits;
  /** Is this peer one whose X-Forwarded-* are believed? */
  readonly trusts: (peer: string) => boolean;
}

/** Reads a head. Total: never throws, linear in the head's size. */
export function readRequestHead(arrival: Arrival, vantage: Vantage): ReadHead {
  const { method, fields, version } = arrival;
  const headers: Header[] = [];
  let fault: HeadFault | undefined;
  let hosts = 0;
  let host: string | undefined;
  let lengths = 0;
  let length: string | undefined;
  let codings = 0;
  let coding = "";
  let origin = false;
  let requested: string | undefined;
  let expect: string | undefined;
  let forwardedProto: string | undefined;
  let forwardedHost: string | undefined;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    const value = fields[i + 1] as string;
    headers.push([name, value]);
    // Length first: this loop runs for every header of every request.
    switch (name.length) {
      case 4:
        if (isName(name, "host")) {
          hosts++;
          host ??= value;
        }
        break;
      case 6:
        if (isName(name, "origin")) origin = true;
        else if (isName(name, "expect")) expect = value;
        break;
      case 14:
        if (isName(name, "content-length")) {
          lengths++;
          length = value;
        } else if (isName(name, "content_length")) fault ??= lookalike(name);
        break;
      case 16:
        if (isName(name, "x-forwarded-host")) forwardedHost = value;
        break;
      case 17:
        if (isName(name, "transfer-encoding")) {
          codings++;
          coding = value;
        } else if (isName(name, "x-forwarded-proto")) forwardedProto = value;
        else if (name.includes("_") && isName(name.replaceAll("_", "-"), "transfer-encoding"))
          fault ??= lookalike(name);
        break;
      case 29:
        if (isName(name, "access-control-request-method")) requested ??= value;
        break;
      default:
    }
  }

  if (version !== "1.1" && version !== "1.0") fault ??= faults.version;
  if (headers.length > vantage.limits.headerCount) fault ??= faults.headerCount;
  if (hosts > 1) fault ??= faults.hosts;
  if (host === undefined && version === "1.1") fault ??= faults.noHost;
  if (lengths > 0 && codings > 0) fault ??= faults.framing;
  if (lengths > 1 || (length !== undefined && !isLength(length))) fault ??= faults.length;
  if (codings > 0) {
    if (codings > 1 || coding.toLowerCase() !== "chunked") fault ??= faults.coding;
    else if (version === "1.0") fault ??= faults.codingInOldVersion;
  }
  if (expect !== undefined && expect.toLowerCase() !== "100-continue") fault ??= faults.expect;
  if (method === "CONNECT") fault ??= faults.connect;
  if (arrival.target.length > vantage.limits.urlSize) fault ??= faults.url;

  let authority = host === undefined ? undefined : readAuthority(host);
  if (host !== undefined && authority === undefined) fault ??= faults.host;

  const target = readTarget(arrival.target, method);
  if (target === undefined) fault ??= faults.target;
  else if (target.authority !== undefined) {
    // Absolute-form: the authority must be the one in Host, or two hops see two hosts.
    const same =
      authority !== undefined &&
      target.scheme === vantage.scheme &&
      printAuthority(target.authority, vantage.scheme) ===
        printAuthority(authority, vantage.scheme);
    if (!same) fault ??= faults.absolute;
  }

  if (hosts > 1) authority = undefined;
  const routed = authority === undefined ? "" : withoutTrailingDot(authority.host);
  let scheme = vantage.scheme;
  if (
    (forwardedProto !== undefined || forwardedHost !== undefined) &&
    vantage.trusts(arrival.peer)
  ) {
    // The browser's URL is what the trusted proxy in front saw; only it tells what is same-origin.
    if (forwardedProto === "http" || forwardedProto === "https") scheme = forwardedProto;
    const outer = forwardedHost === undefined ? undefined : readAuthority(forwardedHost);
    if (outer !== undefined) authority = outer;
  }
  const path = target?.path ?? "/";
  const query = target?.query ?? "";
  const printed = printAuthority(authority ?? { host: "0.0.0.0", port: vantage.port }, scheme);
  const head: RequestHead = { method, url: `${scheme}://${printed}${path}${query}`, headers };
  const preflight = method === "OPTIONS" && origin && requested !== undefined;
  return {
    head,
    host: routed,
    path,
    query,
    ...(preflight ? { preflightFor: requested as string } : undefined),
    ...(length !== undefined && fault === undefined
      ? { contentLength: Number(length) }
      : undefined),
    ...(fault === undefined ? undefined : { fault }),
  };
}

/** The value of the first field of this name. `lowerName` in lower case. */
export function fieldValue(headers: HeaderList, lowerName: string): string | undefined {
  for (const [name, value] of headers) if (isName(name, lowerName)) return value;
  return undefined;
}

/** The values of all fields of this name, joined (RFC 9110 §5.3). `lowerName` in lower case. */
export function fieldList(headers: HeaderList, lowerName: string): string | undefined {
  let list: string | undefined;
  for (const [name, value] of headers)
    if (isName(name, lowerName)) list = list === undefined ? value : `${list}, ${value}`;
  return list;
}

/** Case-insensitive equality of a token with a lower-case name. */
export function isName(name: string, lowerName: string): boolean {
  return (
    name === lowerName || (name.length === lowerName.length && name.toLowerCase() === lowerName)
  );
}

interface Target {
  readonly path: string;
  readonly query: string;
  readonly scheme?: string;
  readonly authority?: Authority;
}

function readTarget(target: string, method: string): Target | undefined {
  if (target.charCodeAt(0) === 0x2f) return readOriginForm(target);
  if (target === "*" && method === "OPTIONS") return { path: "*", query: "" };
  const scheme = target.startsWith("http://") ? "http" : "https";
  if (!target.startsWith(`${scheme}://`)) return undefined;
  const from = scheme.length + 3;
  let to = target.length;
  for (const stop of ["/", "?"]) {
    const at = target.indexOf(stop, from);
    if (at >= 0 && at < to) to = at;
  }
  const authority = readAuthority(target.slice(from, to));
  if (authority === undefined) return undefined;
  const rest = target.slice(to);
  const form = readOriginForm(rest.startsWith("/") ? rest : `/${rest}`);
  return form === undefined ? undefined : { ...form, scheme, authority };
}

function readOriginForm(target: string): Target | undefined {
  const mark = target.indexOf("?");
  const path = canonicalPath(mark < 0 ? target : target.slice(0, mark));
  if (path === undefined) return undefined;
  if (mark < 0) return { path, query: "" };
  for (let i = mark; i < target.length; i++) {
    const code = target.charCodeAt(i);
    if (code <= 0x20 || code > 0x7e || code === 0x23) return undefined;
  }
  return { path, query: target.slice(mark) };
}

function isLength(value: string): boolean {
  if (value.length === 0 || value.length > 15) return false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

function withoutTrailingDot(host: string): string {
  return host.endsWith(".") ? host.slice(0, -1) : host;
}

function bad(message: string): HeadFault {
  return { status: 400, error: "bad_request", message };
}

function lookalike(name: string): HeadFault {
  return bad(`The field ${name} reads as a framing field to some servers.`);
}

const faults = {
  version: {
    status: 505,
    error: "http_version_not_supported",
    message: "This gateway speaks HTTP/1.1 and HTTP/1.0.",
  },
  headerCount: {
    status: 431,
    error: "request_header_fields_too_large",
    message: "The request has more header fields than this gateway takes.",
  },
  url: {
    status: 414,
    error: "uri_too_long",
    message: "The request's URL is longer than this gateway takes.",
  },
  hosts: bad("The request has more than one Host field."),
  noHost: bad("The request has no Host field."),
  host: bad("The Host field is not a host with an optional port."),
  framing: bad("The request has both Content-Length and Transfer-Encoding."),
  length: bad("The request's Content-Length is not one number."),
  coding: {
    status: 501,
    error: "not_implemented",
    message: "The only transfer coding taken is chunked.",
  },
  codingInOldVersion: bad("HTTP/1.0 has no transfer codings."),
  target: bad("The request target is no path that this gateway forwards."),
  absolute: bad("The absolute request target names another host than the Host field."),
  expect: {
    status: 417,
    error: "expectation_failed",
    message: "The only expectation met is 100-continue.",
  },
  connect: {
    status: 405,
    error: "method_not_allowed",
    message: "This gateway is no tunnel: CONNECT is refused.",
  },
} as const satisfies Record<string, HeadFault>;
