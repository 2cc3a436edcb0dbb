// What is not CORS but can still deny a page its response, or its cookies. The model does not decide these, so they
// are mentioned and change no verdict.

import { isSameSite } from "../browser/same-site.ts";
import { addressSpaceOf } from "../browser/local-network-access.ts";
import { isLoopbackHost } from "../standard/loopback-host.ts";
import { originOfUrl, parseOrigin } from "../standard/origin.ts";
import type { Explanation } from "./explain.ts";

export function caveats({ request, verdict, engine }: Explanation): readonly string[] {
  const page = parseOrigin(request.origin);
  if (page?.kind !== "tuple" || !URL.canParse(request.url)) return [];
  const url = new URL(request.url);
  const lines: string[] = [];
  if (
    request.client === undefined &&
    page.scheme === "https" &&
    url.protocol === "http:" &&
    !isLoopbackHost(url.hostname)
  )
    lines.push(
      "a page on https may not request an http URL at all (mixed content): browsers block it, whatever the CORS headers are; use https",
    );
  const reach = addressSpaceOf(url.hostname);
  const isWebPage = page.scheme === "http" || page.scheme === "https";
  const asksPerson = isWebPage && (engine === "standard" || engine === "chromium");
  if (
    asksPerson &&
    request.client?.localNetworkAccess === undefined &&
    reach !== "public" &&
    addressSpaceOf(page.host) === "public"
  )
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
