// Chromium's wordings (Chrome, Edge, Opera…), the current ones and those of older versions. The
// more specific stands first: several begin alike.

import type { Frame, Wording } from "./wording.ts";

/** What stands before a reason. */
export const chromiumFrames: readonly Frame[] = [
  {
    pattern:
      /Access to ([\w-]{1,20}(?: [\w-]{1,20})?) at '([^ ]{1,4096}?)' (?:\(redirected from '([^ ]{1,4096}?)'\) )?from origin '([^ ]{1,600}?)'(?: has been blocked by CORS policy:? ?)?/,
    holes: ["api", "url", "initialUrl", "origin"],
  },
  {
    // A URL that was broken into lines: nothing else has a quote mark before `from origin`.
    pattern:
      /Access to ([\w-]{1,20}(?: [\w-]{1,20})?) at '([^'<>"]{1,2048})' (?:\(redirected from '([^'<>"]{1,2048})'\) )?from origin '([^'<>"]{1,600})'(?: has been blocked by CORS policy:? ?)?/,
    holes: ["api", "url", "initialUrl", "origin"],
  },
  {
    // Without its first words, or without the quote marks.
    pattern:
      /(?:Access to )?([\w-]{1,20}(?: [\w-]{1,20})?) at '?([a-z]{2,20}:[^ ]{1,4096}?)'? (?:\(redirected from '?([^ ]{1,4096}?)'?\) )?from origin '?([^ ]{1,600}?)'? has been blocked by CORS policy:? ?/,
    holes: ["api", "url", "initialUrl", "origin"],
  },
  {
    pattern:
      /Redirect from '([^ ]{1,4096}?)' to '([^ ]{1,4096}?)' has been blocked by CORS policy:? ?/,
    holes: ["initialUrl", "url"],
  },
  {
    pattern:
      /(XMLHttpRequest|Fetch API|EventSource) cannot load ([^ ]{1,4096}?)\.? (?!due to access)/,
    holes: ["api", "url"],
  },
  {
    // Versions before 53, of what an element loads.
    pattern:
      /(Font|Image|Script|Stylesheet|Media|Video|Audio) from origin '([^ ]{1,600}?)' has been blocked from loading by Cross-Origin Resource Sharing policy:? ?/,
    holes: ["api", "url"],
  },
  // Quoted without its beginning.
  {
    pattern: /' from origin '([^ ]{1,600}?)' has been blocked by CORS policy:? ?/,
    holes: ["origin"],
  },
  { pattern: /has been blocked by CORS policy:? ?/, holes: [] },
  { pattern: /Failed to load ([a-z]{2,10}:\/\/[^ ]{1,4096}?): /, holes: ["url"] },
];

/** Between the frame and the reason, where a preflight's answer failed. */
export const chromiumPreflight =
  "Response to preflight request doesn't pass access control check: ";

export const chromiumWordings: readonly Wording[] = [
  {
    reason: "acao-missing",
    pattern: /No 'Access-Control-Allow-Origin' header is present on the requested resource/,
    alone: true,
  },
  {
    reason: "acao-wildcard-credentials",
    pattern:
      /The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '\*'/,
    fixed: { value: "*" },
    alone: true,
  },
  {
    reason: "acao-wildcard-credentials",
    pattern:
      /A wildcard '\*' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag is true/,
    fixed: { value: "*" },
    alone: true,
  },
  {
    reason: "acao-multiple",
    pattern:
      /The 'Access-Control-Allow-Origin' header contains multiple values '(.{0,4000}?)', but only one/,
    holes: ["value"],
    alone: true,
  },
  {
    reason: "acao-invalid",
    pattern:
      /The 'Access-Control-Allow-Origin' header contains the invalid value '(.{0,4000}?)'(?=[. ]|$)/,
    holes: ["value"],
    alone: true,
  },
  {
    reason: "acao-mismatch",
    pattern:
      /The 'Access-Control-Allow-Origin' header has a value '(.{0,4000}?)' that is not equal to the supplied origin/,
    holes: ["value"],
    alone: true,
  },
  {
    reason: "acac-not-true",
    pattern:
      /The value of the 'Access-Control-Allow-Credentials' header in the response is '(.{0,4000}?)' which must be 'true'/,
    holes: ["value"],
    alone: true,
  },
  {
    reason: "acac-not-true",
    pattern:
      /Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is '([^']{0,200})'/,
    holes: ["value"],
    alone: true,
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
    pattern: /Invalid HTTP status code (\d{3})/,
    holes: ["status"],
    at: "preflight",
  },
  {
    reason: "preflight-redirect",
    pattern: /Redirect is not allowed for a preflight request/,
    at: "preflight",
    alone: true,
  },
  {
    reason: "preflight-redirect",
    pattern: /Response for preflight is invalid \(redirect\)/,
    at: "preflight",
  },
  {
    reason: "preflight-redirect",
    pattern:
      /The request was redirected to '([^' ]{0,4096})', which is disallowed for cross-origin requests that require preflight/,
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
    alone: true,
  },
  {
    reason: "acah-unparsable",
    pattern: /Cannot parse Access-Control-Allow-Headers response header field/,
    at: "preflight",
    alone: true,
  },
  {
    reason: "method-not-allowed",
    pattern:
      /Method ([^ ]{1,200}) is not allowed by Access-Control-Allow-Methods in preflight response/,
    holes: ["method"],
    at: "preflight",
    alone: true,
  },
  {
    reason: "header-not-allowed",
    pattern:
      /Request header field ([^ ]{1,200}) is not allowed by Access-Control-Allow-Headers in preflight response/,
    holes: ["name"],
    at: "preflight",
    alone: true,
  },
  {
    reason: "header-not-allowed",
    pattern:
      /(?:\[Deprecation\] )?Authorization will not be covered by the wildcard symbol \(\*\) in the CORS '?Access-Control-Allow-Headers'? handling/,
    fixed: { name: "authorization" },
    at: "preflight",
    alone: true,
    passes: true,
  },
  {
    reason: "redirect-credentials",
    pattern: /Redirect location '([^' ]{0,4096})' contains a username and password/,
    holes: ["location"],
  },
  {
    reason: "redirect-credentials",
    pattern: /The request was redirected to a URL \('([^' ]{0,4096})'\) which contains a userinfo/,
    holes: ["location"],
  },
  {
    reason: "scheme-not-cors",
    pattern: /Cross origin requests are only supported for (?:protocol schemes: |HTTP)/,
  },
  {
    reason: "scheme-not-cors",
    pattern: /URL scheme "([^" ]{1,40})" is not supported/,
    holes: ["scheme"],
  },
  { reason: "scheme-not-cors", pattern: /URL scheme must be "http" or "https" for CORS request/ },
  {
    reason: "mode-same-origin",
    pattern:
      /Request mode is "same-origin" but the URL's origin is not same as the request origin ([^ ]{1,600}?)\.?(?= |$)/,
    holes: ["origin"],
  },
  { reason: "mode-same-origin", pattern: /Cross origin requests are not allowed by request mode/ },
  {
    reason: "redirect-mode",
    pattern: /Request mode is "no-cors" but the redirect mode is not "follow"/,
  },
  {
    reason: "local-network-access",
    pattern: /Permission was denied for this request to access the '?(\w{1,20})'? address space/,
    holes: ["offending"],
    fixed: { why: "denied" },
    alone: true,
  },
  {
    reason: "local-network-access",
    pattern:
      /The request client is not a secure context and the resource is in more-private address space(?: '?(\w{1,20})'?)?/,
    holes: ["offending"],
    fixed: { why: "insecure" },
    alone: true,
  },
  {
    // Older versions asked the server's leave, in a preflight of its own.
    reason: "local-network-access",
    pattern: /(?:No|The) 'Access-Control-Allow-Private-Network' header/,
    fixed: { why: "preflight" },
  },
  {
    reason: "local-network-access",
    pattern:
      /Request had (?:no target IP address space,?|a target IP address space of '?(\w+)'?,?) yet the resource is in address space '?(\w+)'?/,
    holes: ["value", "offending"],
    fixed: { why: "target" },
    alone: true,
  },
  { reason: "network-error", pattern: /The response is invalid/ },
  {
    reason: "csp-blocked",
    pattern: /Refused to connect because it violates the document's Content Security Policy/,
    fixed: { directive: "connect-src" },
  },
];

/** Sentences that stand by themselves, with their URL in them. */
export const chromiumSentences: readonly Wording[] = [
  {
    reason: "scheme-not-cors",
    pattern: /\bFTP is not supported\.?(?=$|\n)/,
    fixed: { scheme: "ftp" },
  },
  {
    reason: "scheme-not-cors",
    pattern: /Not allowed to load local resource: (file:[^ ]{0,4096})/,
    holes: ["url"],
    fixed: { scheme: "file" },
  },
  {
    reason: "mode-same-origin",
    pattern:
      /Unsafe attempt to load URL ([^ ]{1,4096}) from frame with URL ([^ ]{1,4096}?)\.?(?= |$)/,
    holes: ["url"],
  },
  {
    reason: "header-not-exposed",
    pattern: /Refused to get unsafe header ["']([^"' ]{1,200})["']/,
    holes: ["name"],
  },
  {
    reason: "forbidden-header",
    pattern: /Refused to set unsafe header ["']([^"' ]{1,200})["']/,
    holes: ["name"],
  },
];
