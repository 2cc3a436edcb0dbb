// What to try against a block: on the server's side, the response that fails; on the page's side, the request, if it can do
// without. These are only proposals; try-changes.ts finds out whether they help.

import { getHeader } from "../../standard/header-list.ts";
import { normalizeMethod } from "../../standard/method.ts";
import { originOfUrl, parseOrigin } from "../../standard/origin.ts";
import { asciiLowercase, isToken } from "../../standard/token.ts";
import type { HeaderList } from "../../standard/message.ts";
import type { PageRequest } from "../../browser/request.ts";
import { isSchemelesslySameSite } from "../../browser/same-site.ts";
import type { BlockDetail } from "../../browser/verdict.ts";
import { sdkHeader } from "../culprit/sdk-headers.ts";
import type { Change, RequestChange } from "./change.ts";
import { spelledBy } from "./header-spelling.ts";

/** Changes of the response that blocks; `seen` are its headers. Empty: the server should not change. */
export function proposeServerChanges(
  page: PageRequest,
  detail: BlockDetail,
  seen: HeaderList,
): readonly Change[] {
  const { at, url, origin, credentials } = detail;
  if (at === "request") return [];
  // Any page can make itself the origin `null`, so nothing that lets `null` act with a visitor's
  // cookies is a remedy (docs/decisions/005-null-origin.md).
  if (origin === "null" && credentials === "include") return [];
  const set = (name: string, to: string): Change => ({
    kind: "header",
    on: at,
    url,
    name,
    from: getHeader(seen, asciiLowercase(name)),
    to,
  });
  const status = (from: number): Change => ({
    kind: "status",
    on: "preflight",
    url,
    from,
    to: 204,
  });
  switch (detail.reason) {
    case "acao-missing":
    case "acao-multiple":
    case "acao-invalid":
    case "acao-mismatch":
    case "acao-wildcard-credentials":
      // Allowing `null` means allowing everyone, so the honest spelling is `*`.
      return [set("Access-Control-Allow-Origin", origin === "null" ? "*" : origin)];
    case "acac-not-true":
      return [set("Access-Control-Allow-Credentials", "true")];
    case "preflight-status":
    case "preflight-redirect":
      return [status(detail.status)];
    case "acam-unparsable":
      return [set("Access-Control-Allow-Methods", tokensOf(detail.value))];
    case "acah-unparsable":
      return [set("Access-Control-Allow-Headers", tokensOf(detail.value))];
    case "method-not-allowed":
      // A method named `*` would open the list to every other.
      if (detail.method === "*") return [];
      return [set("Access-Control-Allow-Methods", withMethod(detail.allowed, detail.method))];
    case "header-not-allowed":
      // A response header in the page's request: allowing it would cement the mistake. A header
      // named `*` would open the list to every other.
      if (detail.names.some((name) => name === "*" || name.startsWith("access-control-")))
        return [];
      return [
        set(
          "Access-Control-Allow-Headers",
          [...(detail.allowed ?? []), ...spelledBy(page, detail.names)].join(", "),
        ),
      ];
    case "corp-blocked":
      return [set("Cross-Origin-Resource-Policy", corpFor(detail))];
    default:
      return [];
  }
}

/**
 * The list with this method added. Browsers write six methods in upper case, so that `get, post, put`
 * matches none of them: those are corrected where they stand. Others are compared as written.
 */
function withMethod(allowed: readonly string[] | null, method: string): string {
  const methods = new Set((allowed ?? []).map(normalizeMethod));
  return [...methods.add(method)].join(", ");
}

/**
 * `same-site` if that is enough. An engine that draws the line differently (two ports of one address) refuses it, and then gets
 * the wider value.
 */
function corpFor({
  value,
  origin,
  url,
}: BlockDetail & { readonly reason: "corp-blocked" }): string {
  const page = parseOrigin(origin);
  const server = originOfUrl(new URL(url));
  const isSameSite =
    page?.kind === "tuple" &&
    server.kind === "tuple" &&
    isSchemelesslySameSite(page, server) &&
    (page.scheme === "https" || server.scheme !== "https");
  return isSameSite && value !== "same-site" ? "same-site" : "cross-origin";
}

/** The names in a list that does not parse: separated by spaces or semicolons, say, or in brackets. */
function tokensOf(value: string): string {
  const parted = value.includes(",")
    ? value.replace(/[\t ]*,[\t ]*/g, ",")
    : value.replace(/[\t ]+/g, ",");
  return parted
    .split(/[,;:"[\](){}/]+/)
    .map((element) => element.trim())
    .filter(isToken)
    .join(", ");
}

/** What the page can change without losing what it wants. Empty: nothing. */
export function proposeRequestChanges(
  page: PageRequest,
  detail: BlockDetail,
): readonly RequestChange[] {
  switch (detail.reason) {
    case "acao-wildcard-credentials":
    case "acac-not-true":
      return page.credentials === "include"
        ? [{ kind: "request", field: "credentials", from: "include", to: "same-origin" }]
        : [];
    case "redirect-mode":
      return detail.status === undefined
        ? []
        : [{ kind: "request", field: "redirect", from: detail.redirect, to: "follow" }];
    case "mode-same-origin":
      return [{ kind: "request", field: "mode", from: "same-origin", to: "cors" }];
    case "method-not-allowed": {
      const upper = detail.method.toUpperCase();
      return upper === detail.method || detail.allowed?.includes(upper) !== true
        ? []
        : [{ kind: "request", field: "method", from: detail.method, to: upper }];
    }
    case "header-not-allowed":
      // Without its Content-Type a body means something else, and without Authorization nobody is let in.
      return detail.names.some(
        (name) =>
          name === "content-type" ||
          name === "authorization" ||
          sdkHeader(name)?.needed !== undefined,
      )
        ? []
        : detail.names.map((from) => ({ kind: "request", field: "headers", from, to: null }));
    default:
      return [];
  }
}
