// What is not CORS but can still deny a page its response, or its cookies. The model does not decide these, so they
// are mentioned and change no verdict.

import { isSameSite } from "../browser/same-site.ts";
import { isLoopbackHost } from "../standard/loopback-host.ts";
import { originOfUrl, parseOrigin } from "../standard/origin.ts";
import type { Explanation } from "./explain.ts";

export function caveats({ request, verdict, engine }: Explanation): readonly string[] {
  const page = parseOrigin(request.origin);
  if (page?.kind !== "tuple" || !URL.canParse(request.url)) return [];
  const url = new URL(request.url);
  const lines: string[] = [];
  if (page.scheme === "https" && url.protocol === "http:" && !isLoopbackHost(url.hostname))
    lines.push(
      "a page on https may not request an http URL at all (mixed content): browsers block it, whatever the CORS headers are; use https",
    );
  const reach = reachOf(url.hostname);
  const isWebPage = page.scheme === "http" || page.scheme === "https";
  const asksPerson = isWebPage && (engine === "standard" || engine === "chromium");
  if (asksPerson && reach !== "public" && reachOf(page.host) === "public")
    lines.push(
      `Chromium asks the user for permission before a public page may reach ${reach === "loopback" ? "this machine" : "the local network"} (Local Network Access); no header grants it`,
    );
  const sends = verdict.wire.some(({ kind, credentials }) => kind === "actual" && credentials);
  if (
    sends &&
    verdict.cookies === undefined &&
    verdict.outcome !== "blocked" &&
    !isSameSite(page, originOfUrl(url))
  )
    lines.push(
      "the page and the server are on different sites: only cookies with `SameSite=None; Secure` are sent, and browsers that block third-party cookies send none",
    );
  return lines;
}

/** As far as the host itself shows; a name may resolve to anything. */
function reachOf(host: string): "public" | "loopback" | "local" {
  if (isLoopbackHost(host)) return "loopback";
  const group = /^\[([0-9a-f]{1,4}):/.exec(host)?.[1];
  if (group !== undefined) {
    const bits = Number.parseInt(group, 16);
    // fc00::/7 and fe80::/10; `[fc::1]` begins with 00fc and is neither.
    return (bits & 0xfe00) === 0xfc00 || (bits & 0xffc0) === 0xfe80 ? "local" : "public";
  }
  const parts = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host);
  if (parts === null) return host.split(".").at(-1) === "local" ? "local" : "public";
  const [first, second] = [Number(parts[1]), Number(parts[2])];
  if (
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254)
  )
    return "local";
  return "public";
}
