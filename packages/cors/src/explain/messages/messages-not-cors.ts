// What browsers say of requests that something other than CORS stopped: policies of the page, the
// network, the visitor's extensions. Each wording is a whole sentence of its engine.

import type { Wording } from "./wording.ts";

const cspVerbs =
  "connect to|load the [\\w-]{1,20}|load plugin data from|frame|send form data to|create a worker from|prefetch content from";

/** A word for the console's URL. */
const url = "'?([a-z]{2,20}:[^' ]{1,4096}?)'?";

const webSocket =
  "the WebSocket was not opened: CORS does not apply to WebSockets, and a server that refuses one has checked `Origin` itself";

export const chromiumNotCors: readonly Wording[] = [
  {
    reason: "csp-blocked",
    pattern: new RegExp(
      `\\[Report Only\\] (?:Refused to (?:${cspVerbs})|Connecting to|Loading the [\\w-]{1,20}|Framing) ${url} (?:because it )?violates the following Content Security Policy directive: ["']([\\w-]{1,40})`,
    ),
    holes: ["url", "directive"],
    passes: true,
  },
  {
    reason: "csp-blocked",
    pattern: new RegExp(
      `Refused to (?:${cspVerbs}) ${url} because it violates the following Content Security Policy directive: ["']([\\w-]{1,40})`,
    ),
    holes: ["url", "directive"],
  },
  {
    // Chrome 140 and later.
    reason: "csp-blocked",
    pattern: new RegExp(
      `(?:Connecting to|Loading the [\\w-]{1,20}|Framing|Creating a worker from|Sending form data to) ${url} violates the following Content Security Policy directive: ["']([\\w-]{1,40})`,
    ),
    holes: ["url", "directive"],
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
    reason: "network-error",
    pattern: new RegExp(
      `WebSocket connection to ${url} failed: Error during WebSocket handshake: Unexpected response code: (\\d{3})`,
    ),
    holes: ["url", "status"],
    fixed: { why: webSocket },
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
      /Failed to execute 'postMessage' on 'DOMWindow': The target origin provided \('([^' ]{1,600})'\) does not match the recipient window's origin \('([^' ]{1,600})'\)/,
    holes: ["value", "origin"],
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
    reason: "cookie-rejected",
    pattern:
      /This (?:attempt to set a cookie via a Set-Cookie header|Set-Cookie(?: header)?|cookie)(?: header)? was blocked because it (?:had|didn't|did not)[^\n]{0,40}(?:SameSite|Secure)/,
  },
  {
    reason: "local-network-access",
    pattern:
      /The website requested a subresource from a network that it could only access because of its users' privileged network position/,
    passes: true,
  },
  {
    reason: "connection-allowlist",
    pattern:
      /(?<=(?:violat|block|refus|den[iy]|not allowed)[^\n]{0,300})Connection-Allowlist|Connection-Allowlist(?=[^\n]{0,300}(?:violat|block|refus|den[iy]|not allowed))/,
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

export const firefoxNotCors: readonly Wording[] = [
  {
    reason: "csp-blocked",
    pattern:
      /Content[- ]Security[- ]Policy: The page['’]s settings (?:blocked|observed) (?:the loading of a resource|[\w ()-]{1,60}?)(?: \([\w-]{1,40}\))? at (?:["']?)([a-z]{2,20}:[^"' ]{1,4096}?)["']? (?:from being [^\n]{1,40} )?(?:\(|because it violates the following directive: )["']?([\w-]{1,40})/,
    holes: ["url", "directive"],
  },
  {
    reason: "mime-type",
    pattern:
      /The resource from ["']([^"' ]{1,4096})["'] was blocked due to MIME type (?:\(["']([^"']{0,80})["']\) )?mismatch/,
    holes: ["url", "value"],
  },
  {
    reason: "mime-type",
    pattern:
      /(?:Loading (?:module|script|Worker)|Script) from ["']([^"' ]{1,4096})["'] (?:with importScripts\(\) )?was blocked because of a disallowed MIME type \(["']([^"']{0,80})["']\)/,
    holes: ["url", "value"],
  },
  {
    reason: "network-error",
    pattern:
      /Firefox can['’]t establish a connection to the server at (wss?:[^ ]{1,4096}?)\.?(?= |$)/,
    holes: ["url"],
    fixed: { why: webSocket },
  },
  {
    reason: "mixed-content",
    pattern: /Blocked loading mixed (?:active|display) content ["']([^"' ]{1,4096})["']/,
    holes: ["url"],
  },
  {
    reason: "mixed-content",
    pattern:
      /Loading mixed \(insecure\) (?:active|display) content ["']([^"' ]{1,4096})["'] on a secure page/,
    holes: ["url"],
    passes: true,
  },
  {
    reason: "mixed-content",
    pattern:
      /Upgrading insecure (?:display )?request ["']([^"' ]{1,4096})["'] to use ["']https["']/,
    holes: ["url"],
    passes: true,
  },
  {
    reason: "orb-blocked",
    pattern:
      /(?:The resource at ["']([^"' ]{1,4096})["'] was blocked by OpaqueResponseBlocking|A resource is blocked by OpaqueResponseBlocking)/,
    holes: ["url"],
  },
  {
    reason: "content-blocker",
    pattern:
      /The resource at ["']([^"' ]{1,4096})["'] was blocked because (?:content blocking|Enhanced Tracking Protection|tracking protection)[^\n]{0,40} is enabled/,
    holes: ["url"],
  },
  {
    reason: "content-blocker",
    pattern: /Request to access cookie or storage on ["']([^"' ]{1,4096})["'] was blocked because/,
    holes: ["url"],
  },
  {
    reason: "canvas-tainted",
    pattern: /(?:SecurityError|DOMException): The operation is insecure\.?/,
  },
  {
    reason: "stylesheet-unreadable",
    pattern: /CSSStyleSheet\.\w{1,20}(?: getter)?: Not allowed to access cross-origin stylesheet/,
  },
  {
    reason: "acao-missing",
    pattern:
      /downloadable font: download failed \(font-family: [^\n]{0,300}?bad URI or cross-site access not allowed source: ([^ )]{1,4096})/,
    holes: ["url"],
    fixed: { api: "font" },
  },
  {
    reason: "cookie-rejected",
    pattern:
      /Cookie ["']([^"' ]{1,200})["'] (?:has been|will be soon) rejected because it (?:is in a cross-site context|has the ["']SameSite=None["'])/,
    holes: ["name"],
  },
  {
    reason: "integrity-needs-cors",
    pattern:
      /["']([^"' ]{1,4096})["'] is not eligible for integrity checks since it['’]s neither CORS-enabled nor same-origin/,
    holes: ["url"],
  },
  {
    reason: "frame-unreadable",
    pattern: /Permission denied to access property ["']?[\w$-]{1,60}["']? on cross-origin object/,
  },
  {
    reason: "frame-refused",
    pattern:
      /The loading of ["']([^"' ]{1,4096})["'] in a frame is denied by ["']X-Frame-Options["']/,
    holes: ["url"],
  },
  {
    reason: "coep-blocked",
    pattern:
      /The resource at ["']([^"' ]{1,4096})["'] was blocked due to its Cross-Origin-Embedder-Policy/,
    holes: ["url"],
  },
];

export const webkitNotCors: readonly Wording[] = [
  {
    reason: "csp-blocked",
    pattern: new RegExp(
      `Refused to (?:${cspVerbs}|load|execute a script from) ${url} because it (?:does not appear in the|violates the following Content Security Policy directive:) ["']?([\\w-]{1,40})`,
    ),
    holes: ["url", "directive"],
  },
  {
    reason: "mixed-content",
    pattern: new RegExp(
      `\\[blocked\\] The page at '?([^' ]{1,4096}?)'? (?:was not allowed to|requested insecure content from)(?: (?:display|run) insecure content from)? ${url}(?=\\.? |\\.?$)`,
    ),
    holes: ["origin", "url"],
  },
  {
    reason: "canvas-tainted",
    pattern:
      /Unable to get image data from canvas because the canvas has been tainted by cross-origin data/,
  },
  {
    reason: "coep-blocked",
    pattern:
      /Refused to load '?([a-z]{2,20}:[^' ]{1,4096}?)'? because of Cross-Origin-Embedder-Policy/,
    holes: ["url"],
  },
  {
    reason: "stylesheet-unreadable",
    pattern: /Not allowed to access cross-origin stylesheet/,
  },
  {
    reason: "content-blocker",
    pattern:
      /Content blocker prevented frame displaying ([^ ]{1,4096}) from loading a resource from ([^ ]{1,4096})/,
    holes: ["origin", "url"],
  },
  {
    reason: "local-network-access",
    pattern:
      /(?<=(?:block|refus|den[iy]|not allowed)[^\n]{0,300})local network access|local network access(?=[^\n]{0,300}(?:block|refus|den[iy]|not allowed))/,
  },
  {
    reason: "frame-refused",
    pattern: new RegExp(`Refused to display ${url} in a frame because it set 'X-Frame-Options'`),
    holes: ["url"],
  },
  {
    reason: "network-error",
    pattern: /A server with the specified hostname could not be found/,
    fixed: { why: "the host's name cannot be resolved" },
  },
  {
    reason: "network-error",
    pattern: /Could not connect to the server/,
    fixed: { why: "nothing is listening at the server's address and port" },
  },
  {
    reason: "network-error",
    pattern: /The network connection was lost/,
    fixed: { why: "the connection broke before a response arrived" },
  },
  {
    reason: "network-error",
    pattern: /The request timed out/,
    fixed: { why: "the server did not respond in time" },
  },
  {
    reason: "certificate",
    pattern: /The certificate for this server is invalid/,
  },
];

/** Not browsers: what simulates a page in a test, and what runs a page's code without one. */
export const withoutBrowser: readonly (Wording & {
  readonly engine: "jsdom" | "happy-dom" | "node" | "react-native";
})[] = [
  {
    engine: "jsdom",
    reason: "simulated-page",
    pattern: /Cross origin ([^ ]{1,600}) forbidden/,
    holes: ["origin"],
  },
  {
    engine: "jsdom",
    reason: "simulated-page",
    pattern: /(?:Header|Headers) ([\w-]{1,100}) forbidden(?=$|[\s.])/,
    holes: ["name"],
  },
  {
    engine: "jsdom",
    reason: "simulated-page",
    pattern: /Error: Response for preflight has invalid HTTP status code (\d{3})/,
    holes: ["status"],
  },
  {
    engine: "happy-dom",
    reason: "simulated-page",
    pattern:
      /Cross-Origin Request Blocked: The Same Origin Policy dissallows reading the remote resource at ["']([^"' ]{1,4096})["']/,
    holes: ["url"],
  },
  {
    engine: "node",
    reason: "no-browser",
    pattern:
      /TypeError: fetch failed(?:.{0,600}?\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|UND_ERR_\w{1,40}|CERT_\w{1,40}|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_\w{1,60})\b)?/,
    holes: ["name"],
  },
  {
    engine: "node",
    reason: "no-browser",
    pattern:
      /(?:AxiosError|FetchError|Error): (?:[^\n]{0,200}?reason: )?(?:connect|getaddrinfo|read|write) (ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|EPIPE)/,
    holes: ["name"],
  },
  {
    engine: "react-native",
    reason: "no-browser",
    pattern: /(?:TypeError|Error): Network request failed/,
  },
];
