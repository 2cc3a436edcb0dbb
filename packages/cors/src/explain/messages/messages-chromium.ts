// Chromium's wordings (Chrome, Edge, Opera…), the current ones and those of older versions. The
// more specific stands first: several begin alike.

import type { Wording, Wrapper } from "./wording.ts";

export const chromiumWrappers: readonly Wrapper[] = [
  {
    pattern:
      /Access to ([\w -]{1,40}?) at '([^ ]*)' (?:\(redirected from '([^ ]*)'\) )?from origin '([^ ]*)' has been blocked by CORS policy/,
    holes: ["api", "url", "initialUrl", "origin"],
  },
  {
    pattern: /Redirect from '([^ ]*)' to '([^ ]*)' has been blocked by CORS policy/,
    holes: ["initialUrl", "url"],
  },
  { pattern: /(XMLHttpRequest|Fetch API) cannot load ([^ ]+?)\.? /, holes: ["api", "url"] },
  { pattern: /Failed to load ([a-z]+:\/\/[^ ]+): /, holes: ["url"] },
  { pattern: /\b[A-Z]+ ([a-z]+:\/\/[^ ]+) net::ERR_/, holes: ["url"] },
  { pattern: /Origin '([^']*)' is therefore not allowed access/, holes: ["origin"] },
  { pattern: /The response had HTTP status code (\d{3})/, holes: ["status"] },
  {
    pattern: /Response to preflight request doesn't pass access control check/,
    holes: [],
    at: "preflight",
  },
];

export const chromiumMessages: readonly Wording[] = [
  {
    reason: "acao-missing",
    pattern: /No 'Access-Control-Allow-Origin' header is present on the requested resource/,
  },
  {
    reason: "acao-wildcard-credentials",
    pattern:
      /value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '\*'/,
    fixed: { value: "*" },
  },
  {
    reason: "acao-wildcard-credentials",
    pattern:
      /A wildcard '\*' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag is true/,
    fixed: { value: "*" },
  },
  {
    reason: "acao-multiple",
    pattern:
      /'Access-Control-Allow-Origin' header contains multiple values '(.{0,4000}?)', but only one/,
    holes: ["value"],
  },
  {
    reason: "acao-invalid",
    pattern:
      /'Access-Control-Allow-Origin' header contains the invalid value '(.{0,4000}?)'(?:[. ]|$)/,
    holes: ["value"],
  },
  {
    reason: "acao-mismatch",
    pattern:
      /'Access-Control-Allow-Origin' header has a value '(.{0,4000}?)' that is not equal to the supplied origin/,
    holes: ["value"],
  },
  {
    reason: "acac-not-true",
    pattern:
      /value of the 'Access-Control-Allow-Credentials' header in the response is '(.{0,4000}?)' which must be 'true'/,
    holes: ["value"],
  },
  {
    reason: "acac-not-true",
    pattern:
      /Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is '([^']*)'/,
    holes: ["value"],
  },
  { reason: "preflight-status", pattern: /It does not have HTTP ok status/, at: "preflight" },
  {
    reason: "preflight-status",
    pattern: /Response for preflight has invalid HTTP status code (\d{3})/,
    holes: ["status"],
    at: "preflight",
  },
  {
    reason: "preflight-status",
    pattern: /cannot load [^ ]+ Invalid HTTP status code (\d{3})/,
    holes: ["status"],
    at: "preflight",
  },
  {
    reason: "preflight-redirect",
    pattern: /Redirect is not allowed for a preflight request/,
    at: "preflight",
  },
  {
    reason: "preflight-redirect",
    pattern: /Response for preflight is invalid \(redirect\)/,
    at: "preflight",
  },
  {
    reason: "preflight-redirect",
    pattern:
      /The request was redirected to '([^']*)', which is disallowed for cross-origin requests that require preflight/,
    holes: ["location"],
    at: "preflight",
  },
  {
    reason: "preflight-redirect",
    pattern: /Request requires preflight, which is disallowed to follow cross-origin redirect/,
    at: "preflight",
  },
  {
    reason: "acam-unparsable",
    pattern: /Cannot parse Access-Control-Allow-Methods response header field/,
    at: "preflight",
  },
  {
    reason: "acah-unparsable",
    pattern: /Cannot parse Access-Control-Allow-Headers response header field/,
    at: "preflight",
  },
  {
    reason: "method-not-allowed",
    pattern: /Method ([^ ]+) is not allowed by Access-Control-Allow-Methods in preflight response/,
    holes: ["method"],
    at: "preflight",
  },
  {
    reason: "header-not-allowed",
    pattern:
      /Request header field ([^ ]+) is not allowed by Access-Control-Allow-Headers in preflight response/,
    holes: ["name"],
    at: "preflight",
  },
  {
    reason: "redirect-credentials",
    pattern: /Redirect location '([^']+)?' contains a username and password/,
    holes: ["location"],
  },
  {
    reason: "redirect-credentials",
    pattern: /The request was redirected to a URL \('([^']*)'\) which contains a userinfo/,
    holes: ["location"],
  },
  {
    reason: "scheme-not-cors",
    pattern: /Cross origin requests are only supported for (?:protocol schemes: |HTTP)/,
  },
  {
    reason: "scheme-not-cors",
    pattern: /cannot load [^ ]+ URL scheme "([^" ]{1,40})" is not supported/,
    holes: ["scheme"],
  },
  {
    reason: "scheme-not-cors",
    pattern: /URL scheme must be "http" or "https" for CORS request/,
  },
  {
    reason: "scheme-not-cors",
    pattern: /\bFTP is not supported/,
    fixed: { scheme: "ftp" },
  },
  {
    reason: "scheme-not-cors",
    pattern: /Not allowed to load local resource: (file:[^ ]*)/,
    holes: ["url"],
    fixed: { scheme: "file" },
  },
  {
    // All there is of a redirect to `data:` or `file:`.
    reason: "redirect-location",
    pattern: /net::ERR_(?:UNSAFE|INVALID)_REDIRECT/,
  },
  { reason: "redirect-count", pattern: /net::ERR_TOO_MANY_REDIRECTS/ },
  {
    reason: "mode-same-origin",
    pattern:
      /Request mode is "same-origin" but the URL's origin is not same as the request origin ([^ ]+?)\.?(?: |$)/,
    holes: ["origin"],
  },
  {
    reason: "mode-same-origin",
    pattern: /Cross origin requests are not allowed by request mode/,
  },
  {
    reason: "mode-same-origin",
    pattern: /Unsafe attempt to load URL ([^ ]+) from frame with URL/,
    holes: ["url"],
  },
  {
    reason: "redirect-mode",
    pattern:
      /Redirect mode.{0,40}must be 'follow'|no-cors.{0,60}redirect mode|redirect mode.{0,60}no-cors/i,
    fixed: {},
  },
  {
    reason: "local-network-access",
    pattern: /Permission was denied for this request to access the [`']?(\w+)[`']? address space/,
  },
  {
    reason: "local-network-access",
    pattern:
      /The request client is not a secure context and the resource is in more-private address space/,
  },
  {
    // Older versions asked the server's leave, in a preflight of its own.
    reason: "local-network-access",
    pattern:
      /'Access-Control-Allow-Private-Network' header|Request had (?:a|no) target IP address space/,
  },
  {
    reason: "corp-blocked",
    pattern: /net::ERR_BLOCKED_BY_RESPONSE\.NotSameSite/,
    fixed: { value: "same-site" },
  },
  {
    reason: "corp-blocked",
    pattern: /net::ERR_BLOCKED_BY_RESPONSE\.NotSameOrigin/,
    fixed: { value: "same-origin" },
  },
  {
    reason: "header-not-exposed",
    pattern: /Refused to get unsafe header ["']([^"' ]+)["']/,
    holes: ["name"],
  },
  {
    reason: "forbidden-header",
    pattern: /Refused to set unsafe header ["']([^"' ]+)["']/,
    holes: ["name"],
  },
  { reason: "network-error", pattern: /blocked by CORS policy: .{0,40}The response is invalid/ },
];
