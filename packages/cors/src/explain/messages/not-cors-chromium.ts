// What Chromium says of requests that something other than CORS stopped: policies of the page, the
// network, the visitor's extensions. Each wording is a whole sentence.

import { cspVerbs, fallback, noUrl, url, webSocket } from "./not-cors-parts.ts";
import type { Wording } from "./wording.ts";

export const chromiumNotCors: readonly Wording[] = [
  {
    // The framed document's own policy, not the page's.
    reason: "frame-refused",
    pattern: new RegExp(
      `\\[Report Only\\] (?:Refused to frame|Framing)(?: ${url})? (?:because an ancestor )?violates the following Content Security Policy directive: ["']frame-ancestors`,
    ),
    holes: ["url"],
    passes: true,
  },
  {
    reason: "frame-refused",
    pattern: new RegExp(
      `(?:Refused to frame|Framing)(?: ${url})? (?:because an ancestor )?violates the following Content Security Policy directive: ["']frame-ancestors`,
    ),
    holes: ["url"],
  },
  {
    reason: "csp-blocked",
    pattern: new RegExp(
      `\\[Report Only\\] (?:Refused to (?:${cspVerbs})|Connecting to|Loading the [\\w-]{1,20}|Framing) ${url} (?:because it )?violates the following Content Security Policy directive: ["']([\\w-]{1,40})${fallback}`,
    ),
    holes: ["url", "value", "directive"],
    passes: true,
  },
  {
    reason: "csp-blocked",
    pattern: new RegExp(
      `Refused to (?:${cspVerbs}) ${url} because it violates the following Content Security Policy directive: ["']([\\w-]{1,40})${fallback}`,
    ),
    holes: ["url", "value", "directive"],
  },
  {
    reason: "csp-blocked",
    pattern: new RegExp(
      `Refused to (?:connect(?: to)?|${cspVerbs})${noUrl} because it violates the following Content Security Policy directive: ["']([\\w-]{1,40})${fallback}`,
    ),
    holes: ["value", "directive"],
  },
  {
    reason: "csp-blocked",
    pattern: new RegExp(
      `Refused to connect(?: to)?(?: ${url})?${noUrl} because it violates the document's Content Security Policy`,
    ),
    holes: ["url"],
    fixed: { directive: "connect-src" },
  },
  {
    reason: "csp-blocked",
    pattern:
      /(?:Refused to (?:execute|apply)|Executing|Applying) (?:an? )?inline (?:script|style|event handler)[^\n]{0,40}? violates the following Content Security Policy directive:? ["']([\w-]{1,40})/,
    holes: ["directive"],
    fixed: { why: "inline" },
  },
  {
    reason: "csp-blocked",
    pattern:
      /(?:Refused to evaluate|Evaluating) a string as JavaScript [^\n]{0,200}?'unsafe-eval' is not an allowed source of script in the following Content Security Policy directive: ["']([\w-]{1,40})/,
    holes: ["directive"],
    fixed: { why: "eval" },
  },
  {
    reason: "csp-blocked",
    pattern:
      /(?:Refused to compile or instantiate|Compiling or instantiating) WebAssembly module [^\n]{0,200}?is not an allowed source of script in the following Content Security Policy directive: ["']([\w-]{1,40})/,
    holes: ["directive"],
    fixed: { why: "wasm" },
  },
  {
    // Chrome 140 and later.
    reason: "csp-blocked",
    pattern: new RegExp(
      `(?:Connecting to|Loading the [\\w-]{1,20}|Framing|Creating a worker from|Sending form data to) ${url} violates the following Content Security Policy directive: ["']([\\w-]{1,40})${fallback}`,
    ),
    holes: ["url", "value", "directive"],
  },
  {
    reason: "mixed-content",
    pattern:
      /Failed to construct 'WebSocket': An insecure WebSocket connection may not be initiated from a page loaded over HTTPS/,
    fixed: { api: "WebSocket" },
  },
  {
    reason: "mixed-content",
    pattern: new RegExp(
      `Mixed Content: The page at '([^' ]{1,4096})' was loaded over (?:HTTPS|a secure connection), but (?:requested|attempted to connect to) an insecure [^']{1,80} ${url}\\. This request was automatically upgraded`,
    ),
    holes: ["origin", "url"],
    passes: true,
  },
  {
    reason: "mixed-content",
    pattern: new RegExp(
      `Mixed Content: The page at '([^' ]{1,4096})' was loaded over (?:HTTPS|a secure connection), but (?:requested|attempted to connect to) (?:the|an) insecure [^']{1,80} ${url}(?=\\.? |$)`,
    ),
    holes: ["origin", "url"],
  },
  {
    reason: "corb-blocked",
    pattern: new RegExp(
      `Cross-Origin Read Blocking \\(CORB\\) blocked cross-origin response ${url}(?= |$)(?: with MIME type ([\\w/+-]{1,80}(?:\\.[\\w/+-]{1,80}){0,4}))?`,
    ),
    holes: ["url", "value"],
  },
  {
    reason: "orb-blocked",
    pattern: /(?:Response was )?blocked by ORB(?: \(Opaque Response Blocking\))?/,
  },
  {
    reason: "corb-blocked",
    pattern: /(?:Response was )?blocked by CORB(?: \(Cross-Origin Read Blocking\))?/,
  },
  {
    reason: "mime-type",
    pattern: new RegExp(
      `Refused to (?:execute script|apply style) from ${url} because its MIME type \\('([^']{0,80})'\\)`,
    ),
    holes: ["url", "value"],
  },
  {
    reason: "mime-type",
    pattern:
      /Failed to load module script: Expected a JavaScript(?:-or-Wasm)? module script but the server responded with a MIME type of ["']([^"']{0,80})["']/,
    holes: ["value"],
  },
  {
    reason: "websocket-refused",
    pattern: new RegExp(
      `WebSocket connection to ${url} failed: Error during WebSocket handshake: Unexpected response code: (\\d{3})`,
    ),
    holes: ["url", "status"],
  },
  {
    reason: "network-error",
    pattern: new RegExp(`WebSocket connection to ${url} failed`),
    holes: ["url"],
    fixed: { why: webSocket },
  },
  {
    reason: "canvas-tainted",
    pattern:
      /Failed to execute '(toDataURL|toBlob|getImageData|texImage2D|texSubImage2D|createPattern|captureStream|transferToImageBitmap|convertToBlob|copyExternalImageToTexture)' on '\w{1,40}': (?:Tainted canvases may not be exported|The canvas has been tainted by cross-origin data|The (?:image|video|cross-origin)[^.]{0,80}cross-origin data|[^.\n]{0,80}tainted)/,
    holes: ["name"],
  },
  {
    reason: "stylesheet-unreadable",
    pattern:
      /(?:Failed to (?:read the|execute) '(?:cssRules|rules|insertRule|deleteRule)' (?:property from|on) 'CSSStyleSheet': Cannot access (?:rules|StyleSheet)[^.\n]{0,40})/,
  },
  {
    reason: "worker-cross-origin",
    pattern: new RegExp(
      `Failed to construct '(?:Shared)?Worker': Script at ${url} cannot be accessed from origin '([^' ]{1,600})'`,
    ),
    holes: ["url", "origin"],
  },
  {
    reason: "worker-cross-origin",
    pattern:
      /Failed to register a ServiceWorker: The origin of the provided scriptURL \('([^' ]{1,4096})'\) does not match the current origin \('([^' ]{1,600})'\)/,
    holes: ["url", "origin"],
  },
  {
    reason: "frame-unreadable",
    pattern:
      /Blocked a frame with origin ["']([^"' ]{1,600})["'] from accessing (?:a cross-origin frame|a frame with origin ["']([^"' ]{1,600})["'])/,
    holes: ["origin", "url"],
  },
  {
    reason: "frame-unreadable",
    pattern:
      /(?:Failed to execute|Unable to post message)[^\n]{0,60}? The target origin provided \('([^' ]{1,600})'\) does not match the recipient window's origin \('([^' ]{1,600})'\)/,
    holes: ["value", "offending"],
    fixed: { why: "target" },
  },
  {
    reason: "frame-unreadable",
    pattern: /Cross-Origin-Opener-Policy policy would block the (window\.\w{1,20}) call/,
    holes: ["name"],
    fixed: { why: "opener" },
  },
  {
    reason: "frame-refused",
    pattern: new RegExp(
      `Refused to display ${url} in a frame because (?:it set 'X-Frame-Options'|an ancestor violates)`,
    ),
    holes: ["url"],
  },
  {
    reason: "integrity-needs-cors",
    pattern: new RegExp(
      `Subresource Integrity: The resource ${url} has an integrity attribute, but the resource requires the request to be CORS enabled`,
    ),
    holes: ["url"],
  },
  {
    reason: "service-worker",
    pattern: new RegExp(
      `The FetchEvent for ["']?([a-z]{2,20}:[^"' ]{1,4096})["']? resulted in a network error response: ([^\\n]{0,160}?)(?=\\.? *(?:\\n|$))`,
    ),
    holes: ["url", "why"],
  },
  {
    // Edge; the request itself is sent.
    reason: "cookie-rejected",
    pattern:
      /Tracking Prevention blocked access to storage for ([a-z]{2,20}:[^ ]{1,4096}?)\.?(?= |$)/,
    holes: ["url"],
    fixed: { why: "storage" },
  },
  {
    reason: "cookie-rejected",
    pattern:
      /This (?:attempt to set a cookie via a Set-Cookie header|Set-Cookie(?: header)?|cookie)(?: header)? was blocked because it (?:had|didn't|did not)[^\n]{0,40}(?:SameSite|Secure)/,
  },
  {
    reason: "cookie-rejected",
    pattern:
      /A cookie associated with a (?:cross-site|resource)[^\n]{0,20}? (?:resource )?at ([a-z]{2,20}:[^ ]{1,4096}) was set (?:without the '?SameSite|with '?SameSite=None)/,
    holes: ["url"],
    passes: true,
  },
  {
    // What a page gets that asks in mode `no-cors`: an object, in the notation of a console.
    reason: "opaque-response",
    pattern: /Response \{[^{}\n]{0,300}?type: ?["']opaque["']/,
  },
  {
    reason: "local-network-access",
    pattern:
      /The website requested a subresource from a network that it could only access because of its users' privileged network position/,
    passes: true,
  },
  {
    // The console's own line is `net::ERR_NETWORK_ACCESS_REVOKED`; reports and tools say it like this.
    reason: "connection-allowlist",
    pattern: new RegExp(
      `(?:Connecting|Connection|Fetch|Request|Refused to connect) to ${url} [^\\n]{0,120}?(?:violat|block|refus|not allowed)[^\\n]{0,120}Connection-Allowlist`,
    ),
    holes: ["url"],
  },
  {
    reason: "request-invalid",
    pattern:
      /Failed to execute 'fetch' on '\w{1,30}': Request cannot be constructed from a URL that includes credentials: ([^ ]{1,4096})/,
    holes: ["url"],
    fixed: { why: "url-credentials" },
  },
  {
    reason: "request-invalid",
    pattern:
      /Failed to (?:execute 'fetch' on '\w{1,30}'|construct 'Request'): Request with GET\/HEAD method cannot have body/,
    fixed: { why: "body-with-get" },
  },
  {
    reason: "request-invalid",
    pattern:
      /Failed to (?:execute 'fetch' on '\w{1,30}'|construct 'Request'): '([^' ]{1,60})' is unsupported in no-cors mode/,
    holes: ["value"],
    fixed: { why: "no-cors-method" },
  },
  {
    reason: "forbidden-method",
    pattern:
      /Failed to (?:execute '(?:fetch|open)' on '\w{1,30}'|construct 'Request'): '([^' ]{1,60})' HTTP method is unsupported/,
    holes: ["method"],
  },
];
