// The page's request in a transcript, as far as its own lines and the command above them show it.

import { asciiLowercase, getHeader, parseOrigin, type Header } from "@corsway/cors/standard";
import type { PastedRequest } from "./pasted.ts";
import type { Transcript, TranscribedExchange } from "./transcript.ts";
import { toWire } from "./wire-text.ts";

/** What a transcript shows of the page that sent its request. */
export interface TranscribedPage {
  /** Absent where the text shows only responses. */
  readonly url?: string;
  /** Nothing in the text shows whether it was http or https: the URL has https. */
  readonly isSchemeGuessed: boolean;
  /** Absent where the request had no `Origin`, or one that is not an origin. */
  readonly origin?: string;
  /** The text shows the request, and it was sent without `Origin`. */
  readonly lacksOrigin: boolean;
  readonly method: string;
  /** Without those that curl or a browser adds. */
  readonly headers: readonly Header[];
  readonly hasCookies: boolean;
}

/** Total. */
export function pageOfTranscript({ exchanges, command }: Transcript): TranscribedPage {
  const asked = exchanges.find(({ method }) => method !== "OPTIONS") ?? exchanges[0]!;
  const preflight = exchanges.find((exchange) => exchange.method === "OPTIONS");
  const isCommand = asked.requestHeaders.length === 0 && command !== undefined;
  const sent = getHeader(asked.requestHeaders, "origin") ?? command?.origin ?? null;
  const named =
    command !== undefined && isSameBut(command.url, asked.url) ? command.url : undefined;
  const url = named ?? asked.url;
  const { method, headers } = isCommand ? typedIn(command) : pageIn(asked, preflight);
  return {
    ...(url === undefined ? {} : { url }),
    isSchemeGuessed: named === undefined && asked.isSchemeGuessed === true,
    ...(sent !== null && parseOrigin(sent) !== undefined ? { origin: sent } : {}),
    lacksOrigin: sent === null && asked.requestHeaders.length > 0,
    method,
    headers,
    hasCookies:
      getHeader(asked.requestHeaders, "cookie") !== null || command?.credentials === "include",
  };
}

/** A command holds text, where a head in the transcript holds what was on the wire. */
function typedIn({ method, headers }: PastedRequest): Pick<TranscribedPage, "method" | "headers"> {
  return { method, headers: headers.map(([name, value]): Header => [name, toWire(value)]) };
}

/** What the text leaves open about the page, for a person to read. */
export const transcriptNotes = {
  schemeGuessed: "the text does not show whether this was http or https: https is assumed",
  cookies: "the request had cookies, so `credentials: include` is assumed",
  withoutOrigin:
    "the request was sent without `Origin`: many servers send CORS headers only to one that has it; repeat it with -H 'Origin: …'",
} as const;

/** The URL of the command, where the text shows none or the same one with another scheme. */
function isSameBut(command: string, shown: string | undefined): boolean {
  if (shown === undefined) return true;
  const bare = (url: string): string => url.replace(/^https?:/, "").split("#", 1)[0]!;
  return URL.canParse(command) && bare(new URL(command).href) === bare(shown);
}

/** What curl and its like add by themselves, or a browser would not let the page set. */
const clientsOwn: ReadonlySet<string> = new Set([
  "host",
  "user-agent",
  "accept",
  "accept-encoding",
  "connection",
  "content-length",
  "origin",
  "referer",
  "cookie",
  "access-control-request-method",
  "access-control-request-headers",
]);

function pageIn(
  asked: TranscribedExchange,
  preflight: TranscribedExchange | undefined,
): Pick<TranscribedPage, "method" | "headers"> {
  const wanted =
    preflight === undefined
      ? null
      : getHeader(preflight.requestHeaders, "access-control-request-method");
  const names =
    preflight === undefined
      ? null
      : getHeader(preflight.requestHeaders, "access-control-request-headers");
  const own = asked.requestHeaders.filter(
    ([name]) => !clientsOwn.has(asciiLowercase(name)) && !/^sec-/i.test(name),
  );
  const known = new Set(own.map(([name]) => asciiLowercase(name)));
  // The preflight names what its values do not matter for; one that is safelisted would not be named.
  const named = (names ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !known.has(asciiLowercase(name)))
    .map((name): Header => [name, name === "content-type" ? "application/json" : "1"]);
  return {
    method: wanted ?? (asked.method === "OPTIONS" ? "GET" : (asked.method ?? "GET")),
    headers: [...own, ...named],
  };
}
