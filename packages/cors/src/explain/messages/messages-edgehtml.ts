// The wordings of EdgeHTML and Trident (Edge before version 79, Internet Explorer), which embedded web views still print. Each
// has a code, and the words behind it are translated: where they are not English, the code alone identifies the reason.

import type { Wording } from "./wording.ts";

/** In newer versions. */
const resource = "(?:[^\\n]{0,200}? resource at '([a-z]{2,20}:[^' ]{1,4096})')?";

export const edgehtmlSentences: readonly Wording[] = [
  {
    reason: "acao-missing",
    pattern: new RegExp(`SEC7120: \\[CORS\\] The origin '([^' ]{1,600})' did not find${resource}`),
    holes: ["origin", "url"],
  },
  {
    reason: "acao-missing",
    pattern: /SEC7120: Origin ([^ ]{1,600}) not found in Access-Control-Allow-Origin header/,
    holes: ["origin"],
  },
  { reason: "acao-missing", pattern: /SEC7120: / },
  { reason: "acao-wildcard-credentials", pattern: /SEC7121: /, fixed: { value: "*" } },
  { reason: "acac-not-true", pattern: /SEC712[29]: / },
  {
    reason: "header-not-allowed",
    pattern:
      /SEC7123: (?:\[CORS\] )?Request header '?([^' ]{1,200})'? was not present in the Access-Control-Allow-Headers list/,
    holes: ["name"],
    at: "preflight",
  },
  {
    reason: "method-not-allowed",
    pattern:
      /SEC7124: (?:\[CORS\] )?Request method '?([^' ]{1,200})'? was not present in the Access-Control-Allow-Methods list/,
    holes: ["method"],
    at: "preflight",
  },
  { reason: "preflight-redirect", pattern: /SEC7126: /, at: "preflight" },
  { reason: "redirect-location", pattern: /SEC7127: / },
  { reason: "acao-multiple", pattern: /SEC7128: / },
  {
    reason: "csp-blocked",
    pattern:
      /CSP14312: Resource violated directive '([\w-]{1,40})[^\n]{0,2000}? in Content-Security-Policy: ([a-z]{2,20}:[^ ]{1,4096}?)\. Resource will be blocked/,
    holes: ["directive", "url"],
  },
  {
    // What XMLHttpRequest gets for every refusal of the policy; the SEC line has the reason.
    reason: "unspecified",
    pattern: /(?:SCRIPT7002: )?XMLHttpRequest: Network Error 0x80070005/,
  },
  {
    reason: "network-error",
    pattern: /(?:SCRIPT7002: )?XMLHttpRequest: Network Error 0x(?:2ef3|2efd|2ee7|2eff|2ee2)/,
    fixed: { why: "the connection failed, or the server's name or certificate was refused" },
  },
];
