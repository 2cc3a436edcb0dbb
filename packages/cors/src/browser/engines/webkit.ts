// WebKit, as measured in WebKitGTK 2.50.6. Each difference names its class in the measurement. The
// messages have the wording of its CrossOriginAccessControl.cpp.

import type { Engine } from "../engine.ts";
import { standard } from "./standard.ts";

const originWords =
  "Origin {checkedOrigin} is not allowed by Access-Control-Allow-Origin. Status code: {status}";

/** What an answer can be refused for: a redirect's own answer as well. */
const redirected = [
  ["acao-missing", originWords],
  ["acao-multiple", "Access-Control-Allow-Origin cannot contain more than one origin."],
  ["acao-mismatch", originWords],
  [
    "acao-wildcard-credentials",
    "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
  ],
  [
    "acac-not-true",
    'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".',
  ],
] as const;

/** WebKitGTK 2.50.6: the standard, with its measured differences. */
export const webkit: Engine = {
  ...standard,
  name: "webkit",
  version: "WebKitGTK 2.50.6",
  // measured: redirect or status, ACAO and ACAC, both lists parsed, method, header
  preflightChecks: [
    "redirect",
    "status",
    "cors-check",
    "methods-parse",
    "headers-parse",
    "method",
    "headers",
  ],
  // cap from its source; junk 5 s, negative never kept: measured
  maxAge: { cap: 600, plusSign: true, absent: 5, junk: 5, negative: 0, empty: 5 },
  // seen by npm run proof:browsers
  cookies: {
    ...standard.cookies,
    schemefulSameSite: false,
    localhostOwnsSubdomains: true,
    downgradedNavigationsAreForeign: true,
    refusesOwnSuffix: true,
    noneNeedsSecure: false,
    checksPrefixes: false, // libsoup's; Safari enforces them
    redirectsCount: false,
  },
  localNetworkAccess: false,
  quirks: {
    ...standard.quirks,
    wildcardCoversAuthorization: true, // 38 verdicts
    cacheWildcardCoversAuthorization: true, // its source: one check for both
    preflightAsksFor: "original", // 22 verdicts: refused where the next server does not list it
    preflightsOnceNeeded: true, // 21 on the wire
    cacheShape: "responses", // its source: one answer per (session, origin, URL)
    cacheClearedOnFailure: false, // 95 on the wire
    cacheKeepsRefusals: true, // seen by npm run proof:browsers
    cacheCredentialedWildcard: "without-credentials", // 1 verdict
    cacheForTaintedOrigins: false, // seen by npm run proof:browsers
    repeatedHeaders: "joined", // 41 verdicts: 128 bytes for the joined value, so that 1024 in all are never reached
    rangeLimit: "18446744073709551615", // 33 verdicts
    rangeLoose: true, // 6 verdicts
    headerBytes: "utf-8", // 58 times other readable headers
    acaoMultiple: "comma",
    acaoInvalid: false,
    userinfoAfterPreflight: true, // 1 on the wire
    // 14 verdicts; libsoup follows every status that it does not know to be something else
    redirectStatuses: [301, 302, 303, 307, 308, ...Array.from({ length: 91 }, (_, i) => 309 + i)],
    turnedGet: ["DELETE"], // 18 on the wire
    bodyHeadersReturn: true, // seen by npm run proof:browsers
    manualRefusedSchemes: ["ftp:"], // 1 verdict
    formPostNullOrigin: true, // seen by npm run proof:browsers
    keepsOriginOfTurnedGet: true, // 24 on the wire
    originIgnoresReferrerPolicy: "away-from-home", // seen by npm run proof:browsers
    errorNeedsLocation: true, // seen by npm run proof:browsers
    noCorsKeepsCredentials: true, // 4 times cookies
    sameOriginRedirectsCheckedAsInclude: true, // 3 verdicts
    badLocationBeforeCorsCheck: true, // 8 reasons
    emptyLocation: "refused", // seen by npm run proof:browsers
    namesOwnOriginIn: ["img", "script", "module", "style", "video"], // seen by npm run proof:browsers
    fontsWithoutCors: true, // seen by npm run proof:browsers
    redirectedBeaconsLoseCredentials: true, // seen by npm run proof:browsers
    socketsFollowRedirects: true, // seen by npm run proof:browsers
    corpLocalhost: "embeds-subdomains", // 5 verdicts
  },
  messages: {
    prefix: "",
    preflightPrefix: "",
    preflightReasons: [],
    reasons: {
      ...Object.fromEntries(redirected),
      "preflight-status": "Preflight response is not successful. Status code: {status}",
      "preflight-redirect": "Preflight response is not successful. Status code: {status}",
      "acam-unparsable": "Header Access-Control-Allow-Methods has an invalid value: {value}",
      "acah-unparsable": "Header Access-Control-Allow-Headers has an invalid value: {value}",
      "method-not-allowed": "Method {method} is not allowed by Access-Control-Allow-Methods.",
      "header-not-allowed":
        "Request header field {name} is not allowed by Access-Control-Allow-Headers.",
    },
    special: [
      // NetworkLoadChecker.cpp: what is wrong with a redirect's own answer is put into one sentence.
      ...redirected.map(([reason, words]) => ({
        reason,
        at: "actual" as const,
        redirect: true,
        lines: [
          `Cross-origin redirection to {destination} denied by Cross-Origin Resource Sharing policy: ${words}`,
        ],
      })),
      {
        reason: "redirect-credentials",
        lines: [
          "Cross-origin redirection to {destination} denied by Cross-Origin Resource Sharing policy: redirection URL {location} has credentials",
        ],
      },
      {
        reason: "redirect-mode",
        at: "actual",
        lines: ["Not allowed to follow a redirection while loading {url}"],
      },
      { reason: "redirect-count", lines: ["Load cannot follow more than 20 redirections"] },
      {
        reason: "corp-blocked",
        redirect: true,
        lines: [
          "Cross-origin redirection to {destination} denied by Cross-Origin Resource Sharing policy: Cancelled load to {url} because it violates the resource's Cross-Origin-Resource-Policy response header.",
        ],
      },
      {
        reason: "websocket-refused",
        lines: [
          "WebSocket connection to '{socket}' failed: The server did not accept the WebSocket handshake.",
        ],
      },
      {
        reason: "worker-cross-origin",
        hop: "later",
        lines: [
          "Unsafe attempt to load URL {destination} from origin {origin}. Domains, protocols and ports must match.",
          "Cannot load {destination} due to access control checks.",
        ],
      },
      {
        reason: "corp-blocked",
        lines: [
          "Cancelled load to {url} because it violates the resource's Cross-Origin-Resource-Policy response header.",
        ],
      },
    ],
    headerBytes: "isomorphic",
    keepsFragment: false,
    hints: { fetch: "", xhr: "" },
    credentialsHints: { fetch: "", xhr: "" },
    apis: { fetch: "Fetch API", xhr: "XMLHttpRequest", eventsource: "EventSource" },
    also: [
      { line: "{api} cannot load {url} due to access control checks.", about: "any" },
      // It names the element's own URL, whatever the redirects.
      {
        line: "Cannot load image {first} due to access control checks.",
        about: "any",
        initiator: "img",
      },
      { line: "Beacon API cannot load {url}. {said}", about: "any", initiator: "beacon" },
    ],
  },
};
