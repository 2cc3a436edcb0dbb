// What a browser's console says of a blocked request, with the actual values filled in. The
// standard has no such lines, and engines are silent on some reasons.

import type { Engine } from "./engine.ts";
import type { PageRequest } from "./request.ts";
import type { BlockDetail, Verdict } from "./verdict.ts";

/** The console's lines; none where the engine is silent or the request was not blocked. */
export function consoleMessage(request: PageRequest, verdict: Verdict, engine: Engine): string[] {
  const { detail } = verdict;
  const { messages } = engine;
  if (detail === undefined) return [];
  const words = messages.reasons[detail.reason];
  if (words === undefined) return [];
  if (detail.hop > 0 && messages.silentAfterRedirect.includes(detail.reason)) return [];
  const ofPreflight =
    detail.at === "preflight" && messages.preflightReasons.includes(detail.reason);
  const holes = holesOf(request, detail, engine);
  const line = `${messages.prefix}${ofPreflight ? messages.preflightPrefix : ""}${words}`;
  const lines = messages.also === undefined ? [line] : [line, messages.also];
  return lines.map((template) => fill(template, holes));
}

/** Every name that may stand in braces in an engine's messages. */
export const holeNames = [
  "api",
  "checkedOrigin",
  "credentialsHint",
  "hint",
  "location",
  "method",
  "name",
  "offending",
  "origin",
  "redirectedFrom",
  "status",
  "url",
  "value",
] as const;

type Holes = Readonly<Record<(typeof holeNames)[number], string>>;

function holesOf(request: PageRequest, detail: BlockDetail, { messages }: Engine): Holes {
  const initiator = request.initiator ?? "fetch";
  const first = URL.canParse(request.url) ? new URL(request.url).href : request.url;
  const text = (key: "location" | "method" | "name" | "offending" | "status" | "value"): string => {
    const values: Readonly<Partial<Record<string, unknown>>> = { ...detail };
    const value = values[key];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  return {
    api: messages.apis[initiator],
    checkedOrigin: detail.origin,
    credentialsHint: messages.credentialsHints[initiator],
    hint: messages.hints[initiator],
    location: text("location"),
    method: text("method"),
    name: text("name"),
    offending: text("offending"),
    origin: request.origin,
    redirectedFrom: detail.hop > 0 ? `(redirected from '${first}') ` : "",
    status: text("status"),
    url: detail.hop > 0 ? detail.url : first,
    value: text("value"),
  };
}

function fill(template: string, holes: Holes): string {
  return template.replace(/\{(\w+)\}/g, (hole, name: string) =>
    Object.hasOwn(holes, name) ? holes[name as keyof Holes] : hole,
  );
}
