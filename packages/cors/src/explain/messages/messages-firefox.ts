// Firefox's wordings: one frame, and a reason in it. Older versions said `channel` for response,
// and `missing token` where they now say which header is not allowed. Other languages: localised.ts.

import type { Frame, Wording } from "./wording.ts";

/** `Blocked`, or a warning that it will be. */
export const firefoxFrames: readonly Frame[] = [
  {
    pattern:
      /Cross-Origin Request (?:Blocked|Warning): The Same Origin Policy (?:disallows|will disallow) reading the remote resource at '?([^ "][^ ]{0,4095}?)'?(?: soon)?\.?(?= |$)(?: \(Reason: )?/,
    holes: ["url"],
  },
  {
    pattern:
      /Cross-Origin Request (?:Blocked|Warning): The Same Origin Policy (?:disallows|will disallow) reading the remote resource at '?([^'"()]{1,2048}?)'?(?: soon)?\.? \(Reason: /,
    holes: ["url"],
  },
];

export const firefoxWordings: readonly Wording[] = [
  {
    reason: "acao-missing",
    pattern: /CORS header 'Access-Control-Allow-Origin' missing/,
    alone: true,
  },
  {
    reason: "acao-wildcard-credentials",
    pattern: /Credential is not supported if the CORS header 'Access-Control-Allow-Origin' is '\*'/,
    fixed: { value: "*" },
    alone: true,
  },
  {
    reason: "acao-multiple",
    pattern: /Multiple CORS header 'Access-Control-Allow-Origin' not allowed/,
    alone: true,
  },
  {
    // As older versions say it: `*` is refused for no other reason.
    reason: "acao-wildcard-credentials",
    pattern: /CORS header 'Access-Control-Allow-Origin' does not match '\*'/,
    fixed: { value: "*" },
    alone: true,
  },
  {
    reason: "acao-mismatch",
    pattern: /CORS header 'Access-Control-Allow-Origin' does not match '(.{0,4000}?)'(?=\)|$)/,
    holes: ["value"],
    alone: true,
  },
  {
    reason: "acac-not-true",
    pattern: /expected 'true' in CORS header 'Access-Control-Allow-Credentials'/,
    alone: true,
  },
  {
    reason: "preflight-redirect",
    pattern: /CORS request external redirect not allowed/,
    at: "preflight",
  },
  {
    reason: "preflight-status",
    pattern: /CORS preflight (?:response|channel) did not succeed/,
    at: "preflight",
  },
  {
    reason: "acam-unparsable",
    pattern: /invalid token '(.{0,4000}?)' in CORS header 'Access-Control-Allow-Methods'/,
    holes: ["offending"],
    at: "preflight",
    alone: true,
  },
  {
    reason: "acah-unparsable",
    pattern: /invalid token '(.{0,4000}?)' in CORS header 'Access-Control-Allow-Headers'/,
    holes: ["offending"],
    at: "preflight",
    alone: true,
  },
  {
    reason: "method-not-allowed",
    pattern: /Did not find method in CORS header 'Access-Control-Allow-Methods'/,
    at: "preflight",
    alone: true,
  },
  {
    reason: "header-not-allowed",
    pattern:
      /header '([^']{0,200})' is not allowed according to header 'Access-Control-Allow-Headers'/,
    holes: ["name"],
    at: "preflight",
    alone: true,
  },
  {
    reason: "header-not-allowed",
    pattern: /missing token '([^']{0,200})' in CORS header 'Access-Control-Allow-Headers'/,
    holes: ["name"],
    at: "preflight",
    alone: true,
  },
  {
    reason: "header-not-allowed",
    pattern:
      /When the 'Access-Control-Allow-Headers' is '\*', the 'Authorization' header is not covered/,
    at: "preflight",
    fixed: { name: "authorization" },
    alone: true,
    passes: true,
  },
  { reason: "scheme-not-cors", pattern: /CORS request not http/ },
  { reason: "network-error", pattern: /CORS request (?:did not succeed|failed)/ },
  {
    reason: "network-error",
    pattern: /CORS disabled/,
    fixed: { why: "CORS is switched off in this browser (`content.cors.disable`)" },
  },
  {
    reason: "network-error",
    pattern: /CORS header 'Origin' cannot be added/,
    fixed: { why: "the browser could not add its `Origin` header" },
  },
  {
    // Versions before 37 gave no reason.
    reason: "unspecified",
    pattern: /This can be fixed by moving the resource to the same domain or enabling CORS/,
  },
];

/** Sentences that stand by themselves, with their URL in them. */
export const firefoxSentences: readonly Wording[] = [
  {
    reason: "scheme-not-cors",
    pattern:
      /Security Error: Content at ([^ ]{1,4096}) may not load or link to (file:[^ ]{0,4096}?)\.?(?= |$)/,
    holes: ["origin", "url"],
    fixed: { scheme: "file" },
  },
  {
    reason: "mode-same-origin",
    pattern:
      /Security Error: Content at ([^ ]{1,4096}) may not load data from ([a-z]{2,20}:[^ ]{1,4096}?)\.?(?= |$)/,
    holes: ["origin", "url"],
  },
  {
    reason: "corp-blocked",
    pattern:
      /The resource at ["']([^"' ]{1,4096})["'] was blocked due to its Cross-Origin-Resource-Policy header/,
    holes: ["url"],
  },
];
