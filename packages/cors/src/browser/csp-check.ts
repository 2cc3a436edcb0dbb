// Content Security Policy Level 3 §4.1.2 and §6.7: does the page's own policy allow the URL? Lists of sources only:
// a script list with nonces, hashes or `strict-dynamic` depends on the element, and is left open.

import { originOfUrl, serializeOrigin } from "../standard/origin.ts";
import { asciiLowercase } from "../standard/token.ts";
import {
  blocked,
  currentUrl,
  hopOf,
  placeOf,
  type BlockedFetch,
  type FetchParams,
} from "./fetch-params.ts";
import type { Initiator } from "./request.ts";
import type { Algorithm } from "./trace.ts";

const algorithm: Algorithm = {
  name: "Content Security Policy",
  anchor: "should-block-request",
  standard: "csp",
};

/** §6.8.4: the directive of each initiator, and those that stand in for it. */
const directives: Readonly<Record<Initiator, readonly string[]>> = {
  fetch: ["connect-src", "default-src"],
  xhr: ["connect-src", "default-src"],
  eventsource: ["connect-src", "default-src"],
  websocket: ["connect-src", "default-src"],
  beacon: ["connect-src", "default-src"],
  img: ["img-src", "default-src"],
  video: ["media-src", "default-src"],
  font: ["font-src", "default-src"],
  style: ["style-src-elem", "style-src", "default-src"],
  script: ["script-src-elem", "script-src", "default-src"],
  module: ["script-src-elem", "script-src", "default-src"],
  worker: ["worker-src", "child-src", "script-src", "default-src"],
  manifest: ["manifest-src", "default-src"],
  form: ["form-action"],
};

/** `csp`: the header's value, several policies separated by commas. undefined: go on. */
export function cspCheck(params: FetchParams, csp: string): BlockedFetch | undefined {
  const { request, trace } = params;
  for (const policy of csp.split(",")) {
    const found = directiveOf(policy, directives[request.initiator]);
    if (found === undefined) continue;
    const { name, sources } = found;
    const saw = { directive: name, sources, url: currentUrl(request).href };
    if (sources.some((source) => /^'(?:nonce-|sha\d|strict-dynamic)/i.test(source))) {
      trace.step(algorithm, "4.1.2", "nonces and hashes of an element", "not-modelled", saw);
      continue;
    }
    const allows = sources.some((source) => matches(source, params));
    trace.step(
      algorithm,
      "4.1.2",
      "the directive lists the URL",
      allows ? "passed" : "failed",
      saw,
    );
    if (!allows)
      return blocked({
        ...placeOf(request, "request"),
        reason: "csp-blocked",
        directive: name,
        value: sources.join(" "),
      });
  }
  return undefined;
}

/** The first directive of a name counts. */
function directiveOf(
  policy: string,
  names: readonly string[],
): { readonly name: string; readonly sources: readonly string[] } | undefined {
  const all = new Map<string, readonly string[]>();
  for (const part of policy.split(";")) {
    const [name = "", ...sources] = part.trim().split(/[\t\n\f\r ]+/);
    const lower = asciiLowercase(name);
    if (lower !== "" && !all.has(lower)) all.set(lower, sources);
  }
  const name = names.find((each) => all.has(each));
  return name === undefined ? undefined : { name, sources: all.get(name)! };
}

/** §6.7.2.8: does url match expression in origin with redirect count? */
function matches(source: string, params: FetchParams): boolean {
  const { request } = params;
  const url = socketUrl(params);
  const lower = asciiLowercase(source);
  const home = request.origin.kind === "tuple" ? request.origin.scheme : "";
  if (lower === "*") return /^(?:https?|wss?):$/.test(url.protocol) || url.protocol === `${home}:`;
  if (lower === "'self'") {
    const self = serializeOrigin(request.origin);
    if (self === "null") return false;
    return (
      serializeOrigin(originOfUrl(currentUrl(request))) === self ||
      (currentUrl(request).host === new URL(self).host && schemeMatches(home, url.protocol))
    );
  }
  const scheme = /^([a-z][a-z0-9+.-]*):$/.exec(lower)?.[1];
  if (scheme !== undefined) return schemeMatches(scheme, url.protocol);
  const parts =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[^/:*']+)(?::(\d+|\*))?(\/[^?#]*)?$/i.exec(source);
  if (parts === null) return false;
  const [, written, host = "", port, path] = parts;
  if (!schemeMatches(asciiLowercase(written ?? home), url.protocol)) return false;
  const name = asciiLowercase(host);
  const isHost =
    name === "*" || (name.startsWith("*.") ? hasParent(url.hostname, name) : url.hostname === name);
  if (!isHost || !portMatches(port, url)) return false;
  // After a redirect paths do not count: a page must not learn where it led (§7.6).
  if (path === undefined || path === "/" || hopOf(request) > 0) return true;
  const asked = decode(url.pathname);
  const wanted = decode(path);
  return wanted.endsWith("/") ? asked.startsWith(wanted) : asked === wanted;
}

function hasParent(hostname: string, pattern: string): boolean {
  return hostname.endsWith(`.${pattern.slice(2)}`);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A WebSocket is matched by its own scheme. */
function socketUrl({ request }: FetchParams): URL {
  const url = new URL(currentUrl(request));
  if (request.mode === "websocket") return new URL(url.href.replace(/^http/, "ws"));
  return url;
}

/** §6.7.2.9: an upgrade of the scheme is allowed. */
function schemeMatches(written: string, protocol: string): boolean {
  const scheme = protocol.slice(0, -1);
  if (written === scheme) return true;
  const secure: Readonly<Record<string, readonly string[]>> = {
    http: ["https", "ws", "wss"],
    https: ["wss"],
    ws: ["wss", "http", "https"],
    wss: ["https"],
  };
  return secure[written]?.includes(scheme) === true;
}

function portMatches(written: string | undefined, url: URL): boolean {
  if (written === "*") return true;
  if (written === undefined) return url.port === "";
  if (url.port === written) return true;
  const usual = /^(?:https|wss):$/.test(url.protocol) ? ["443", "80"] : ["80"];
  return url.port === "" && usual.includes(written);
}
