// WebKit's wordings (Safari, and every browser on iOS). The reason is one line, the URL usually in
// the next: `Fetch API cannot load URL due to access control checks.`

import type { Wording, Wrapper } from "./wording.ts";

export const webkitWrappers: readonly Wrapper[] = [
  {
    pattern:
      /(Fetch API|XMLHttpRequest|EventSource) cannot load ([^ ]+?)\.? due to access control checks/,
    holes: ["api", "url"],
  },
  {
    pattern: /(Fetch API|XMLHttpRequest|EventSource) cannot load ([^ ]+?)\.? /,
    holes: ["api", "url"],
  },
  { pattern: /Status code: (\d{3})/, holes: ["status"] },
];

export const webkitMessages: readonly Wording[] = [
  {
    // Also for a missing header: WebKit does not tell the two apart.
    reason: "acao-missing",
    pattern: /Origin ([^ ]+) is not allowed by Access-Control-Allow-Origin/,
    holes: ["origin"],
  },
  {
    reason: "acao-wildcard-credentials",
    pattern: /Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true/,
    fixed: { value: "*" },
  },
  {
    reason: "acao-multiple",
    pattern: /Access-Control-Allow-Origin cannot contain more than one origin/,
  },
  {
    reason: "acac-not-true",
    pattern: /Credentials flag is true, but Access-Control-Allow-Credentials is not "?true"?/,
  },
  {
    reason: "preflight-status",
    pattern: /Preflight response is not successful/,
    at: "preflight",
  },
  {
    reason: "acam-unparsable",
    pattern:
      /Header Access-Control-Allow-Methods has an invalid value: (.{0,500}?)(?: Status code: \d{3}| Fetch API cannot| XMLHttpRequest cannot|$)/,
    holes: ["value"],
    at: "preflight",
  },
  {
    reason: "acah-unparsable",
    pattern:
      /Header Access-Control-Allow-Headers has an invalid value: (.{0,500}?)(?: Status code: \d{3}| Fetch API cannot| XMLHttpRequest cannot|$)/,
    holes: ["value"],
    at: "preflight",
  },
  {
    reason: "method-not-allowed",
    pattern: /Method ([^ ]+) is not allowed by Access-Control-Allow-Methods/,
    holes: ["method"],
    at: "preflight",
  },
  {
    reason: "header-not-allowed",
    pattern: /Request header field ([^ ]+) is not allowed by Access-Control-Allow-Headers/,
    holes: ["name"],
    at: "preflight",
  },
  {
    reason: "redirect-credentials",
    pattern: /redirection URL ([^ ]+) has credentials/i,
    holes: ["location"],
  },
  {
    reason: "scheme-not-cors",
    pattern: /not allowed to follow a cross-origin CORS redirection with non CORS scheme/,
  },
  {
    reason: "corp-blocked",
    pattern:
      /Cancelled load to ([^ ]+) because it violates the resource's Cross-Origin-Resource-Policy/,
    holes: ["url"],
  },
  {
    reason: "unspecified",
    pattern:
      /(?:Fetch API|XMLHttpRequest|EventSource) cannot load [^ ]+ due to access control checks/,
  },
];
