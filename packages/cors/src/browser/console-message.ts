// What a browser's console prints about a blocked request, with the actual values filled in. The
// standard has no such messages, and engines print nothing for some reasons.

import { getHeader } from "../standard/header-list.ts";
import type { ConsoleMessages, Engine, SpecialMessage } from "./engine.ts";
import { wireUrl } from "./fetch-params.ts";
import { initiated } from "./initiators.ts";
import { isRedirectStatus } from "./location-url.ts";
import type { PageRequest } from "./request.ts";
import type { BlockDetail, Verdict } from "./verdict.ts";

/** The lines of the console; none if the engine prints nothing or the request was not blocked. */
export function consoleMessage(request: PageRequest, verdict: Verdict, engine: Engine): string[] {
  const { detail } = verdict;
  const { messages } = engine;
  if (detail === undefined) return [];
  const holes = holesOf(request, verdict, detail, engine);
  const special = messages.special.find((each) =>
    fits(each, request, detail, holes.scheme, engine),
  );
  const lines = special === undefined ? reasonLines(detail, engine) : [...special.lines];
  const [said = ""] = lines;
  if (lines.length > 0 && special?.alone !== true)
    for (const { line, about, initiator } of messages.also)
      if (
        (initiator === undefined || initiator === request.initiator) &&
        (about === "any" ||
          (about === "preflight" ? ofPreflight(detail) : ofRedirect(detail, engine)))
      )
        lines.push(line.replace("{said}", said));
  const known = holes.api === "" ? lines.filter((line) => !line.includes("{api}")) : lines;
  return known.map((template) => fill(template, holes));
}

function reasonLines(detail: BlockDetail, { messages }: Engine): string[] {
  const words = messages.reasons[detail.reason];
  if (words === undefined) return [];
  const named = ofPreflight(detail) && messages.preflightReasons.includes(detail.reason);
  return [`${messages.prefix}${named ? messages.preflightPrefix : ""}${words}`];
}

function fits(
  special: SpecialMessage,
  request: PageRequest,
  detail: BlockDetail,
  scheme: string,
  engine: Engine,
): boolean {
  const { reason, at, hop } = detail;
  const { initiator, mode } = initiated(request, engine);
  return (
    special.reason === reason &&
    (special.redirect ?? ofRedirect(detail, engine)) === ofRedirect(detail, engine) &&
    (special.mode ?? mode) === mode &&
    (special.within === undefined || isWithinOrigin(detail, request.origin)) &&
    (special.at ?? at) === at &&
    (special.hop ?? (hop > 0 ? "later" : "first")) === (hop > 0 ? "later" : "first") &&
    (special.initiator ?? initiator) === initiator &&
    (special.scheme ?? scheme) === scheme
  );
}

/** From the page's own origin to its own origin: nothing crosses one. */
function isWithinOrigin(detail: BlockDetail, origin: string): boolean {
  const { location = "" } = detail as { readonly location?: string };
  return (
    URL.canParse(location, detail.url) &&
    new URL(detail.url).origin === origin &&
    new URL(location, detail.url).origin === origin
  );
}

function ofPreflight({ at }: BlockDetail): boolean {
  return at === "preflight";
}

function ofRedirect(detail: BlockDetail, engine: Engine): boolean {
  return "status" in detail && isRedirectStatus(detail.status ?? 0, engine);
}

/** Every name that may be in braces in an engine's messages. */
export const holeNames = [
  "api",
  "checkedOrigin",
  "credentialsHint",
  "destination",
  "first",
  "hint",
  "location",
  "method",
  "name",
  "offending",
  "origin",
  "redirectedFrom",
  "scheme",
  "socket",
  "status",
  "target",
  "url",
  "value",
] as const;

type Holes = Readonly<Record<(typeof holeNames)[number], string>>;

function holesOf(
  request: PageRequest,
  verdict: Verdict,
  detail: BlockDetail,
  { messages }: Engine,
): Holes {
  const initiator = request.initiator ?? "fetch";
  const first = URL.canParse(request.url) ? new URL(request.url).href : request.url;
  const { location, method, name, offending, status, value } = textsOf(detail);
  const shown = (value: string): string => showBytes[messages.headerBytes](value);
  const scheme = "scheme" in detail ? detail.scheme : "";
  return {
    api: messages.apis[initiator] ?? "",
    checkedOrigin: detail.origin,
    credentialsHint: messages.credentialsHints[initiator === "xhr" ? "xhr" : "fetch"],
    destination: withoutUserinfo(targetOf(verdict, detail)),
    first,
    hint: initiator === "xhr" || initiator === "fetch" ? messages.hints[initiator] : "",
    location,
    method,
    name,
    offending: shown(offending),
    origin: request.origin,
    redirectedFrom: detail.hop > 0 ? `(redirected from '${first}') ` : "",
    scheme: scheme.replace(/:$/, ""),
    socket: first.replace(/^http/, "ws"),
    status,
    target: targetOf(verdict, detail),
    url:
      detail.hop > 0
        ? messages.keepsFragment
          ? withFragment(verdict, detail)
          : detail.url
        : first,
    value: shown(value),
  };
}

/** The values of a detail that messages name; empty if the reason has none. */
function textsOf(
  detail: BlockDetail,
): Pick<Holes, "location" | "method" | "name" | "offending" | "status" | "value"> {
  return {
    location: "location" in detail ? detail.location : "",
    method: "method" in detail ? detail.method : "",
    name: "name" in detail ? detail.name : "",
    offending: "offending" in detail ? detail.offending : "",
    status: "status" in detail ? String(detail.status ?? "") : "",
    value: "value" in detail ? (detail.value ?? "") : "",
  };
}

/** A redirect's target inherits the fragment of the URL before it (Fetch: location URL). */
function withFragment({ trace }: Verdict, { url }: BlockDetail): string {
  const led = trace.findLast(
    ({ anchor, step }) => anchor === "concept-http-redirect-fetch" && step === "18",
  );
  const target = String(led?.saw["Location"] ?? "");
  return target.split("#", 1)[0] === url ? target : url;
}

function withoutUserinfo(target: string): string {
  return URL.canParse(target) ? wireUrl(new URL(target)) : target;
}

/** Where the last response leads. */
function targetOf({ wire }: Verdict, detail: BlockDetail): string {
  const answer = wire.at(-1)?.response;
  if (answer === undefined || "kind" in answer) return "";
  const { url } = detail;
  // The last one may be a preflight's.
  const known = "location" in detail ? detail.location : null;
  const location = getHeader(answer.headers, "location") ?? known;
  return location !== null && URL.canParse(location, url) ? new URL(location, url).href : "";
}

const showBytes: Readonly<Record<ConsoleMessages["headerBytes"], (value: string) => string>> = {
  isomorphic: (value) => value,
  "utf-8": (value) =>
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      Uint8Array.from(value, (unit) => unit.charCodeAt(0)),
    ),
  escaped: (value) =>
    value.replace(
      /[^ -~]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
    ),
};

function fill(template: string, holes: Holes): string {
  return template.replace(/\{(\w+)\}/g, (hole, name: string) =>
    Object.hasOwn(holes, name) ? holes[name as keyof Holes] : hole,
  );
}
