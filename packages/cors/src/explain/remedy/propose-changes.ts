// What to try against a block: on the server's side the answer that fails, on the page's side the
// request, where it can do without. Proposals only; try-changes.ts tells whether they help.

import { getHeader } from "../../standard/header-list.ts";
import { asciiLowercase, isToken } from "../../standard/token.ts";
import type { HeaderList } from "../../standard/message.ts";
import type { PageRequest } from "../../browser/request.ts";
import type { BlockDetail } from "../../browser/verdict.ts";
import type { Change, RequestChange } from "./change.ts";
import { spelledBy } from "./header-spelling.ts";

/** Changes of the answer that blocks; `seen` are its headers. Empty: the server should not change. */
export function proposeServerChanges(
  page: PageRequest,
  detail: BlockDetail,
  seen: HeaderList,
): readonly Change[] {
  const { at, url, origin, credentials } = detail;
  if (at === "request") return [];
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
      // Any page can make itself the origin `null`: allowing that is no remedy.
      if (origin !== "null") return [set("Access-Control-Allow-Origin", origin)];
      return credentials === "include" ? [] : [set("Access-Control-Allow-Origin", "*")];
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
      return [
        set("Access-Control-Allow-Methods", added(detail.allowed, [detail.method], credentials)),
      ];
    case "header-not-allowed":
      // A response header in the page's request: allowing it would cement the mistake.
      if (detail.names.some((name) => name.startsWith("access-control-"))) return [];
      return [
        set(
          "Access-Control-Allow-Headers",
          added(detail.allowed, spelledBy(page, detail.names), credentials),
        ),
      ];
    case "corp-blocked":
      return [set("Cross-Origin-Resource-Policy", "cross-origin")];
    default:
      return [];
  }
}

/** The list with these names added. With credentials `*` is a plain name, so it is left out. */
function added(
  allowed: readonly string[] | null,
  names: readonly string[],
  credentials: string,
): string {
  const kept = (allowed ?? []).filter((name) => name !== "*" || credentials !== "include");
  return [...kept, ...names].join(", ");
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

/** What the page can change by itself without losing what it wants. Empty: nothing. */
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
      return detail.names.some((name) => name === "content-type" || name === "authorization")
        ? []
        : detail.names.map((from) => ({ kind: "request", field: "headers", from, to: null }));
    default:
      return [];
  }
}
