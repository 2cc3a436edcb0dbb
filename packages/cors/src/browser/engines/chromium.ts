// Chromium, as measured in version 156. Each difference names its class in the measurement. The
// messages have the wording of its console (cors_error_string.cc, 2026).

import type { Engine } from "../engine.ts";
import { standard } from "./standard.ts";

/** The list of this build: Chrome's own may have different `chrome-…` schemes. */
const schemes =
  "Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, https, isolated-app.";

/** Chromium 156: the standard, with its measured differences. */
export const chromium: Engine = {
  ...standard,
  name: "chromium",
  version: "156",
  // measured: redirect, ACAO and ACAC, status, both lists parsed, method, header
  preflightChecks: [
    "redirect",
    "cors-check",
    "status",
    "methods-parse",
    "headers-parse",
    "method",
    "headers",
  ],
  // cap from its source; junk 5 s, negative never kept: measured
  maxAge: { cap: 7200, plusSign: true, absent: 5, junk: 5, negative: 0, empty: 5 },
  // seen by npm run proof:browsers
  cookies: {
    ...standard.cookies,
    laxByDefault: true,
    secureOnLoopback: true,
    addressDomainIsHostOnly: true,
    hostPrefixByAttribute: true,
    redirectsCount: false,
    laxPostSeconds: 120,
  },
  localNetworkAccess: true,
  quirks: {
    ...standard.quirks,
    wildcardCoversAuthorization: true, // 41 verdicts; standard behaviour is behind a flag (whatwg/fetch#1919)
    cacheShape: "responses", // its source: one whole answer per (origin, URL, partition)
    cacheClearedOnFailure: false, // 77 on the wire
    cacheCredentialedWildcard: "for-none", // 1 verdict
    cacheForOpaqueOrigins: "for-one-request", // 42 on the wire: sandboxed pages preflight every time
    cacheForTaintedOrigins: false, // seen by npm run proof:browsers
    cacheBypassedByConditions: true, // seen by npm run proof:browsers
    repeatedHeaders: "joined", // 41 verdicts: 128 bytes for the joined value, so that 1024 in all are never reached
    // 52 verdicts
    safelistedHints: {
      "save-data": "on",
      "device-memory": "decimal",
      dpr: "decimal",
      width: "integer",
      "viewport-width": "integer",
      downlink: "decimal",
      ect: "connection",
      rtt: "integer",
      intervention: "any",
    },
    rangeLimit: "9223372036854775806", // 33 verdicts: one less than 64 bits hold
    // seen by npm run proof:browsers
    droppedByRedirect: [
      "device-memory",
      "dpr",
      "width",
      "viewport-width",
      "downlink",
      "ect",
      "rtt",
    ],
    spacesInHosts: true, // measured: `http://a b/` is an opaqueredirect in mode manual
    badLocationBeforeCorsCheck: true, // 4 reasons
    unsafeSchemesBeforeRedirectMode: ["about:", "blob:", "data:", "file:", "filesystem:"],
    manualNeedsUrl: true, // seen by npm run proof:browsers
    droppedNames: ["user-agent"], // 116 on the wire
    refusesEveryUserinfo: true, // 30 verdicts
    originIgnoresReferrerPolicy: "always", // seen by npm run proof:browsers
    errorNeedsLocation: true, // seen by npm run proof:browsers
    formPostNullOrigin: true, // seen by npm run proof:browsers
    noCorsPostNullOrigin: true, // 2 on the wire
    emptyLocation: "none", // seen by npm run proof:browsers
    equalLocationsAreOne: true, // seen by npm run proof:browsers
    userinfoBeforeRedirectMode: true, // seen by npm run proof:browsers
    locationBytesKept: true, // 3 verdicts
    namesOwnOriginIn: ["img", "script", "module", "style", "font"], // seen by npm run proof:browsers
    manifestsOmitCredentials: true, // seen by npm run proof:browsers
    uploadListenerNeedsBody: true, // seen by npm run proof:browsers
    corpLocalhost: "embedded-by-opaque", // seen by npm run proof:browsers
    corpPortsOfAddressCrossSite: true, // 8 verdicts
  },
  messages: {
    prefix:
      "Access to {api} at '{url}' {redirectedFrom}from origin '{origin}' has been blocked by CORS policy: ",
    preflightPrefix: "Response to preflight request doesn't pass access control check: ",
    preflightReasons: [
      "acao-missing",
      "acao-multiple",
      "acao-invalid",
      "acao-mismatch",
      "acao-wildcard-credentials",
      "acac-not-true",
      "preflight-status",
      "preflight-redirect",
    ],
    reasons: {
      "acao-missing":
        "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
      "acao-multiple":
        "The 'Access-Control-Allow-Origin' header contains multiple values '{value}', but only one is allowed.{hint}",
      "acao-invalid":
        "The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'.{hint}",
      "acao-mismatch":
        "The 'Access-Control-Allow-Origin' header has a value '{value}' that is not equal to the supplied origin.{hint}",
      "acao-wildcard-credentials":
        "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.{credentialsHint}",
      "acac-not-true":
        "The value of the 'Access-Control-Allow-Credentials' header in the response is '{value}' which must be 'true' when the request's credentials mode is 'include'.{credentialsHint}",
      "preflight-status": "It does not have HTTP ok status.",
      "preflight-redirect": "Redirect is not allowed for a preflight request.",
      "acam-unparsable":
        "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
      "acah-unparsable":
        "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
      "method-not-allowed":
        "Method {method} is not allowed by Access-Control-Allow-Methods in preflight response.",
      "header-not-allowed":
        "Request header field {name} is not allowed by Access-Control-Allow-Headers in preflight response.",
      "redirect-credentials":
        // The quotes stay empty: a URL with a password does not belong in the console.
        "Redirect location '' contains a username and password, which is disallowed for cross-origin requests.",
      "scheme-not-cors": schemes,
      "mode-same-origin": "Cross origin requests are not allowed by request mode.",
    },
    // measured (test/browser/messages.test.ts); a page is assumed to be at `/` of its origin
    special: [
      // No CORS is involved there, and its console has nothing but net::ERR_FAILED.
      { reason: "redirect-credentials", mode: "no-cors", lines: [] },
      { reason: "redirect-credentials", within: "origin", lines: [] },
      {
        reason: "mode-same-origin",
        hop: "first",
        lines: [
          'Fetch API cannot load {url}. Request mode is "same-origin" but the URL\'s origin is not same as the request origin {origin}.',
        ],
      },
      {
        reason: "mode-same-origin",
        hop: "later",
        lines: [
          "Unsafe attempt to load URL {url} from frame with URL {origin}/. Domains, protocols and ports must match.\n",
        ],
      },
      {
        reason: "redirect-mode",
        at: "request",
        lines: [
          'Fetch API cannot load {url}. Request mode is "no-cors" but the redirect mode is not "follow".',
        ],
      },
      {
        reason: "scheme-not-cors",
        at: "request",
        scheme: "file",
        lines: ["Not allowed to load local resource: {url}"],
      },
      {
        reason: "scheme-not-cors",
        at: "request",
        initiator: "fetch",
        lines: ['Fetch API cannot load {url}. URL scheme "{scheme}" is not supported.'],
      },
      {
        reason: "scheme-not-cors",
        at: "request",
        initiator: "xhr",
        scheme: "ftp",
        lines: ["FTP is not supported."],
      },
      {
        reason: "websocket-refused",
        lines: [
          "WebSocket connection to '{socket}' failed: Error during WebSocket handshake: Unexpected response code: {status}",
        ],
      },
      // net::ERR_UNSAFE_REDIRECT is all there is
      { reason: "scheme-not-cors", at: "actual", scheme: "about", lines: [] },
      { reason: "scheme-not-cors", at: "actual", scheme: "data", lines: [] },
      { reason: "scheme-not-cors", at: "actual", scheme: "file", lines: [] },
      {
        reason: "scheme-not-cors",
        at: "actual",
        lines: [
          `Access to {api} at '{target}' (redirected from '{first}') from origin '{origin}' has been blocked by CORS policy: ${schemes}`,
        ],
      },
    ],
    headerBytes: "escaped",
    keepsFragment: true,
    also: [],
    hints: { fetch: " Have the server send the header with a valid value.", xhr: "" },
    credentialsHints: {
      fetch: "",
      xhr: " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute.",
    },
    apis: {
      fetch: "fetch",
      xhr: "XMLHttpRequest",
      img: "image",
      script: "script",
      module: "script",
      style: "CSS stylesheet",
      font: "font",
      video: "video",
      eventsource: "resource",
      beacon: "resource",
      manifest: "manifest",
    },
  },
};
