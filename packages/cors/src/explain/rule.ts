// Which algorithm of the standard decides a reason: its name, as the text shows it, and its address.

import { link } from "../standard/snapshot.ts";
import type { BlockFacts } from "./block-facts.ts";

/** An algorithm of a standard, and where it is written. */
export interface Rule {
  readonly algorithm: string;
  readonly link: string;
}

const rules = {
  corsCheck: { algorithm: "CORS check", link: link("concept-cors-check") },
  preflight: { algorithm: "CORS-preflight fetch", link: link("cors-preflight-fetch-0") },
  redirect: { algorithm: "HTTP-redirect fetch", link: link("concept-http-redirect-fetch") },
  httpFetch: { algorithm: "HTTP fetch", link: link("concept-http-fetch") },
  mainFetch: { algorithm: "main fetch", link: link("concept-main-fetch") },
  request: { algorithm: "new Request()", link: link("dom-request") },
  corp: {
    algorithm: "Cross-Origin-Resource-Policy check",
    link: link("cross-origin-resource-policy-check"),
  },
  network: { algorithm: "network", link: link("concept-network-error") },
  csp: {
    algorithm: "Content Security Policy",
    link: "https://w3c.github.io/webappsec-csp/#directive-connect-src",
  },
  mixedContent: {
    algorithm: "Mixed Content",
    link: "https://w3c.github.io/webappsec-mixed-content/",
  },
  orb: { algorithm: "Opaque Response Blocking", link: "https://github.com/annevk/orb" },
  mimeType: {
    algorithm: "MIME type check",
    link: link("should-response-to-request-be-blocked-due-to-nosniff?"),
  },
  coep: {
    algorithm: "Cross-Origin-Embedder-Policy",
    link: "https://html.spec.whatwg.org/multipage/browsers.html#coep",
  },
  canvas: {
    algorithm: "origin-clean flag",
    link: "https://html.spec.whatwg.org/multipage/canvas.html#security-with-canvas-elements",
  },
  stylesheet: {
    algorithm: "CSSOM",
    link: "https://drafts.csswg.org/cssom/#dom-cssstylesheet-cssrules",
  },
  integrity: {
    algorithm: "Subresource Integrity",
    link: "https://w3c.github.io/webappsec-subresource-integrity/",
  },
  worker: {
    algorithm: "new Worker()",
    link: "https://html.spec.whatwg.org/multipage/workers.html#dedicated-workers-and-the-worker-interface",
  },
  webSocket: {
    algorithm: "WebSocket handshake",
    link: "https://websockets.spec.whatwg.org/#feedback-from-the-protocol",
  },
  frame: {
    algorithm: "same-origin policy",
    link: "https://html.spec.whatwg.org/multipage/nav-history-apis.html#cross-origin-objects",
  },
  frameOptions: {
    algorithm: "X-Frame-Options",
    link: "https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header",
  },
  serviceWorker: {
    algorithm: "Service Workers",
    link: "https://w3c.github.io/ServiceWorker/#fetch-event-respond-with-internal",
  },
  opaque: {
    algorithm: "opaque filtered response",
    link: link("concept-filtered-response-opaque"),
  },
  cookies: {
    algorithm: "cookies",
    link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-samesite-cookies",
  },
  connectionAllowlist: {
    algorithm: "Connection Allowlists",
    link: "https://github.com/WICG/connection-allowlists",
  },
  localNetwork: {
    algorithm: "Local Network Access",
    link: "https://wicg.github.io/local-network-access/",
  },
} as const satisfies Record<string, Rule>;

const ruleOfReason: Readonly<Record<BlockFacts["reason"], Rule>> = {
  "forbidden-method": rules.request,
  "request-invalid": rules.request,
  "mode-same-origin": rules.mainFetch,
  "scheme-not-cors": rules.mainFetch,
  "redirect-mode": rules.httpFetch,
  "network-error": rules.network,
  "acao-missing": rules.corsCheck,
  "acao-multiple": rules.corsCheck,
  "acao-invalid": rules.corsCheck,
  "acao-mismatch": rules.corsCheck,
  "acao-wildcard-credentials": rules.corsCheck,
  "acac-not-true": rules.corsCheck,
  "preflight-redirect": rules.preflight,
  "preflight-status": rules.preflight,
  "acam-unparsable": rules.preflight,
  "acah-unparsable": rules.preflight,
  "method-not-allowed": rules.preflight,
  "header-not-allowed": rules.preflight,
  "corp-blocked": rules.corp,
  "redirect-location": rules.redirect,
  "redirect-count": rules.redirect,
  "redirect-credentials": rules.redirect,
  "redirect-body": rules.redirect,
  "local-network-access": rules.localNetwork,
  certificate: rules.network,
  "request-aborted": rules.network,
  "content-blocker": rules.network,
  "csp-blocked": rules.csp,
  "mixed-content": rules.mixedContent,
  "connection-allowlist": rules.connectionAllowlist,
  "coep-blocked": rules.coep,
  "orb-blocked": rules.orb,
  "corb-blocked": rules.orb,
  "mime-type": rules.mimeType,
  "canvas-tainted": rules.canvas,
  "stylesheet-unreadable": rules.stylesheet,
  "integrity-needs-cors": rules.integrity,
  "worker-cross-origin": rules.worker,
  "websocket-refused": rules.webSocket,
  "frame-unreadable": rules.frame,
  "frame-refused": rules.frameOptions,
  "service-worker": rules.serviceWorker,
  "cookie-rejected": rules.cookies,
  "opaque-response": rules.opaque,
  "simulated-page": rules.corsCheck,
  "no-browser": rules.network,
  "header-not-exposed": rules.mainFetch,
  "forbidden-header": rules.request,
  unspecified: rules.mainFetch,
};

/**
 * The algorithm that decides for this reason. `at` distinguishes what main fetch refuses before anything is sent from where a redirect
 * leads.
 */
export function ruleOf({ reason, at }: Pick<BlockFacts, "reason" | "at">): Rule {
  if (reason === "scheme-not-cors" && at === "actual") return rules.redirect;
  if (at === "request" && (reason === "redirect-mode" || reason === "network-error"))
    return rules.mainFetch;
  return ruleOfReason[reason];
}
