// Firefox's wordings: one frame, and a reason in it. Older versions said `channel` for response,
// and `missing token` where they now say which header is not allowed.

import type { Wording, Wrapper } from "./wording.ts";

export const firefoxWrappers: readonly Wrapper[] = [
  {
    pattern:
      /Cross-Origin Request (?:Blocked|Warning): The Same Origin Policy (?:disallows|will disallow) reading the remote resource at '?([^ ]+?)'?\.? /,
    holes: ["url"],
  },
  { pattern: /Status code: (\d{3})/, holes: ["status"] },
];

export const firefoxMessages: readonly Wording[] = [
  { reason: "acao-missing", pattern: /CORS header 'Access-Control-Allow-Origin' missing/ },
  {
    reason: "acao-wildcard-credentials",
    pattern: /Credential is not supported if the CORS header 'Access-Control-Allow-Origin' is '\*'/,
    fixed: { value: "*" },
  },
  {
    reason: "acao-multiple",
    pattern: /Multiple CORS header 'Access-Control-Allow-Origin' not allowed/,
  },
  {
    // As older versions say it: `*` is refused for no other reason.
    reason: "acao-wildcard-credentials",
    pattern: /CORS header 'Access-Control-Allow-Origin' does not match '\*'/,
    fixed: { value: "*" },
  },
  {
    reason: "acao-mismatch",
    pattern: /CORS header 'Access-Control-Allow-Origin' does not match '(.{0,4000}?)'(?:\)|$)/,
    holes: ["value"],
  },
  {
    reason: "acac-not-true",
    pattern: /expected 'true' in CORS header 'Access-Control-Allow-Credentials'/,
  },
  // Before the status: two more lines follow it in the console, of which one is about the status.
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
  },
  {
    reason: "acah-unparsable",
    pattern: /invalid token '(.{0,4000}?)' in CORS header 'Access-Control-Allow-Headers'/,
    holes: ["offending"],
    at: "preflight",
  },
  {
    reason: "method-not-allowed",
    pattern: /Did not find method in CORS header 'Access-Control-Allow-Methods'/,
    at: "preflight",
  },
  {
    reason: "header-not-allowed",
    pattern: /header '([^']*)' is not allowed according to header 'Access-Control-Allow-Headers'/,
    holes: ["name"],
    at: "preflight",
  },
  {
    reason: "header-not-allowed",
    pattern: /missing token '([^']*)' in CORS header 'Access-Control-Allow-Headers'/,
    holes: ["name"],
    at: "preflight",
  },
  {
    reason: "header-not-allowed",
    pattern:
      /When the [`']Access-Control-Allow-Headers[`'] is [`']\*[`'], the [`']Authorization[`'] header is not covered/,
    at: "preflight",
    fixed: { name: "authorization" },
  },
  { reason: "scheme-not-cors", pattern: /CORS request not http/i },
  {
    reason: "scheme-not-cors",
    pattern: /Security Error: Content at [^ ]+ may not load or link to (file:[^ ]*?)\.?(?: |$)/,
    holes: ["url"],
    fixed: { scheme: "file" },
  },
  {
    reason: "mode-same-origin",
    pattern: /Security Error: Content at [^ ]+ may not load data from ([a-z]+:[^ ]+?)\.?(?: |$)/,
    holes: ["url"],
  },
  {
    reason: "corp-blocked",
    pattern:
      /The resource at "([^" ]+)" was blocked due to its Cross-Origin-Resource-Policy header/,
    holes: ["url"],
  },
  { reason: "network-error", pattern: /CORS request (?:did not succeed|failed)/ },
  { reason: "network-error", pattern: /Reason: CORS disabled/ },
  { reason: "network-error", pattern: /CORS header 'Origin' cannot be added/ },
  {
    // Versions before 37 gave no reason.
    reason: "unspecified",
    pattern: /This can be fixed by moving the resource to the same domain or enabling CORS/,
  },
];
