// Whether a page can read one response header, and what exposes it: `--read NAME` as data and in words.

import { getHeader, hasHeader } from "../standard/header-list.ts";
import {
  isCorsSafelistedResponseHeaderName,
  isForbiddenResponseHeaderName,
} from "../standard/header-name.ts";
import { asciiLowercase } from "../standard/token.ts";
import { initiated, initiatorRules } from "../browser/initiators.ts";
import { show } from "./bytes-shown.ts";
import { misspeltHeader } from "./culprit/misspelt-header.ts";
import type { Explanation } from "./explain.ts";

/** What one response header is to the page. */
export interface HeaderReading {
  /** In lower case. */
  readonly name: string;
  readonly readable: boolean;
  /** With `expose-misspelt`: how the server wrote Access-Control-Expose-Headers. */
  readonly written?: string;
  readonly because:
    | "same-origin"
    | "safelisted"
    | "exposed"
    | "exposed-by-star"
    | "forbidden"
    | "not-exposed"
    | "expose-misspelt"
    | "star-with-credentials"
    | "absent"
    | "no-script-access"
    | "opaque"
    | "blocked";
}

/** What the response header `asked` (in any case) is to the page, by the leading verdict. */
export function headerReading({ request, verdict }: Explanation, asked: string): HeaderReading {
  const name = asciiLowercase(asked);
  const not = (because: HeaderReading["because"]): HeaderReading => ({
    name,
    readable: false,
    because,
  });
  if (isForbiddenResponseHeaderName(name)) return not("forbidden");
  if (verdict.outcome === "blocked") return not("blocked");
  if (verdict.outcome === "opaque") return not("opaque");
  const { initiator } = initiated(request);
  if (!initiatorRules(initiator).sets.includes("headers")) return not("no-script-access");
  const last = verdict.wire.at(-1)?.response;
  const headers = last === undefined || "kind" in last ? [] : last.headers;
  const exposed = getHeader(headers, "access-control-expose-headers");
  const hasStar = exposed?.split(",").some((one) => one.trim() === "*") === true;
  if (!hasHeader(headers, name)) return not("absent");
  const misspelt = misspeltHeader(headers, "Access-Control-Expose-Headers");
  if (!verdict.exposedHeaders.includes(name) && exposed === null && misspelt !== undefined)
    return { ...not("expose-misspelt"), written: misspelt.written };
  if (!verdict.exposedHeaders.includes(name))
    return not(hasStar ? "star-with-credentials" : "not-exposed");
  const because =
    verdict.response?.type === "basic"
      ? "same-origin"
      : isCorsSafelistedResponseHeaderName(name)
        ? "safelisted"
        : exposed?.split(",").some((one) => asciiLowercase(one.trim()) === name) === true
          ? "exposed"
          : "exposed-by-star";
  return { name, readable: true, because };
}

/** One line, without a full stop. */
export function sayHeaderReading({ name, because, written = "" }: HeaderReading): string {
  const shown = show(name);
  const add = `send \`Access-Control-Expose-Headers: ${name}\` with the response`;
  const says: Readonly<Record<HeaderReading["because"], string>> = {
    "same-origin": `the page can read ${shown}: the response is from the page's own origin`,
    safelisted: `the page can read ${shown}: it is one of the seven safelisted headers, which need not be listed`,
    exposed: `the page can read ${shown}: Access-Control-Expose-Headers lists it`,
    "exposed-by-star": `the page can read ${shown}: Access-Control-Expose-Headers is \`*\`, and the request has no credentials`,
    forbidden: `no page can read ${shown}; nothing exposes it`,
    "not-exposed": `the page cannot read ${shown}: Access-Control-Expose-Headers does not list it; ${add}`,
    "expose-misspelt": `the page cannot read ${shown}: the response has ${show(written)}, which is misspelt; write \`Access-Control-Expose-Headers\``,
    "star-with-credentials": `the page cannot read ${shown}: with credentials, \`*\` in Access-Control-Expose-Headers exposes nothing; ${add}`,
    absent: `the page cannot read ${shown}: the response does not have it`,
    "no-script-access": `the page cannot read ${shown}: this kind of request shows a page no headers; use \`fetch\``,
    opaque: `the page cannot read ${shown}: the response is opaque; only mode cors can read headers`,
    blocked: `the page cannot read ${shown}: the response is blocked`,
  };
  return says[because];
}
