// Changes in words.

import type { PageRequest } from "../../browser/request.ts";
import { show, showAll } from "../bytes-shown.ts";
import type { Change, HeaderChange, RequestChange } from "./change.ts";

/** A request that no browser came to send, so that its answer is not known. */
export interface Unasked {
  readonly kind: "preflight" | "actual";
  readonly url: string;
  readonly method: string;
}
export type Assumed = readonly Unasked[];

export function sayServerChanges(
  changes: readonly Change[],
  page: PageRequest,
  assumed: Assumed,
): string {
  const status = changes.find((change) => change.kind === "status");
  const headers = changes.filter((change) => change.kind === "header");
  const home = ownUrl(page);
  const parts: string[] = [];
  for (const url of new Set(changes.map((change) => ("url" in change ? change.url : "")))) {
    const here = headers.filter((change) => change.url === url);
    const where = url === home ? "" : ` of ${url}`;
    const preflight = here.filter(({ on }) => on === "preflight");
    const actual = here.filter(({ on }) => on === "actual");
    if (status?.url === url)
      parts.push(
        `answer OPTIONS${where} with ${status.to}${preflight.length > 0 ? ` plus ${lines(preflight)}` : ""}`,
      );
    else if (preflight.length > 0)
      parts.push(`send ${lines(preflight)} with the answer to OPTIONS${where}`);
    if (actual.length > 0) parts.push(`send ${lines(actual)} with the answer${where}`);
  }

  const varies = headers.some(
    ({ name, to }) => name === "Access-Control-Allow-Origin" && to !== "*",
  );
  const vary = varies ? ", and `Vary: Origin` beside it" : "";
  // Two lines, or a list: one of the values may be the right one, so the other has to go.
  const once = headers.some(
    ({ name, from }) => name === "Access-Control-Allow-Origin" && isSeveral(from),
  )
    ? ", and no other Access-Control-Allow-Origin: let either the application or the proxy set it"
    : "";
  return `${parts.join("; ")}${vary}${once}${sayAssumed(assumed, home, allowing(headers))}`;
}

export function sayRequestChange(
  changes: readonly RequestChange[],
  page: PageRequest,
  assumed: Assumed,
): string {
  const [change] = changes;
  const provided = sayAssumed(assumed, ownUrl(page), "Access-Control-Allow-Origin");
  switch (change?.field) {
    case "credentials":
      return `if the API needs no cookies: \`credentials: "same-origin"\`${provided}`;
    case "method":
      return `write the method in upper case: ${show(change.to ?? "")}${provided}`;
    case "mode":
    case "redirect":
      return `\`${change.field}: "${change.to ?? ""}"\`${provided}`;
    default:
      return `leave ${showAll(changes.map(({ from }) => from))} out of the request${provided}`;
  }
}

/** Names the requests whose answers are not known yet: the change works if they allow the page too. */
function sayAssumed(assumed: Assumed, home: string, names: string): string {
  let text = "";
  for (const { kind, url, method } of assumed) {
    if (kind === "preflight" && url === home)
      text += "; then OPTIONS is asked, which must allow it";
    else if (url === home)
      text += `; the answer to ${method} needs ${names} too (no browser has asked for it yet)`;
    else if (kind === "actual")
      text += `; then ${show(url)} is asked, which must allow the origin as well`;
  }
  return text;
}

function isSeveral(value: string | null): boolean {
  return value !== null && value.includes(",");
}

function ownUrl({ url }: PageRequest): string {
  return URL.canParse(url) ? new URL(url).href.split("#", 1)[0]! : url;
}

function lines(changes: readonly HeaderChange[]): string {
  const shown = changes.map(({ name, to }) => `\`${name}: ${to}\``);
  return shown.length < 2
    ? shown.join("")
    : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)!}`;
}

/** The header names that the unseen answer has to carry like its preflight. */
function allowing(headers: readonly HeaderChange[]): string {
  const names = new Set(["Access-Control-Allow-Origin"]);
  if (headers.some(({ name }) => name === "Access-Control-Allow-Credentials"))
    names.add("Access-Control-Allow-Credentials");
  return [...names].join(" and ");
}
