// Changes in words.

import type { PageRequest } from "../browser/request.ts";
import { show, showAll } from "./bytes-shown.ts";
import type { Change, HeaderChange, RequestChange } from "./change.ts";

/** `assumed`: the answer to the request itself was never seen. */
export function sayServerChanges(
  changes: readonly Change[],
  page: PageRequest,
  assumed: boolean,
): string {
  const status = changes.find((change) => change.kind === "status");
  const headers = changes.filter((change) => change.kind === "header");
  const method = page.method ?? "GET";
  const parts: string[] = [];
  for (const url of new Set(changes.map((change) => ("url" in change ? change.url : "")))) {
    const here = headers.filter((change) => change.url === url);
    const where = url === page.url.split("#", 1)[0] ? "" : ` of ${url}`;
    const preflight = here.filter(({ on }) => on === "preflight");
    const actual = here.filter(({ on }) => on === "actual");
    if (status?.url === url)
      parts.push(
        `answer OPTIONS${where} with ${status.to}${preflight.length > 0 ? ` and ${lines(preflight)}` : ""}`,
      );
    else if (preflight.length > 0)
      parts.push(`send ${lines(preflight)} with the answer to OPTIONS${where}`);
    if (actual.length > 0) parts.push(`send ${lines(actual)} with the answer${where}`);
  }
  if (assumed) parts.push(`send the same ${allowing(headers)} with the answer to ${method}`);
  const varies = headers.some(
    ({ name, to }) => name === "Access-Control-Allow-Origin" && to !== "*",
  );
  return (
    parts.join("; ") + (varies ? " (and `Vary: Origin`, if other origins get other answers)" : "")
  );
}

export function sayRequestChange(changes: readonly RequestChange[], assumed: boolean): string {
  const [change] = changes;
  const provided = assumed ? "; the server must then still name the origin on its answer" : "";
  if (change?.field === "credentials")
    return `if the API needs no cookies: \`credentials: "same-origin"\`${provided}`;
  if (change?.field === "method")
    return `write the method in upper case: ${show(change.to ?? "")}${provided}`;
  return `leave ${showAll(changes.map(({ from }) => from))} out of the request${provided}`;
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
