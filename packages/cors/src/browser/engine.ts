// A browser engine, as data: the standard's algorithms read these values at one place each.
// `standard` is the truth, the other three depart from it in named ways, each with its source
// (measured: 12,000 generated exchanges in the engine, see docs/reference/browser-model.md).

import type { ReasonCode } from "./verdict.ts";

/** The standard, and the three engines that were measured. */
export type EngineName = "standard" | "chromium" | "firefox" | "webkit";

/** One check of a preflight's answer. Their order decides which reason is shown. */
export type PreflightCheck =
  | "redirect"
  | "cors-check"
  | "status"
  | "methods-parse"
  | "headers-parse"
  | "method"
  | "headers";

/**
 * How one engine runs the standard's algorithms: the order of its checks, its caps, its
 * departures, its words.
 */
export interface Engine {
  readonly name: EngineName;
  /** What was measured. */
  readonly version: string;
  readonly preflightChecks: readonly PreflightCheck[];
  readonly maxAge: MaxAgeReading;
  readonly quirks: Quirks;
  /** The console's line per reason, with `{holes}`; null where the engine is silent. */
  readonly messages: ConsoleMessages;
}

/** Seconds that a preflight is kept. */
export interface MaxAgeReading {
  /** The longest; undefined: no limit. */
  readonly cap?: number;
  readonly absent: number;
  /** Not delta-seconds: junk, signs, two headers. */
  readonly junk: number;
  /** A plus sign before a number is read over. */
  readonly plusSign: boolean;
  /** A number with a minus sign. */
  readonly negative: number;
  readonly empty: number;
}

/** `any`, a whole number, a number, `on`, or a kind of connection. */
export type HintValue = "any" | "integer" | "decimal" | "on" | "connection";

/** Where engines depart from the standard, or the standard leaves a choice. Each is read in one place. */
export interface Quirks {
  // CORS-preflight fetch
  /** `Access-Control-Allow-Headers: *` covers Authorization. */
  readonly wildcardCoversAuthorization: boolean;
  /** A preflight after a tainting redirect carries the page's origin, and is checked against it. */
  readonly preflightKeepsOrigin: boolean;
  /** Headers that a preflight after a redirect asks for: those that are still sent, or also those a redirect dropped. */
  readonly preflightAsksFor: "current" | "original";
  /** After a hop that needed a preflight, or where the first request's headers do, every later hop is preflighted. */
  readonly preflightsOnceNeeded: boolean;

  // CORS-preflight cache
  /** One entry per name, as the standard; or the newest answer alone, dropped when it does not cover a request. */
  readonly cacheShape: "entries" | "responses";
  readonly cacheClearedOnFailure: boolean;
  /** … except where redirect mode error refused a redirect. */
  readonly cacheOutlivesRefusedRedirect: boolean;
  /** An answer that parses is kept, even where it refuses the method or a header. */
  readonly cacheKeepsRefusals: boolean;
  /** `*` in the lists is stored and matches later (without credentials). */
  readonly cacheMatchesWildcard: boolean;
  /** A `*` that was stored covers Authorization later. */
  readonly cacheWildcardCoversAuthorization: boolean;
  /**
   * A `*` in the answer to a request with credentials is a wildcard later: for every request; for
   * those without; for none.
   */
  readonly cacheCredentialedWildcard: "for-all" | "without-credentials" | "for-none";
  /** An entry made with credentials also serves requests without. */
  readonly cacheCredentialedServesBoth: boolean;
  readonly cacheExemptsHead: boolean;
  /** A preflight of an opaque page is kept; or until its request ends, as its redirects may use it. */
  readonly cacheForOpaqueOrigins: "kept" | "for-one-request";
  /** A preflight whose Origin a redirect has turned into `null` is kept. */
  readonly cacheForTaintedOrigins: boolean;
  /** Requests with a header such as If-None-Match, which bypass the HTTP cache, bypass this one too. */
  readonly cacheBypassedByConditions: boolean;

  // request headers
  /** Access-Control-Request-Headers has a name as often as the page sets it, and not once. */
  readonly asksPerLine: boolean;
  /** Names, lower case, of which only the last line is sent. */
  readonly lastLineOnly: readonly string[];
  /** In mode no-cors a second Content-Type line is dropped, also where both together are safelisted. */
  readonly noCorsOneContentType: boolean;
  /** Limits and grammars are applied to repeated headers `each` by itself or `joined`. */
  readonly repeatedHeaders: "each" | "joined";
  /** Longest sum of safelisted values; undefined: none. */
  readonly safelistedSumLimit: number | undefined;
  /** Client hints that are safelisted, lower case, and for which values. */
  readonly safelistedHints: Readonly<Record<string, HintValue>>;
  /** Bytes from 0x80 in Accept and Content-Type are unsafe. */
  readonly highBytesUnsafe: boolean;
  /** The greatest number of a Range that is safelisted, in decimal; undefined: none. */
  readonly rangeLimit: string | undefined;
  /** `bytes` in any case, and a plus before a number. */
  readonly rangeLoose: boolean;
  /** Names silently dropped beside the forbidden ones. */
  readonly droppedNames: readonly string[];

  // responses
  /** Empty lines are dropped before duplicates are joined. */
  readonly dropsEmptyLines: boolean;
  /** Header bytes from 0x80, sent and received: kept, or read as UTF-8, invalid ones becoming U+FFFD. */
  readonly headerBytes: "kept" | "utf-8";
  /** What separates several Content-Type lines when a page reads them. */
  readonly contentTypeJoin: ", " | ",";
  /**
   * What counts as several values of Access-Control-Allow-Origin. `lines` refuses two lines whatever
   * they hold; the others only give a reason of its own to a value that matches no origin anyway.
   */
  readonly acaoMultiple: "space-or-comma" | "comma" | "lines";
  readonly acaoInvalid: boolean;

  // redirects
  /** User info in a redirect's target is refused in every mode, also within the origin. */
  readonly refusesEveryUserinfo: boolean;
  /** In a redirect away from the page's origin it is refused only after the next URL's preflight. */
  readonly userinfoAfterPreflight: boolean;
  readonly redirectStatuses: readonly number[];
  /** Methods that every cross-origin redirect turns into GET, beside those of the standard. */
  readonly turnedGet: readonly string[];
  /** Each redirect starts from the page's own method and headers: what an earlier one dropped is back. */
  readonly redirectsStartAnew: boolean;
  /** Headers of a body that was dropped are back at the next hop, if that is CORS or the status 307 or 308. */
  readonly bodyHeadersReturn: boolean;
  /** Names, lower case, that a redirect drops unless it leads to the page's origin. */
  readonly droppedByRedirect: readonly string[];
  /** A method turned into GET keeps its Origin header though the tainting is not cors. */
  readonly keepsOriginOfTurnedGet: boolean;
  /** In redirect mode manual a Location that is no URL is refused. */
  readonly manualNeedsUrl: boolean;
  /** In redirect mode manual a Location of these schemes is refused. */
  readonly manualRefusedSchemes: readonly string[];
  /** In redirect mode error a redirect without Location is an ordinary response. */
  readonly errorNeedsLocation: boolean;
  /** Whatever the referrer policy, a no-cors POST carries the page's origin; or does so once redirected away from it. */
  readonly originIgnoresReferrerPolicy: "never" | "away-from-home" | "always";
  /** A no-cors POST redirected away from the page's origin sends `Origin: null`. */
  readonly noCorsPostNullOrigin: boolean;
  /** `same-origin` credentials still go out in no-cors after a redirect away from the page's origin. */
  readonly noCorsKeepsCredentials: boolean;
  /**
   * A request with `same-origin` credentials that began at its page's own origin: answers of other
   * origins that redirect it are checked again as for `include`, after the next preflight.
   */
  readonly sameOriginRedirectsCheckedAsInclude: boolean;
  /** An empty Location leads to the same URL; or counts as `none`; or is `refused` where it would be followed. */
  readonly emptyLocation: "same-url" | "none" | "refused";
  /** Several equal Location lines count as one. */
  readonly equalLocationsAreOne: boolean;
  /** User info in Location is refused before redirect mode error is checked. */
  readonly userinfoBeforeRedirectMode: boolean;
  /** A raw byte from 0x80 in Location becomes `%E9` instead of `%C3%A9`. */
  readonly locationBytesKept: boolean;

  // Cross-Origin-Resource-Policy
  /** `same-site` between two ports of one IP address is refused. */
  readonly corpPortsOfAddressCrossSite: boolean;
  /** `same-site` lets a page of bare localhost embed x.localhost; or an opaque page embed bare localhost. */
  readonly corpLocalhost: "standard" | "embeds-subdomains" | "embedded-by-opaque";
}

/**
 * What the console says, as templates: `{hole}` stands for a value (the names are those of
 * console-message.ts). A reason that is missing here is one the engine is silent about.
 */
export interface ConsoleMessages {
  /** Before every reason's words. */
  readonly prefix: string;
  /** Between the two, where a preflight's answer failed one of `preflightReasons`. */
  readonly preflightPrefix: string;
  readonly preflightReasons: readonly ReasonCode[];
  readonly reasons: Readonly<Partial<Record<ReasonCode, string>>>;
  /** Where more than the reason decides; the first that fits stands for all of the above. */
  readonly special: readonly SpecialMessage[];
  /** How a console shows bytes of a header beyond printable ASCII. */
  readonly headerBytes: "isomorphic" | "utf-8" | "escaped";
  /** `{hint}`, by who asked. */
  readonly hints: { readonly fetch: string; readonly xhr: string };
  /** `{credentialsHint}`, by who asked. */
  readonly credentialsHints: { readonly fetch: string; readonly xhr: string };
  /** `{api}`, by who asked. */
  readonly apis: { readonly fetch: string; readonly xhr: string };
  /** Lines of their own after each message, or after each about such an answer. */
  readonly also: readonly {
    readonly line: string;
    readonly about: "any" | "preflight" | "redirect";
  }[];
}

/** Every condition that is there has to hold. */
export interface SpecialMessage {
  readonly reason: ReasonCode;
  readonly at?: "request" | "preflight" | "actual";
  /** Before or after the first redirect. */
  readonly hop?: "first" | "later";
  readonly initiator?: "fetch" | "xhr";
  /** Of the URL that is refused, without its colon. */
  readonly scheme?: string;
  /** Whole lines; none: silent. */
  readonly lines: readonly string[];
  /** Nothing of `also` follows. */
  readonly alone?: true;
}
