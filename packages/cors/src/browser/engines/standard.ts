// The Fetch standard itself, at the commit of standard/snapshot.ts. The other engines are written as
// differences from this one.

import type { Engine } from "../engine.ts";
import { snapshot } from "../../standard/snapshot.ts";
import { safelistedSumLimit } from "../../standard/request-header.ts";

/** The Fetch standard itself: no differences, no limits, no console. */
export const standard: Engine = {
  name: "standard",
  version: `whatwg/fetch@${snapshot.commit}, ${snapshot.date}`,
  // step 7 is the CORS check and an ok status in one; a redirect is checked separately only to give it its
  // own reason
  preflightChecks: [
    "cors-check",
    "redirect",
    "status",
    "methods-parse",
    "headers-parse",
    "method",
    "headers",
  ],
  // "an imposed limit" is up to the user agent; the standard has none
  maxAge: { plusSign: false, absent: 5, junk: 5, negative: 5, empty: 5 },
  cookies: {
    laxByDefault: false,
    schemefulSameSite: true,
    localhostOwnsSubdomains: false,
    secureOnLoopback: false,
    refusesOwnSuffix: false,
    noneNeedsSecure: true,
    checksPrefixes: true,
    addressDomainIsHostOnly: false,
    hostPrefixByAttribute: false,
    partitionsThirdParty: false,
    redirectsCount: true,
    downgradedNavigationsAreForeign: false,
    laxPostSeconds: 0,
  },
  localNetworkAccess: false,
  quirks: {
    wildcardCoversAuthorization: false,
    preflightKeepsOrigin: false,
    preflightAsksFor: "current",
    preflightsOnceNeeded: false,

    cacheShape: "entries",
    cacheClearedOnFailure: true,
    cacheClearedByEveryCorsCheck: false,
    cacheOutlivesRefusedRedirect: false,
    cacheKeepsRefusals: false,
    cacheMatchesWildcard: true,
    cacheWildcardCoversAuthorization: false,
    // as 7.13 and 7.15 are written, which do not consider credentials
    cacheCredentialedWildcard: "for-all",
    cacheCredentialedServesBoth: true,
    cacheExemptsHead: true,
    cacheForOpaqueOrigins: "kept",
    cacheForTaintedOrigins: true,
    cacheBypassedByConditions: false,

    asksPerLine: false,
    lastLineOnly: [],
    noCorsOneContentType: false,
    repeatedHeaders: "each",
    safelistedSumLimit,
    safelistedHints: {},
    highBytesUnsafe: false,
    rangeLimit: undefined,
    rangeLoose: false,
    droppedNames: [],

    dropsEmptyLines: false,
    headerBytes: "kept",
    // the standard gives no reasons; these are the finest that any engine distinguishes
    contentTypeJoin: ", ",
    acaoMultiple: "space-or-comma",
    acaoInvalid: true,
    spacesInHosts: false,

    refusesEveryUserinfo: false,
    userinfoAfterPreflight: false,
    redirectStatuses: [301, 302, 303, 307, 308],
    turnedGet: [],
    redirectsStartAnew: false,
    bodyHeadersReturn: false,
    droppedByRedirect: [],
    badLocationBeforeCorsCheck: false,
    unsafeSchemesBeforeRedirectMode: [],
    manualNeedsUrl: false,
    manualRefusedSchemes: [],
    keepsOriginOfTurnedGet: false,
    errorNeedsLocation: false,
    originIgnoresReferrerPolicy: "never",
    formPostNullOrigin: false,
    noCorsPostNullOrigin: false,
    noCorsKeepsCredentials: false,
    sameOriginRedirectsCheckedAsInclude: false,
    emptyLocation: "same-url",
    equalLocationsAreOne: false,
    userinfoBeforeRedirectMode: false,
    locationBytesKept: false,

    namesOwnOriginIn: [],
    fontsWithoutCors: false,
    manifestsOmitCredentials: false,
    uploadListenerNeedsBody: false,
    scriptsJudgedByLastUrl: false,
    redirectedBeaconsLoseCredentials: false,
    socketsFollowRedirects: false,

    corpPortsOfAddressCrossSite: false,
    corpLocalhost: "standard",
  },
  messages: {
    prefix: "",
    preflightPrefix: "",
    preflightReasons: [],
    reasons: {},
    special: [],
    headerBytes: "isomorphic",
    keepsFragment: false,
    also: [],
    hints: { fetch: "", xhr: "" },
    credentialsHints: { fetch: "", xhr: "" },
    apis: { fetch: "fetch", xhr: "XMLHttpRequest" },
  },
};
