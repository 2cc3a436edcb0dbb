// Changes in words.

import type { PageRequest } from "../../browser/request.ts";
import { show, showAll } from "../bytes-shown.ts";
import type { Change, HeaderChange, RequestChange } from "./change.ts";
import type { Assumption, Loss } from "./remedy.ts";

export function sayServerChanges(
  changes: readonly Change[],
  page: PageRequest,
  assumptions: readonly Assumption[],
  losses: readonly Loss[],
): string {
  const status = changes.find((change) => change.kind === "status");
  const headers = changes.filter((change) => change.kind === "header");
  const home = ownUrl(page);
  const parts: string[] = [];
  for (const url of new Set(changes.map((change) => ("url" in change ? change.url : "")))) {
    const here = headers.filter((change) => change.url === url);
    const where = url === home ? "" : ` for ${url}`;
    const preflight = here.filter(({ on }) => on === "preflight");
    const actual = here.filter(({ on }) => on === "actual");
    if (status?.url === url)
      parts.push(
        `respond to OPTIONS${where} with ${status.to}${preflight.length > 0 ? ` plus ${lines(preflight)}` : ""}`,
      );
    else if (preflight.length > 0)
      parts.push(`send ${lines(preflight)} with the OPTIONS response${where}`);
    if (actual.length > 0) parts.push(`send ${lines(actual)} with the response${where}`);
  }

  const varies = headers.some(
    ({ name, to }) => name === "Access-Control-Allow-Origin" && to !== "*",
  );
  const vary = varies ? ", together with `Vary: Origin`" : "";
  // Two lines, or a list: one of the values may be the right one, so the other has to go.
  const once = headers.some(
    ({ name, from }) => name === "Access-Control-Allow-Origin" && isSeveral(from),
  )
    ? ", and no other Access-Control-Allow-Origin: set it in the application or in the proxy, not in both"
    : "";
  return `${parts.join("; ")}${vary}${once}${sayAssumptions(assumptions, home)}${losses.map(sayLoss).join("")}`;
}

export function sayRequestChange(
  changes: readonly RequestChange[],
  page: PageRequest,
  assumptions: readonly Assumption[],
): string {
  const [change] = changes;
  const provided = sayAssumptions(assumptions, ownUrl(page));
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

/** What must also be true for the change to work, as clauses that follow it. */
function sayAssumptions(assumptions: readonly Assumption[], home: string): string {
  return assumptions.map((assumption) => sayAssumption(assumption, home)).join("");
}

function sayAssumption(assumption: Assumption, home: string): string {
  switch (assumption.kind) {
    case "answer-not-seen": {
      const { on, url, method, needs } = assumption;
      if (needs.length === 0) return "";
      const names = listOf(needs);
      if (on === "preflight")
        return url === home
          ? `; the browser then sends OPTIONS, and the response to it needs ${names}`
          : `; the browser then sends OPTIONS to ${show(url)}, and the response to it needs ${names}`;
      return url === home
        ? `; the response to ${method} needs ${names} too (no browser has sent that request yet)`
        : `; the browser then requests ${show(url)}, whose response needs ${names} as well`;
    }
    case "public-answer":
      return ", if anyone may read the response";
    case "listed-origin":
      return "; only for origins that you list";
    case "trusted-network":
      return `; ${show(assumption.origin)} is not https: whoever is on the visitor's network can impersonate it and then act as the visitor`;
    case "origins-with-credentials":
      return `; ${sayWithCredentials(assumption.origins)}`;
    // Stands in the first words of its remedy.
    case "no-cookies-needed":
      return "";
  }
}

/** Who reads with a visitor's cookies once a policy is changed. */
export function sayWithCredentials(origins: "added" | "listed" | "any"): string {
  switch (origins) {
    case "added":
      return "this policy allows credentials, so the added origin may then read as the user who visits it";
    case "listed":
      return "the other origins of this policy may then read as their visitors too: if that is too much, give this one a policy of its own";
    case "any":
      return "every page on the web may then read as the user who visits it";
  }
}

function sayLoss(loss: Loss): string {
  if (loss.kind === "origin" && loss.origin === "null")
    return "; it removes access for `null`, an origin that any page can take";
  return loss.kind === "other-origins"
    ? "; as a fixed value it would remove access for all other origins: respond to those as before"
    : `; as a fixed value it would remove access for ${show(loss.origin)}: send each origin its own value`;
}

function isSeveral(value: string | null): boolean {
  return value !== null && value.includes(",");
}

function ownUrl({ url }: PageRequest): string {
  return URL.canParse(url) ? new URL(url).href.split("#", 1)[0]! : url;
}

function lines(changes: readonly HeaderChange[]): string {
  return listOf(changes.map(({ name, to }) => `\`${name}: ${to}\``));
}

function listOf(names: readonly string[]): string {
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}
