// What stops a request, or its use, and is not CORS: in words, with what fixes it. For these, looking at the server's CORS
// headers would be in vain.

import type { NotCorsReason, BlockFacts } from "./block-facts.ts";
import { show, showShort } from "./bytes-shown.ts";
import { cspBlocked } from "./csp-words.ts";
import { hostOf } from "./host-shown.ts";
import { localNetworkAccess, mixedContent } from "./less-public-words.ts";
import { client, server, type Advice, type Words } from "./recommendation.ts";

const words: Readonly<Record<NotCorsReason, (facts: BlockFacts) => Words>> = {
  "network-error": networkError,
  certificate,
  "request-aborted": () => ({
    says: "the request was cancelled before its response arrived",
    why: "leaving the page, an `AbortController` or a second request for the same thing does that; it is not the server's fault",
    advice: [
      client("find out what aborts it: a form that submits, a component that unmounts, a timeout"),
    ],
  }),
  "content-blocker": () => ({
    says: "an extension or the browser's own tracking protection stopped the request",
    why: "the request never reached the server; another visitor's browser may allow it",
    advice: [
      client("allow the site in the blocker, or try a private window without extensions"),
      client("avoid hosts and paths that filter lists know (`/ads`, `/analytics`, `/track`)"),
    ],
  }),
  "csp-blocked": cspBlocked,
  "mixed-content": mixedContent,
  "local-network-access": localNetworkAccess,
  "connection-allowlist": ({ url }) => ({
    says: "the page's own `Connection-Allowlist` does not list the URL",
    why: "the page's server restricts which hosts its pages may connect to; the requested server cannot change that",
    advice: [client(`add ${hostOf(url)} to the page's \`Connection-Allowlist\` header`)],
  }),
  "corp-blocked": corpBlocked,
  "coep-blocked": coepBlocked,
  "orb-blocked": orbBlocked,
  "corb-blocked": corbBlocked,
  "mime-type": ({ value, url }) => ({
    says: `${url === undefined ? "the response" : show(url)} has the Content-Type ${value ? show(value) : "of something else"}, which is not what the page loads`,
    why: "browsers run scripts and apply styles only under their own types; `text/html` is most often an error page or the application's start page",
    advice: [
      server("open the URL: it must be the file itself, with its own Content-Type"),
      client("check the path: servers often respond to a missing file with the start page"),
    ],
  }),
  "canvas-tainted": canvasTainted,
  "stylesheet-unreadable": () => ({
    says: "the page reads the rules of a stylesheet from another origin",
    why: "the sheet is applied, but only its own origin may read its rules unless it was loaded with CORS",
    advice: [
      client('load it with `<link crossorigin="anonymous">`'),
      server("send `Access-Control-Allow-Origin` with the stylesheet"),
    ],
  }),
  "integrity-needs-cors": () => ({
    says: "the resource has an `integrity` attribute and was loaded without CORS",
    why: "the browser may compare the bytes of another origin only if that origin allows the page to read them",
    advice: [
      client('add `crossorigin="anonymous"` to the element'),
      server("send `Access-Control-Allow-Origin` with the resource"),
    ],
  }),
  "worker-cross-origin": () => ({
    says: "the worker's script is from a different origin than the page",
    why: "workers are same-origin only; no header of the script's server changes that",
    advice: [
      client(
        'serve the script from the page\'s own origin, or start a worker from a `blob:` URL that does `importScripts("https://…")`',
      ),
    ],
  }),
  "websocket-refused": ({ status }) => ({
    says: `the server responded to the WebSocket handshake with ${status ?? "a status other than 101"}, so no socket was opened`,
    why: "CORS does not apply to WebSockets: the browser sends `Origin`, and the server decides by it; only 101 opens the socket",
    advice: [
      server(
        "compare `Origin` with the list of pages that may connect, and respond with 101 to those; a proxy in between must forward `Upgrade` and `Connection`",
      ),
      client(
        "check the path: an ordinary response (200, 404) comes from a URL without a WebSocket",
      ),
    ],
  }),
  "frame-unreadable": frameUnreadable,
  "frame-refused": frameRefused,
  "service-worker": ({ why }) => ({
    says: `the page's service worker responded with a network error${why ? `: ${why}` : ""}`,
    why: "the worker handled the request; an opaque response cannot replace one that the page wants to read",
    advice: [
      client(
        'make the worker fetch with the request\'s own mode (`fetch(event.request)`), not `mode: "no-cors"`',
      ),
      client("unregister the worker and try again, to see whether the server is at fault at all"),
    ],
  }),
  "cookie-rejected": cookieRejected,
  "opaque-response": () => ({
    says: "the response is opaque: the page requested it in mode `no-cors`, so it gets no status, no headers and an empty body",
    why: "that mode is for what a page shows or stores without reading it; it does not get around CORS",
    advice: [
      client('leave out `mode: "no-cors"`'),
      server("then allow the page's origin with `Access-Control-Allow-Origin`"),
    ],
  }),
  "simulated-page": simulatedPage,
  "no-browser": noBrowser,
};

export const notCorsSentences = Object.fromEntries(
  Object.entries(words).map(([reason, of]) => [
    reason,
    (facts: BlockFacts) => {
      const { says, why } = of(facts);
      return { says, why };
    },
  ]),
) as Readonly<
  Record<NotCorsReason, (facts: BlockFacts) => { readonly says: string; readonly why: string }>
>;

/** Are this reason's words here? */
export function hasOwnWords(reason: string): reason is NotCorsReason {
  return Object.hasOwn(words, reason);
}

/**
 * Is this a reason that no Access-Control header changes? Two have words of their own and depend on those headers: a
 * simulated page of a test looks at them, though not as a browser does, and an opaque response becomes readable by them.
 */
export function isNotCors(reason: string): boolean {
  return hasOwnWords(reason) && reason !== "simulated-page" && reason !== "opaque-response";
}

export function notCorsAdvice(reason: NotCorsReason, facts: BlockFacts): readonly Advice[] {
  return words[reason](facts).advice;
}

function networkError({ why }: BlockFacts): Words {
  return {
    says: why ?? "the request failed on the network",
    why: "the page sees a network error, and CORS was not checked",
    advice:
      why?.startsWith("port ") || why === "browsers do not connect to this port"
        ? [server("listen on another port")]
        : why?.startsWith("CORS is switched off")
          ? [client("set `content.cors.disable` to `false` in `about:config`")]
          : [
              server(
                "check that the server is running, its certificate is valid and its name is correct; then look at ad blockers and mixed content",
              ),
            ],
  };
}

function certificate({ value, url }: BlockFacts): Words {
  return {
    says: `the browser does not accept the server's certificate or its TLS${value ? ` (${value})` : ""}`,
    why: "the connection failed before a request was sent, so no CORS header was seen",
    advice: [
      server("serve a certificate that browsers trust, for exactly this host name, with its chain"),
      client(
        `for a development server: open ${url === undefined ? "its URL" : show(url)} in a tab once and see what the browser reports`,
      ),
    ],
  };
}

function corpBlocked({ value }: BlockFacts): Words {
  return {
    says: `Cross-Origin-Resource-Policy ${value ? `is ${showShort(value)}` : "keeps the response from this page"}, and the request has mode \`no-cors\``,
    why: "the server forbids pages of other origins or sites to use this response, even without reading it",
    advice: [
      server(
        `send \`Cross-Origin-Resource-Policy: ${value === "same-origin" ? "same-site` if the page is on the same site, otherwise `cross-origin" : "cross-origin"}\``,
      ),
      client('use `mode: "cors"`, if the server allows the origin'),
    ],
  };
}

function coepBlocked({ value }: BlockFacts): Words {
  if (value === "frame")
    return {
      says: "the page has a Cross-Origin-Embedder-Policy, and the document in its frame has none",
      why: "an isolated page can frame only documents that are isolated as well",
      advice: [
        server("send `Cross-Origin-Embedder-Policy: require-corp` with the framed document"),
        client("frame it with the attribute `credentialless`"),
      ],
    };
  const policy =
    value === "dip" ? "Document-Isolation-Policy" : "Cross-Origin-Embedder-Policy (COEP)";
  return {
    says: `the page has a ${policy}, and the response has no Cross-Origin-Resource-Policy`,
    why: "under that policy a response without the header counts as `same-origin`, so only its own origin may use it",
    advice: [
      server(
        "send `Cross-Origin-Resource-Policy: cross-origin` (or `same-site`) with the resource",
      ),
      client(
        'load it with CORS (`crossorigin="anonymous"`), or use `credentialless` on the page instead of `require-corp`',
      ),
    ],
  };
}

function orbBlocked({ status }: BlockFacts): Words {
  return {
    says: `the response${status === undefined ? "" : ` (${status})`} cannot be an image, a script or a style, so the page does not get it`,
    why: "Opaque Response Blocking keeps HTML, JSON and errors of other origins out of `no-cors` elements: most often the response is an error or a login page",
    advice: [
      server(
        "open the URL and look at its status and Content-Type: it must be the image, script or style itself",
      ),
      client(
        'request it with CORS (`fetch`, `crossorigin="anonymous"`) if the data is meant to be read',
      ),
    ],
  };
}

function corbBlocked({ value }: BlockFacts): Words {
  return {
    says: `the response${value ? ` is ${show(value)}, which` : ""} cannot be an image or a script, so the page does not get it`,
    why: "Cross-Origin Read Blocking keeps HTML, XML and JSON of other origins out of `no-cors` elements; usually nothing is lost",
    advice: [
      server(
        "look at the URL's response: most likely it is an error or a login page instead of the resource",
      ),
      client("read data with `fetch` in mode `cors`, not with a script or an image element"),
    ],
  };
}

function canvasTainted({ name }: BlockFacts): Words {
  return {
    says: `the canvas contains an image from another origin that was loaded without CORS${name === undefined ? "" : `, so ${show(`${name}()`)} is refused`}`,
    why: "the image may be shown, but only its own origin may read its pixels unless it was loaded with CORS",
    advice: [
      client('set `crossOrigin = "anonymous"` on the image before its `src`'),
      server(
        "send `Access-Control-Allow-Origin` with the image, and `Vary: Origin`: a copy that was cached without it fails the same way",
      ),
    ],
  };
}

function frameUnreadable({ why, name, value, offending }: BlockFacts): Words {
  if (why === "opener")
    return {
      says: `the \`Cross-Origin-Opener-Policy\` of the page, or of the window that it opened, keeps the two apart${name === undefined ? "" : ` (${show(name)})`}`,
      why: "a sign-in window can then neither be watched nor report back; CORS headers have no part in it",
      advice: [
        server(
          "send `Cross-Origin-Opener-Policy: same-origin-allow-popups` with the page that opens the window; if everything works, ignore the message",
        ),
      ],
    };
  if (why === "target")
    return {
      says: `the page posts a message to ${show(value ?? "")}, and the window shows ${show(offending ?? "")}`,
      why: "`postMessage` delivers only to the origin that it names; often the window has not loaded its page yet, or the name is misspelt",
      advice: [
        client(
          "wait until the other side has loaded, and name its origin exactly (scheme, host, port)",
        ),
      ],
    };
  return {
    says: "the page accesses a frame or a window of another origin",
    why: "that is the same-origin policy of documents; CORS applies to requests and does not relax it",
    advice: [
      client(
        "communicate with it through `postMessage`, with the other side's origin as the target",
      ),
    ],
  };
}

function frameRefused({ url, why }: BlockFacts): Words {
  const what = url === undefined ? "a document" : show(url);
  if (why === "either")
    return {
      says: `the headers of ${url === undefined ? "the response" : show(url)} keep it from this page`,
      why: "for a document in a frame that is `X-Frame-Options` or `frame-ancestors`, for anything else Cross-Origin-Resource-Policy; not CORS",
      advice: [
        server(
          "list the embedding page in `Content-Security-Policy: frame-ancestors` of a document; send `Cross-Origin-Resource-Policy: cross-origin` (or `same-site`) with a script or an image",
        ),
      ],
    };
  return {
    says: `the page shows ${what} in a frame, which that document forbids`,
    why: "`X-Frame-Options` or `frame-ancestors` of the framed document decides that, not CORS",
    advice: [
      server(
        "list the embedding page in `Content-Security-Policy: frame-ancestors` of the document",
      ),
      client("link to the document instead of framing it"),
    ],
  };
}

function cookieRejected({ name, url, why, passes }: BlockFacts): Words {
  if (passes)
    return {
      says: `a cookie${url === undefined ? "" : ` of ${show(url)}`} has no \`SameSite\`, so newer browsers do not send it across sites`,
      why: "CORS headers decide who may read the response, not which cookies are sent",
      advice: [server("set it with `SameSite=None; Secure`, over https, if other sites need it")],
    };
  if (why === "storage")
    return {
      says: `the browser's tracking protection keeps cookies and storage from ${url === undefined ? "a third party" : show(url)}`,
      why: "the request itself is sent, without cookies: that is not a CORS refusal, but a login can get lost by it",
      advice: [
        client(
          "if nothing is missing, ignore it; otherwise put the page and that host on one site, or use the Storage Access API",
        ),
      ],
    };
  return {
    says: `the cookie ${name === undefined ? "" : `${show(name)} `}is not stored or sent: its \`SameSite\` does not allow it across sites`,
    why: "CORS headers decide who may read the response, not which cookies are sent",
    advice: [
      server("set the cookie with `SameSite=None; Secure`, over https"),
      client("put the page and the API on one site (`app.example.com`, `api.example.com`)"),
    ],
  };
}

function simulatedPage({ engine, origin, name, status }: BlockFacts): Words {
  const which = engine === "happy-dom" ? "happy-dom" : "jsdom";
  return {
    says:
      status !== undefined
        ? `${which}, the simulated page of a test, got status ${status} for its preflight`
        : name === undefined
          ? `${which}, the simulated page of a test, got a response without an Access-Control-Allow-Origin${origin === undefined ? " for it" : ` for ${show(origin)}`}`
          : `${which}, the simulated page of a test, got a response that does not allow the header ${show(name)}`,
    why: "the server under test sends no CORS headers for the page's origin; a simulated page's CORS checks are not those of browsers",
    advice: [
      server("make the server under test send its CORS headers, as it does for browsers"),
      client(
        "test CORS with `openPage(origin, server)` of `@corsway/cors/testing`, and set the test page's URL to the intended origin",
      ),
    ],
  };
}

function noBrowser({ engine, name }: BlockFacts): Words {
  if (engine === "react-native")
    return {
      says: "React Native's own network layer failed (or a `fetch` polyfill's)",
      why: "an app has no origin and no CORS: the server was not reached, or its certificate was refused",
      advice: [
        client(
          "on an emulator use `10.0.2.2` (Android) or the machine's address, not `localhost`; the app must allow plain http",
        ),
        server("check that the server is running and the device trusts its certificate"),
      ],
    };
  return {
    says: `Node's \`fetch\` failed${name === undefined ? "" : ` with ${show(name)}`}`,
    why: "Node does not check CORS: this is the network, the name or the certificate; its `cause` shows which",
    advice: [
      server("check that the server is running, its name is correct and its certificate is valid"),
      client("look at `error.cause` of the same error"),
    ],
  };
}
