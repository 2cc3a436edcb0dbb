// The header fields of a request as an upstream gets them. Built anew from the client's: framing is
// never passed on, hop-by-hop fields end here, and what says where a request came from is ours to
// say (a client's own X-Forwarded-For would be believed).

import type { HeaderList } from "@corsway/cors";
import type { LocationConfig } from "../config/config.ts";
import { connectionOptions, isHopByHop } from "../head/hop-by-hop.ts";
import { firstHeader, getHeader } from "@corsway/cors/standard";

export interface Origination {
  readonly peer: string;
  /** Whether the peer is one of `trusted_proxies`, whose fields are continued and not replaced. */
  readonly trusted: boolean;
  readonly scheme: "http" | "https";
  readonly port: number;
  readonly requestId: string;
}

/** Our name in Via; unlike for each process, so that only a true loop is one. */
export const viaName = `corsway-${crypto.randomUUID().slice(0, 8)}`;

const rewritten: ReadonlySet<string> = new Set([
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
]);

/** Names that a field with `_` for `-` must not smuggle in: CGI and WSGI read both alike. */
const guarded: ReadonlySet<string> = new Set([
  ...rewritten,
  "origin",
  "cookie",
  "authorization",
  "transfer-encoding",
]);

/** Flat. The body's length, where it is known, is `contentLength`. */
export function forwardHeaders(
  headers: HeaderList,
  origination: Origination,
  location: LocationConfig,
  contentLength: number | undefined,
): string[] {
  const { peer, trusted, scheme, requestId } = origination;
  const options = connectionOptions(headers);
  const out: string[] = [];
  let host = "";
  let via = "";
  let forwarded: string | undefined;
  let realIp: string | undefined;
  const kept: Record<string, string | undefined> = {};
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (rewritten.has(lower)) {
      if (lower === "host") host = value;
      else if (lower === "via") via = via === "" ? value : `${via}, ${value}`;
      else if (lower === "forwarded")
        forwarded = forwarded === undefined ? value : `${forwarded}, ${value}`;
      else if (lower === "x-real-ip") realIp = trusted ? value : peer;
      else if (trusted && lower.startsWith("x-forwarded-")) {
        const before = kept[lower];
        kept[lower] =
          before !== undefined && lower === "x-forwarded-for" ? `${before}, ${value}` : value;
      }
      continue;
    }
    if (isHopByHop(lower) || options.has(lower)) continue;
    if (lower.includes("_") && guarded.has(merged(lower))) continue;
    out.push(name, value);
  }
  const before = kept["x-forwarded-for"];
  out.push(
    "Host",
    host,
    "X-Forwarded-For",
    before === undefined ? peer : `${before}, ${peer}`,
    "X-Forwarded-Proto",
    kept["x-forwarded-proto"] ?? scheme,
    "X-Forwarded-Host",
    kept["x-forwarded-host"] ?? host,
    "X-Forwarded-Port",
    kept["x-forwarded-port"] ?? String(origination.port),
  );
  if (forwarded !== undefined) {
    // Only where the client sent one: an upstream that reads the field must not read the client's.
    const node = peer.includes(":") ? `"[${peer}]"` : peer;
    const ours = `for=${node};host="${host}";proto=${scheme}`;
    out.push("Forwarded", trusted ? `${forwarded}, ${ours}` : ours);
  }
  if (realIp !== undefined) out.push("X-Real-IP", realIp);
  out.push("X-Request-Id", requestId, "Via", `${via === "" ? "" : `${via}, `}1.1 ${viaName}`);
  if (contentLength !== undefined) out.push("Content-Length", String(contentLength));
  if (location.setHeaders.length > 0 || location.addHeaders.length > 0)
    return withConfigured(out, location, { origination, headers, host });
  return out;
}

/** Has this request been through this gateway before? */
export function isLoop(headers: HeaderList): boolean {
  const via = firstHeader(headers, "via");
  if (via === undefined) return false;
  return headers.some(([name, value]) => name.toLowerCase() === "via" && value.includes(viaName));
}

interface Context {
  readonly origination: Origination;
  readonly headers: HeaderList;
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
  // What frames a message is not among them: the configuration refuses it.
  for (const [name, value] of [...set.values(), ...location.addHeaders])
    out.push(name, expand(value, context));
  return out;
}

/** A name as CGI and WSGI read it, where a client's `X_User` would stand for the configured `X-User`. */
function merged(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}

/** The value of a variable, where the text is exactly one (`$host`); any other text is literal. */
function expand(value: string, { origination, headers, host }: Context): string {
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
      const before = origination.trusted ? getHeader(headers, "x-forwarded-for") : null;
      return before === null ? origination.peer : `${before}, ${origination.peer}`;
    }
    default:
      if (value.startsWith("$http_"))
        return firstHeader(headers, value.slice(6).replaceAll("_", "-").toLowerCase()) ?? "";
      return value;
  }
}
