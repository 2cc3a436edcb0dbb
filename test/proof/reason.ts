// Chromium's machine-readable word for a block (DevTools' protocol: Network.CorsError and the net
// error beside it), in our reason codes. A word that could mean several of them is left out.

const corsErrors: Readonly<Record<string, string>> = {
  MissingAllowOriginHeader: "actual acao-missing",
  MultipleAllowOriginValues: "actual acao-multiple",
  InvalidAllowOriginValue: "actual acao-invalid",
  AllowOriginMismatch: "actual acao-mismatch",
  WildcardOriginNotAllowed: "actual acao-wildcard-credentials",
  InvalidAllowCredentials: "actual acac-not-true",
  PreflightMissingAllowOriginHeader: "preflight acao-missing",
  PreflightMultipleAllowOriginValues: "preflight acao-multiple",
  PreflightInvalidAllowOriginValue: "preflight acao-invalid",
  PreflightAllowOriginMismatch: "preflight acao-mismatch",
  PreflightWildcardOriginNotAllowed: "preflight acao-wildcard-credentials",
  PreflightInvalidAllowCredentials: "preflight acac-not-true",
  PreflightInvalidStatus: "preflight preflight-status",
  PreflightDisallowedRedirect: "preflight preflight-redirect",
  InvalidAllowMethodsPreflightResponse: "preflight acam-unparsable",
  InvalidAllowHeadersPreflightResponse: "preflight acah-unparsable",
  MethodDisallowedByPreflightResponse: "preflight method-not-allowed",
  HeaderDisallowedByPreflightResponse: "preflight header-not-allowed",
  RedirectContainsCredentials: "actual redirect-credentials",
  DisallowedByMode: "request mode-same-origin",
  CorsDisabledScheme: "any scheme-not-cors",
  NoCorsRedirectModeNotFollow: "request redirect-mode",
  "net::ERR_TOO_MANY_REDIRECTS": "actual redirect-count",
  "corp-not-same-site": "actual corp-blocked",
  "corp-not-same-origin": "actual corp-blocked",
};

/** `PLACE REASON`, or undefined for a word that says less than our codes do. */
export function reasonOfChromium(word: string | undefined): string | undefined {
  return word === undefined ? undefined : corsErrors[word];
}
