// WebKit's wordings (Safari, and every browser on iOS). The reason is one line, the URL usually in
// the next: `Fetch API cannot load URL due to access control checks.`

import type { Wording } from "./wording.ts";

/** The line with the URL. Of an element or a worker it names the kind at most: `Cannot load image URL …`. */
export const webkitUrlLine: RegExp =
  /(?:(Fetch API|XMLHttpRequest|EventSource|Beacon API|WebSocket) cannot load|Cannot load(?: (image|script|stylesheet|font|media))?(?= [a-z][a-z\d+.-]{0,20}:)) ([^ ]{1,4096}?|[^ ]{1,2048} [^ ]{1,2048}?)\.? due to access control checks\.?/;

/** Before a reason that is about a redirect's own answer: where it leads. */
export const webkitRedirect: RegExp =
  /Cross-origin redirection to ([^ ]{1,4096}) denied by Cross-Origin Resource Sharing policy: /;

/** Before a reason of a script, an image and so on. */
export const webkitSubresource: RegExp =
  /Cross-origin (script|image|stylesheet|font|media) load denied by Cross-Origin Resource Sharing policy\.?:? ?/;

export const webkitWordings: readonly Wording[] = [
  {
    // Also for a missing header: WebKit does not tell the two apart.
    reason: "acao-missing",
    pattern: /Origin ([^ ]{1,600}) is not allowed by Access-Control-Allow-Origin/,
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
    pattern: /Credentials flag is true, but Access-Control-Allow-Credentials is not ["']?true["']?/,
  },
  {
    reason: "preflight-status",
    pattern: /Preflight response is not successful/,
    at: "preflight",
  },
  {
    reason: "acam-unparsable",
    pattern:
      /Header Access-Control-Allow-Methods has an invalid value: (.{0,500}?)(?=\.? Status code: \d{3}| Fetch API cannot| XMLHttpRequest cannot|\n|$)/,
    holes: ["value"],
    at: "preflight",
  },
  {
    reason: "acah-unparsable",
    pattern:
      /Header Access-Control-Allow-Headers has an invalid value: (.{0,500}?)(?=\.? Status code: \d{3}| Fetch API cannot| XMLHttpRequest cannot|\n|$)/,
    holes: ["value"],
    at: "preflight",
  },
  {
    reason: "method-not-allowed",
    pattern: /Method ([^ ]{1,200}) is not allowed by Access-Control-Allow-Methods/,
    holes: ["method"],
    at: "preflight",
  },
  {
    reason: "header-not-allowed",
    pattern: /Request header field ([^ ]{1,200}) is not allowed by Access-Control-Allow-Headers/,
    holes: ["name"],
    at: "preflight",
  },
  {
    reason: "redirect-credentials",
    pattern:
      /(?:Not allowed to follow a redirection: )?redirection URL ([^ ]{1,4096}) has credentials/,
    holes: ["location"],
  },
  {
    reason: "scheme-not-cors",
    pattern: /not allowed to follow a cross-origin CORS redirection with non CORS scheme/,
  },
  {
    reason: "redirect-mode",
    pattern: /Not allowed to follow a redirection while loading ([^ ]{1,4096}?)\.?(?= |$)/,
    holes: ["url"],
    at: "actual",
  },
  { reason: "redirect-count", pattern: /Load cannot follow more than 20 redirections/ },
  {
    reason: "scheme-not-cors",
    pattern: /FTP URLs are disabled/,
    fixed: { scheme: "ftp" },
  },
  {
    reason: "scheme-not-cors",
    pattern: /Not allowed to load local resource: ((?!file:)[^ ]{1,4096})/,
    holes: ["url"],
  },
  {
    // Of a page without an origin, which may read only what `*` allows.
    reason: "acao-missing",
    pattern: /Cannot make any requests from (null)/,
    holes: ["origin"],
  },
  { reason: "scheme-not-cors", pattern: /Cross origin requests are only supported for HTTP/ },
  // Mixed content, the page's policy or `mode: "same-origin"`: the words do not tell which.
  { reason: "unspecified", pattern: /Not allowed to request resource/ },
  {
    // LocalNetworkAccess.cpp, also as its first versions wrote it.
    reason: "local-network-access",
    pattern:
      /Local Network Access: (?:connection to (?:a )?less public address space(?: than the requesting document was)? blocked)/,
  },
  {
    reason: "local-network-access",
    pattern:
      /Local Network Access: connection(?:'s resolved address space does not match the request's declared targetAddressSpace| IP address space does not match target IP address space)/,
    fixed: { why: "target" },
  },
  {
    reason: "local-network-access",
    pattern: /the requesting document is not a secure context, which Local Network Access requires/,
    fixed: { why: "insecure" },
  },
  {
    reason: "local-network-access",
    pattern:
      /the requesting frame is not allowed to use the ["']local-network["'] or ["']loopback-network["'] feature/,
    fixed: { why: "frame" },
  },
  {
    reason: "local-network-access",
    pattern: /no permission to reach the local network has been granted/,
  },
  {
    reason: "local-network-access",
    pattern: /permission to reach the local network was denied/,
    fixed: { why: "denied" },
  },
  {
    reason: "mode-same-origin",
    pattern: /Unsafe attempt to load URL ([^ ]{1,4096}?) from origin ([^ ]{1,600}?)\.(?= |$)/,
    holes: ["url", "origin"],
  },
  {
    reason: "corp-blocked",
    pattern:
      /Cancelled load to ([^ ]{1,4096}) because it violates the resource's Cross-Origin-Resource-Policy/,
    holes: ["url"],
  },
];
