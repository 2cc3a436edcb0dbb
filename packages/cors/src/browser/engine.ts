// A browser engine, as data: each of these values is read at one place in the standard's algorithms.
// `standard` is the reference. The other three differ from it in named ways, each with its source
// (measured: 12,000 generated exchanges in the engine, see docs/reference/browser-model.md).

import type { CookieRules } from "./cookie-rules.ts";
import type { Initiator, RequestMode } from "./request.ts";
import type { ReasonCode } from "./verdict.ts";

/** The standard, and the three engines that were measured. */
export type EngineName = "standard" | "chromium" | "firefox" | "webkit";

/** One check of a preflight response. Their order decides which reason is shown. */
export type PreflightCheck =
  | "redirect"
  | "cors-check"
  | "status"
  | "methods-parse"
  | "headers-parse"
  | "method"
  | "headers";

/**
 * How one engine runs the standard's algorithms: the order of its checks, its limits, its differences,
 * its messages.
 */
export interface Engine {
  readonly name: EngineName;
  /** The version that was measured. */
  readonly version: string;
  readonly preflightChecks: readonly PreflightCheck[];
  readonly maxAge: MaxAgeReading;
  readonly cookies: CookieRules;
  /** A public page needs the user's permission for the local network (Chromium since 142; Firefox rolls it out). */
  readonly localNetworkAccess: boolean;
  readonly quirks: Quirks;
  /** The console's line for each reason, with `{holes}`; null if the engine prints nothing. */
  readonly messages: ConsoleMessages;
}

/** For how many seconds a preflight response is cached. */
export interface MaxAgeReading {
  /** The maximum; undefined: no limit. */
  readonly cap?: number;
  readonly absent: number;
  /** Not delta-seconds: junk, signs, two headers. */
  readonly junk: number;
  /** Whether a plus sign before a number is ignored. */
  readonly plusSign: boolean;
  /** A number with a minus sign. */
  readonly negative: number;
  readonly empty: number;
}

/** `any`, a whole number, a number, `on`, or a kind of connection. */
export type HintValue = "any" | "integer" | "decimal" | "on" | "connection";

/** Where engines differ from the standard, or the standard leaves a choice. Each is read in one place. */
export interface Quirks {
  // CORS-preflight fetch
  /** `Access-Control-Allow-Headers: *` covers Authorization. */
  readonly wildcardCoversAuthorization: boolean;
  /** A preflight after a tainting redirect carries the page's origin, and is checked against it. */
  readonly preflightKeepsOrigin: boolean;
  /** Which headers a preflight after a redirect asks for: those still sent, or also those a redirect dropped. */
  readonly preflightAsksFor: "current" | "original";
  /** After a hop that needed a preflight, or if the first request's headers need one, every later hop is preflighted. */
  readonly preflightsOnceNeeded: boolean;

  // CORS-preflight cache
  /** One entry per name, as in the standard; or only the newest response, dropped when it does not cover a request. */
  readonly cacheShape: "entries" | "responses";
  readonly cacheClearedOnFailure: boolean;
  /** … also where a request that needed no preflight fails its CORS check. */
  readonly cacheClearedByEveryCorsCheck: boolean;
  /** … unless redirect mode error refused a redirect. */
  readonly cacheOutlivesRefusedRedirect: boolean;
  /** A response that parses is cached, even if it refuses the method or a header. */
  readonly cacheKeepsRefusals: boolean;
  /** `*` in the lists is stored and matches later (without credentials). */
  readonly cacheMatchesWildcard: boolean;
  /** A `*` that was stored covers Authorization later. */
  readonly cacheWildcardCoversAuthorization: boolean;
  /**
   * For which later requests a `*` in the response to a request with credentials is a wildcard: for
   * every request, for those without credentials, or for none.
   */
  readonly cacheCredentialedWildcard: "for-all" | "without-credentials" | "for-none";
  /** An entry made with credentials also serves requests without. */
  readonly cacheCredentialedServesBoth: boolean;
  readonly cacheExemptsHead: boolean;
  /** A preflight of an opaque page is cached; or only until its request ends, because its redirects may use it. */
  readonly cacheForOpaqueOrigins: "kept" | "for-one-request";
  /** A preflight whose Origin became `null` by a redirect is cached. */
  readonly cacheForTaintedOrigins: boolean;
  /** Requests with a header such as If-None-Match, which bypass the HTTP cache, bypass this one too. */
  readonly cacheBypassedByConditions: boolean;

  // request headers
  /** Access-Control-Request-Headers repeats a name as often as the page set it. */
  readonly asksPerLine: boolean;
  /** Names, lower case, of which only the last line is sent. */
  readonly lastLineOnly: readonly string[];
  /** In mode no-cors a second Content-Type line is dropped, even if both together are safelisted. */
  readonly noCorsOneContentType: boolean;
  /** Limits and grammars apply to repeated headers `each` separately or `joined`. */
  readonly repeatedHeaders: "each" | "joined";
  /** The maximum sum of safelisted values; undefined: none. */
  readonly safelistedSumLimit: number | undefined;
  /** Client hints that are safelisted, in lower case, and for which values. */
  readonly safelistedHints: Readonly<Record<string, HintValue>>;
  /** Bytes from 0x80 in Accept and Content-Type are unsafe. */
  readonly highBytesUnsafe: boolean;
  /** The greatest number in a safelisted Range, in decimal; undefined: none. */
  readonly rangeLimit: string | undefined;
  /** `bytes` in any case, and a plus before a number. */
  readonly rangeLoose: boolean;
  /** Names that are silently dropped in addition to the forbidden ones. */
  readonly droppedNames: readonly string[];

  // responses
  /** Empty lines are dropped before duplicates are joined. */
  readonly dropsEmptyLines: boolean;
  /** Header bytes from 0x80, sent and received: kept, or read as UTF-8, with U+FFFD for invalid ones. */
  readonly headerBytes: "kept" | "utf-8";
  /** The separator of several Content-Type lines as a page reads them. */
  readonly contentTypeJoin: ", " | ",";
  /**
   * What counts as several values of Access-Control-Allow-Origin. `lines` refuses two lines whatever
   * they contain, if both are spelled with the usual capitals; the others only give a separate reason for a value that matches no origin anyway.
   */
  readonly acaoMultiple: "space-or-comma" | "comma" | "lines";
  readonly acaoInvalid: boolean;
  /** A space (raw or `%20`) in a host does not make a URL invalid. */
  readonly spacesInHosts: boolean;

  // redirects
  /**
   * User info in a redirect's target is refused in every mode, even within the origin; not in a navigation,
   * for a worker's script, a beacon without CORS, or XMLHttpRequest.
   */
  readonly refusesEveryUserinfo: boolean;
  /** In a redirect away from the page's origin, it is refused only after the next URL's preflight. */
  readonly userinfoAfterPreflight: boolean;
  readonly redirectStatuses: readonly number[];
  /** Methods that every cross-origin redirect turns into GET, in addition to those of the standard. */
  readonly turnedGet: readonly string[];
  /** Each redirect starts from the page's own method and headers: what an earlier one dropped is restored. */
  readonly redirectsStartAnew: boolean;
  /** The headers of a dropped body are restored at the next hop, if that is CORS or the status is 307 or 308. */
  readonly bodyHeadersReturn: boolean;
  /** Names, in lower case, that a redirect drops unless it leads to the page's origin. */
  readonly droppedByRedirect: readonly string[];
  /** A method turned into GET keeps its Origin header although the tainting is not cors. */
  readonly keepsOriginOfTurnedGet: boolean;
  /** A Location that is not a URL is refused before the redirect's own answer is checked. */
  readonly badLocationBeforeCorsCheck: boolean;
  /** In redirect mode error, a Location with one of these schemes is the reason, not the mode. */
  readonly unsafeSchemesBeforeRedirectMode: readonly string[];
  /** In redirect mode manual, a Location that is not a URL is refused. */
  readonly manualNeedsUrl: boolean;
  /** In redirect mode manual, a Location with one of these schemes is refused. */
  readonly manualRefusedSchemes: readonly string[];
  /** In redirect mode error, a redirect without Location is an ordinary response. */
  readonly errorNeedsLocation: boolean;
  /** Whether a no-cors POST carries the page's origin whatever the referrer policy, or only after leaving that origin. */
  readonly originIgnoresReferrerPolicy: "never" | "away-from-home" | "always";
  /** A form's POST, redirected to another origin, sends `Origin: null`. */
  readonly formPostNullOrigin: boolean;
  /** A no-cors POST redirected away from the page's origin sends `Origin: null`. */
  readonly noCorsPostNullOrigin: boolean;
  /** `same-origin` credentials are still sent in no-cors after a redirect away from the page's origin. */
  readonly noCorsKeepsCredentials: boolean;
  /**
   * For a request with `same-origin` credentials that began at its page's own origin: responses of other
   * origins that redirect it are checked again as for `include`, after the next preflight.
   */
  readonly sameOriginRedirectsCheckedAsInclude: boolean;
  /** An empty Location leads to the same URL, counts as `none`, or is `refused` if it would be followed. */
  readonly emptyLocation: "same-url" | "none" | "refused";
  /** Several equal Location lines count as one. */
  readonly equalLocationsAreOne: boolean;
  /** User info in Location is refused before redirect mode error is checked. */
  readonly userinfoBeforeRedirectMode: boolean;
  /** A raw byte from 0x80 in Location becomes `%E9` instead of `%C3%A9`. */
  readonly locationBytesKept: boolean;

  // what starts a request (initiators.ts)
  /** What carries Origin in mode CORS to the page's own origin, too. */
  readonly namesOwnOriginIn: readonly Initiator[];
  /** Fonts are loaded without CORS, and used whatever the answer allows. */
  readonly fontsWithoutCors: boolean;
  /** A manifest is loaded without credentials, even from the page's own origin, unless `crossorigin` asks for them. */
  readonly manifestsOmitCredentials: boolean;
  /** A listener on `xhr.upload` forces a preflight only if there is a body. */
  readonly uploadListenerNeedsBody: boolean;
  /** Errors of a script are muted by its last URL: one that other origins redirected to the page's own is not. */
  readonly scriptsJudgedByLastUrl: boolean;
  /** A beacon in mode CORS carries no cookies after a redirect to another origin. */
  readonly redirectedBeaconsLoseCredentials: boolean;
  /** The handshake of a WebSocket follows redirects. */
  readonly socketsFollowRedirects: boolean;

  // Cross-Origin-Resource-Policy
  /** `same-site` between two ports of one IP address is refused. */
  readonly corpPortsOfAddressCrossSite: boolean;
  /** `same-site` lets a page of plain localhost embed x.localhost; or an opaque page embed plain localhost. */
  readonly corpLocalhost: "standard" | "embeds-subdomains" | "embedded-by-opaque";
}

/**
 * What the console prints, as templates: `{hole}` is replaced by a value (the names are those of
 * console-message.ts). The engine prints nothing for a reason that is missing here.
 */
export interface ConsoleMessages {
  /** Comes before the text of every reason. */
  readonly prefix: string;
  /** Comes between the two, if a preflight response failed one of `preflightReasons`. */
  readonly preflightPrefix: string;
  readonly preflightReasons: readonly ReasonCode[];
  readonly reasons: Readonly<Partial<Record<ReasonCode, string>>>;
  /** If more than the reason decides: the first that matches replaces all of the above. */
  readonly special: readonly SpecialMessage[];
  /** How the console shows header bytes beyond printable ASCII. */
  readonly headerBytes: "isomorphic" | "utf-8" | "escaped";
  /** `{url}` after a redirect has the fragment that the target inherits. */
  readonly keepsFragment: boolean;
  /** `{hint}`, by the API used. */
  readonly hints: { readonly fetch: string; readonly xhr: string };
  /** `{credentialsHint}`, by the API used. */
  readonly credentialsHints: { readonly fetch: string; readonly xhr: string };
  /** `{api}`, by what started the request; lines that name it are left out for those without a name. */
  readonly apis: { readonly fetch: string; readonly xhr: string } & Readonly<
    Partial<Record<Initiator, string>>
  >;
  /**
   * Separate lines after each message, or after each message about such a response; of one initiator, if it is
   * named. `{said}` is the message itself.
   */
  readonly also: readonly {
    readonly line: string;
    readonly about: "any" | "preflight" | "redirect";
    readonly initiator?: Initiator;
  }[];
}

/** Every condition that is present must hold. */
export interface SpecialMessage {
  readonly reason: ReasonCode;
  readonly at?: "request" | "preflight" | "actual";
  /** Before or after the first redirect. */
  readonly hop?: "first" | "later";
  readonly initiator?: Initiator;
  /** The scheme of the refused URL, without its colon. */
  readonly scheme?: string;
  /** Complete lines; none: the engine prints nothing. */
  readonly lines: readonly string[];
  /** Of a redirect's own answer, or of another. */
  readonly redirect?: boolean;
  /** In this mode. */
  readonly mode?: RequestMode;
  /** From the page's own origin to its own origin. */
  readonly within?: "origin";
  /** Nothing from `also` follows. */
  readonly alone?: true;
}
