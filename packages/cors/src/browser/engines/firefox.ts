// Firefox, as measured in ESR 153.7. Each difference names its class in the measurement. The messages
// have the wording of its security.properties, with curly quotes.

import type { Engine } from "../engine.ts";
import { standard } from "./standard.ts";

const blocked =
  "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. ";
const failed = `${blocked}(Reason: CORS request did not succeed). Status code: (null).`;

/** Firefox ESR 153.7: the standard, with its measured differences. */
export const firefox: Engine = {
  ...standard,
  name: "firefox",
  version: "ESR 153.7",
  // measured: ACAO and ACAC, redirect, status, then each list parsed and used before the next
  preflightChecks: [
    "cors-check",
    "redirect",
    "status",
    "methods-parse",
    "method",
    "headers-parse",
    "headers",
  ],
  // cap from its source; anything but a plain number is not kept: measured (102 on the wire)
  maxAge: { cap: 86400, plusSign: false, absent: 5, junk: 0, negative: 0, empty: 5 },
  // seen by npm run proof:browsers
  cookies: {
    ...standard.cookies,
    schemefulSameSite: false,
    secureOnLoopback: true,
    addressDomainIsHostOnly: true,
    partitionsThirdParty: true,
  },
  localNetworkAccess: false,
  quirks: {
    ...standard.quirks,
    wildcardCoversAuthorization: true, // 35 verdicts; with a warning in the console
    preflightKeepsOrigin: true, // 69 verdicts
    preflightsOnceNeeded: true, // 9 and 11 on the wire
    cacheClearedByEveryCorsCheck: true, // measured: PUT, GET without Allow-Origin, PUT again
    cacheOutlivesRefusedRedirect: true, // seen by npm run proof:browsers
    cacheMatchesWildcard: false, // 103 on the wire: a wildcard policy preflights every time
    cacheCredentialedServesBoth: false, // 31 on the wire
    cacheExemptsHead: false, // 5 on the wire
    cacheBypassedByConditions: true, // seen by npm run proof:browsers
    asksPerLine: true, // seen by npm run proof:browsers
    lastLineOnly: ["authorization", "content-type"], // seen by npm run proof:browsers
    noCorsOneContentType: true, // seen by npm run proof:browsers
    safelistedSumLimit: undefined, // 19 verdicts: line by line, never summed
    highBytesUnsafe: true, // 10 verdicts
    rangeLimit: "18446744073709551615", // 31 verdicts
    dropsEmptyLines: true, // 59 verdicts: `*` and an empty line is `*`
    contentTypeJoin: ",", // seen by npm run proof:browsers
    badLocationBeforeCorsCheck: true, // 2 reasons
    acaoMultiple: "lines", // 112 of 112 pairs in the usual capitals, 0 of 94 others
    acaoInvalid: false,
    redirectsStartAnew: true, // 2 verdicts: the redirect's target receives Authorization
    equalLocationsAreOne: true, // seen by npm run proof:browsers
    locationBytesKept: true, // 3 verdicts
    scriptsJudgedByLastUrl: true, // seen by npm run proof:browsers
  },
  messages: {
    prefix: blocked,
    preflightPrefix: "",
    preflightReasons: [],
    reasons: {
      "acao-missing":
        "(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: {status}.",
      "acao-multiple": "(Reason: Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).",
      "acao-mismatch":
        "(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’).",
      "acac-not-true":
        "(Reason: expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’).",
      "preflight-status":
        "(Reason: CORS preflight response did not succeed). Status code: {status}.",
      "acam-unparsable":
        "(Reason: invalid token ‘{offending}’ in CORS header ‘Access-Control-Allow-Methods’).",
      "acah-unparsable":
        "(Reason: invalid token ‘{offending}’ in CORS header ‘Access-Control-Allow-Headers’).",
      "method-not-allowed":
        "(Reason: Did not find method in CORS header ‘Access-Control-Allow-Methods’).",
      "header-not-allowed":
        "(Reason: header ‘{name}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).",
      "scheme-not-cors": "(Reason: CORS request not http).",
      "network-error": "(Reason: CORS request did not succeed). Status code: (null).",
      "redirect-credentials": "(Reason: CORS request did not succeed). Status code: (null).",
      "redirect-location": "(Reason: CORS request did not succeed). Status code: (null).",
      "redirect-count": "(Reason: CORS request did not succeed). Status code: (null).",
    },
    // measured; a page is assumed to be at `/` of its origin
    special: [
      {
        // The only line with the URL in quotes.
        reason: "acao-wildcard-credentials",
        lines: [
          "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ‘{url}’. (Reason: Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).",
        ],
      },
      {
        reason: "preflight-redirect",
        lines: [
          `${blocked}(Reason: CORS request external redirect not allowed).`,
          `${blocked}(Reason: CORS preflight response did not succeed). Status code: {status}.`,
          failed,
        ],
        alone: true,
      },
      {
        reason: "scheme-not-cors",
        at: "request",
        scheme: "file",
        lines: ["Security Error: Content at {origin}/ may not load or link to {url}."],
      },
      { reason: "scheme-not-cors", at: "actual", scheme: "data", lines: [failed] },
      {
        reason: "scheme-not-cors",
        at: "actual",
        scheme: "file",
        lines: ["Security Error: Content at {url} may not load or link to {target}.", failed],
      },
      {
        reason: "scheme-not-cors",
        at: "actual",
        lines: [
          "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {target}. (Reason: CORS request not http).",
          failed,
        ],
      },
      {
        reason: "mode-same-origin",
        lines: ["Security Error: Content at {origin}/ may not load data from {url}."],
      },
      {
        reason: "corp-blocked",
        lines: [
          "The resource at “{url}” was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof). See https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#",
        ],
      },
    ],
    headerBytes: "utf-8",
    keepsFragment: false,
    // One for each request that fails because of the refused response.
    also: [
      { line: failed, about: "redirect" },
      { line: failed, about: "preflight" },
    ],
    hints: { fetch: "", xhr: "" },
    credentialsHints: { fetch: "", xhr: "" },
    apis: { fetch: "fetch", xhr: "XMLHttpRequest" },
  },
};
