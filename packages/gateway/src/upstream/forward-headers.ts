// The header fields of a request as an upstream receives them. They are rebuilt from the client's: framing is never passed on,
// hop-by-hop fields end here, and we state where a request came from (a client's own X-Forwarded-For would be trusted).

import type { LocationConfig } from "../config/config.ts";
import { isNamed } from "@corsway/cors/standard";
import {
  cutLines,
  joinLines,
  lineExtra,
  noLines,
  printLine,
  splitLines,
  writeLines,
  type Lines,
} from "../http1/lines.ts";
import type { WireRequestHead } from "../http1/request-head.ts";
import { firstField, joinedField } from "../head/flat-fields.ts";
import { endsHere, namedOptions } from "../head/hop-by-hop.ts";

export interface Origination {
  readonly peer: string;
  /** Whether the peer is one of `trusted_proxies`, whose fields are extended instead of replaced. */
  readonly trusted: boolean;
  readonly scheme: "http" | "https";
  readonly port: number;
  readonly requestId: string;
}

/** Our name in Via, different for each process, so that only a true loop counts as one. */
export const viaName = `corsway-${crypto.randomUUID().slice(0, 8)}`;

/** Names that a field with `_` in place of `-` must not imitate: CGI and WSGI read both as the same. */
const guarded: ReadonlySet<string> = new Set([
  "host",
  "via",
  "content-length",
  "expect",
  "forwarded",
  "x-real-ip",
  "x-request-id",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-forwarded-port",
  "origin",
  "cookie",
  "authorization",
  "transfer-encoding",
]);

/** The fields of a request that are rewritten, collected in one pass. */
interface Rewritten {
  host: string;
  via: string;
  forwarded: string | undefined;
  realIp: string | undefined;
  forwardedFor: string | undefined;
  forwardedProto: string | undefined;
  forwardedHost: string | undefined;
  forwardedPort: string | undefined;
}

/** What is sent on of a request's fields. */
export interface ForwardedFields {
  readonly lines: Lines;
  /** The value of Host. */
  readonly host: string;
}

/** The length of the body, if known, is `contentLength`. Undefined if configured fields cannot be written. */
export function forwardHeaders(
  { fields, lines }: Pick<WireRequestHead, "fields" | "lines">,
  origination: Origination,
  location: LocationConfig,
  contentLength: number | undefined,
): ForwardedFields | undefined {
  const options = namedOptions(fields);
  const said: Rewritten = {
    host: "",
    via: "",
    forwarded: undefined,
    realIp: undefined,
    forwardedFor: undefined,
    forwardedProto: undefined,
    forwardedHost: undefined,
    forwardedPort: undefined,
  };
  let out = noLines;
  let from = 0; // of the lines up to `at` that are passed on
  let at = 0;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    const end = at + name.length + fields[i + 1]!.length + lineExtra;
    if (endsHere(name) || gather(said, name, fields[i + 1]!) || isLeftOut(name, options)) {
      if (from < at) out = joinLines(out, cutLines(lines, from, at));
      from = end;
    }
    at = end;
  }
  if (from < at) out = joinLines(out, cutLines(lines, from, at));
  out = joinLines(out, ownLines(said, origination, contentLength));
  const { host } = said;
  if (location.setHeaders.length === 0 && location.addHeaders.length === 0)
    return { lines: out, host };
  const configured = withConfigured(splitLines(out), location, { origination, fields, host });
  const written = writeLines(configured);
  return written && { lines: written, host: firstField(configured, "host") ?? "" };
}

function isLeftOut(name: string, options: ReadonlySet<string> | undefined): boolean {
  if (options !== undefined && options.has(name.toLowerCase())) return true;
  return name.includes("_") && guarded.has(merged(name));
}

/** The lines that are written anew. Their values were read from a head, or are ours. */
function ownLines(
  said: Rewritten,
  { peer, trusted, scheme, port, requestId }: Origination,
  contentLength: number | undefined,
): Lines {
  const { host, via, forwarded, realIp } = said;
  const before = trusted ? said.forwardedFor : undefined;
  let lines =
    printLine("Host", host) +
    printLine("X-Forwarded-For", before === undefined ? peer : `${before}, ${peer}`) +
    printLine("X-Forwarded-Proto", (trusted ? said.forwardedProto : undefined) ?? scheme) +
    printLine("X-Forwarded-Host", (trusted ? said.forwardedHost : undefined) ?? host) +
    printLine("X-Forwarded-Port", (trusted ? said.forwardedPort : undefined) ?? String(port));
  if (forwarded !== undefined) {
    // Only if the client sent one: an upstream that reads the field must not read the client's.
    const node = peer.includes(":") ? `"[${peer}]"` : peer;
    const ours = `for=${node};host="${host}";proto=${scheme}`;
    lines += printLine("Forwarded", trusted ? `${forwarded}, ${ours}` : ours);
  }
  if (realIp !== undefined) lines += printLine("X-Real-IP", trusted ? realIp : peer);
  lines += printLine("X-Request-Id", requestId);
  lines += printLine("Via", via === "" ? `1.1 ${viaName}` : `${via}, 1.1 ${viaName}`);
  if (contentLength !== undefined) lines += printLine("Content-Length", String(contentLength));
  return lines as Lines;
}

/** Collects a field that is rewritten; returns false for any other. By length first, so that hardly any name is compared. */
function gather(said: Rewritten, name: string, value: string): boolean {
  switch (name.length) {
    case 3:
      if (!isNamed(name, "via")) return false;
      said.via = said.via === "" ? value : `${said.via}, ${value}`;
      return true;
    case 4:
      if (!isNamed(name, "host")) return false;
      said.host = value;
      return true;
    case 6:
      return isNamed(name, "expect");
    case 9:
      if (isNamed(name, "forwarded"))
        said.forwarded = said.forwarded === undefined ? value : `${said.forwarded}, ${value}`;
      else if (isNamed(name, "x-real-ip")) said.realIp = value;
      else return false;
      return true;
    case 12:
      return isNamed(name, "x-request-id");
    case 14:
      return isNamed(name, "content-length");
    case 15:
      if (!isNamed(name, "x-forwarded-for")) return false;
      said.forwardedFor =
        said.forwardedFor === undefined ? value : `${said.forwardedFor}, ${value}`;
      return true;
    case 16:
      if (isNamed(name, "x-forwarded-host")) said.forwardedHost = value;
      else if (isNamed(name, "x-forwarded-port")) said.forwardedPort = value;
      else return false;
      return true;
    case 17:
      if (!isNamed(name, "x-forwarded-proto")) return false;
      said.forwardedProto = value;
      return true;
    default:
      return false;
  }
}

/** Has this request been through this gateway before? */
export function isLoop(fields: readonly string[]): boolean {
  for (let i = 0; i < fields.length; i += 2)
    if (isNamed(fields[i]!, "via") && fields[i + 1]!.includes(viaName)) return true;
  return false;
}

interface Context {
  readonly origination: Origination;
  readonly fields: readonly string[];
  readonly host: string;
}

function withConfigured(flat: string[], location: LocationConfig, context: Context): string[] {
  const set = new Map<string, readonly [string, string]>();
  const names = new Set<string>();
  for (const entry of location.setHeaders) {
    set.set(entry[0].toLowerCase(), entry);
    names.add(merged(entry[0]));
  }
  const out: string[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    if (!names.has(merged(name))) out.push(name, flat[i + 1] as string);
  }
  // Framing fields are not among them: the configuration rejects those.
  for (const [name, value] of [...set.values(), ...location.addHeaders])
    out.push(name, expand(value, context));
  return out;
}

/** A name as CGI and WSGI read it, for which a client's `X_User` would pass as the configured `X-User`. */
function merged(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}

/** The value of a variable, if the text is exactly one (`$host`); any other text is literal. */
function expand(value: string, { origination, fields, host }: Context): string {
  if (!value.startsWith("$")) return value;
  switch (value) {
    case "$host":
      return host;
    case "$scheme":
      return origination.scheme;
    case "$remote_addr":
      return origination.peer;
    case "$server_port":
      return String(origination.port);
    case "$request_id":
      return origination.requestId;
    case "$proxy_add_x_forwarded_for": {
      const before = origination.trusted ? joinedField(fields, "x-forwarded-for") : undefined;
      return before === undefined ? origination.peer : `${before}, ${origination.peer}`;
    }
    default:
      if (value.startsWith("$http_"))
        return firstField(fields, value.slice(6).replaceAll("_", "-").toLowerCase()) ?? "";
      return value;
  }
}
