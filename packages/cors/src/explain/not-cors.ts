// What stops a request, or its use, and is not CORS: in words, with what fixes it. For these, looking at the server's CORS
// headers would be in vain.

import type { NotCorsReason, BlockFacts } from "./block-facts.ts";
import { show, showShort } from "./bytes-shown.ts";
import { client, server, type Advice } from "./recommendation.ts";
import { isLoopbackHost } from "../standard/loopback-host.ts";

interface Words {
  readonly says: string;
  readonly why: string;
  readonly advice: readonly Advice[];
}

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
    why: "the request never reached the server; another visitor's browser may let it through",
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
    why: "the page's server restricts which hosts its pages may connect to; the server that is asked has no say in it",
    advice: [client(`add ${hostOf(url)} to the page's \`Connection-Allowlist\` header`)],
  }),
  "corp-blocked": corpBlocked,
  "coep-blocked": coepBlocked,
  "orb-blocked": orbBlocked,
  "corb-blocked": corbBlocked,
  "mime-type": ({ value, url }) => ({
    says: `${url === undefined ? "the answer" : show(url)} has the Content-Type ${value ? show(value) : "of something else"}, which is not what the page loads`,
    why: "browsers run scripts and apply styles only under their own types; `text/html` is most often an error page or the application's start page",
    advice: [
      server("open the URL: it has to be the file itself, with its own Content-Type"),
      client("check the path: a missing file is often answered with the start page"),
    ],
  }),
  "canvas-tainted": canvasTainted,
  "stylesheet-unreadable": () => ({
    says: "the page reads the rules of a stylesheet of another origin",
    why: "the sheet applies, but its text is for its own origin unless it was loaded with CORS",
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
    says: "the script of a worker is of another origin than the page",
    why: "workers are same-origin only; no header of the script's server changes that",
    advice: [
      client(
        'serve the script from the page\'s own origin, or start a worker from a `blob:` URL that does `importScripts("https://…")`',
      ),
    ],
  }),
  "websocket-refused": ({ status }) => ({
    says: `the server answered the WebSocket handshake with ${status ?? "another status than 101"}, so no socket opens`,
    why: "CORS has no part in a WebSocket: the browser sends `Origin`, and the server decides by it; only 101 opens the socket",
    advice: [
      server(
        "compare `Origin` with the list of pages that may connect, and answer 101 for those; a proxy in between has to pass `Upgrade` and `Connection` on",
      ),
      client("check the path: an ordinary answer (200, 404) comes from a URL without a WebSocket"),
    ],
  }),
  "frame-unreadable": () => ({
    says: "the page reaches into a frame or a window of another origin",
    why: "that is the same-origin policy of documents; CORS is for requests and does not open it",
    advice: [client("talk to it with `postMessage`, with the other side's origin as target")],
  }),
  "frame-refused": ({ url }) => ({
    says: `the page shows ${url === undefined ? "a document" : show(url)} in a frame, which that document forbids`,
    why: "`X-Frame-Options` or `frame-ancestors` of the framed document decide that, and CORS does not",
    advice: [
      server(
        "list the embedding page in `Content-Security-Policy: frame-ancestors` of the document",
      ),
      client("link to the document instead of framing it"),
    ],
  }),
  "service-worker": ({ why }) => ({
    says: `the page's service worker answered with a network error${why ? `: ${why}` : ""}`,
    why: "the request was the worker's to answer; an opaque response cannot stand for one that the page wants to read",
    advice: [
      client(
        'let the worker ask with the request\'s own mode (`fetch(event.request)`), not `mode: "no-cors"`',
      ),
      client("unregister the worker and try again, to see whether the server is at fault at all"),
    ],
  }),
  "cookie-rejected": ({ name }) => ({
    says: `the cookie ${name === undefined ? "" : `${show(name)} `}is not kept or sent: its \`SameSite\` does not let it across sites`,
    why: "CORS headers decide who reads the answer, not which cookies go along",
    advice: [
      server("set the cookie with `SameSite=None; Secure`, over https"),
      client("let page and API be of one site (`app.example.com`, `api.example.com`)"),
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
 * Is this a reason that no Access-Control header changes? A simulated page of a test is no such reason: it
 * looks at those headers, though not as a browser does.
 */
export function isNotCors(reason: string): boolean {
  return hasOwnWords(reason) && reason !== "simulated-page";
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
      server("serve a certificate that browsers trust, for this very host name, with its chain"),
      client(
        `for a development server: open ${url === undefined ? "its URL" : show(url)} in a tab once and see what the browser says of it`,
      ),
    ],
  };
}

function cspBlocked({ directive, url, passes }: BlockFacts): Words {
  const which = directive ?? "connect-src";
  return {
    says: `the page's Content Security Policy does not list ${url === undefined ? "the URL" : show(url)} in \`${which}\``,
    why: passes
      ? "it is a report only: the request goes out"
      : "the page forbids its own requests to that host; the server that is asked has no say in it, and never got the request",
    advice: [
      client(
        `add ${hostOf(url)} to \`${which}\` in the \`Content-Security-Policy\` of the page (a header of the page's server, or its \`<meta>\`)`,
      ),
    ],
  };
}

function mixedContent({ url, passes }: BlockFacts): Words {
  const secure = url?.replace(/^http:/, "https:").replace(/^ws:/, "wss:");
  return {
    says: `a page on https asks ${url === undefined ? "an insecure URL" : show(url)}`,
    why: passes
      ? "the browser loads it for now, or asks over https instead"
      : "unencrypted data could be changed in transit, so browsers stop the request before it is sent",
    advice: [
      client(`ask over https${secure === undefined ? "" : `: ${show(secure)}`}`),
      server("serve the resource over https"),
    ],
  };
}

function localNetworkAccess({ url, origin, passes }: BlockFacts): Words {
  const target = hostIn(url);
  const page = hostIn(origin);
  const isVisitors = target !== undefined && isLoopbackHost(target);
  if (isVisitors && page !== undefined && !isLoopbackHost(page))
    return {
      says: `a page of ${show(origin ?? "")} asks ${show(target)}, which is the visitor's own machine`,
      why: "`localhost` is the computer that the browser runs on, not the server that the page came from; browsers ask for permission, or refuse (Local Network Access)",
      advice: [
        client(
          `ask the server by its own address (${show(withHost(url!, page))}, if that is where the page comes from), or by a path of the page's origin`,
        ),
        client(
          "if the visitor's machine is meant: serve the page from https and let the visitor grant the permission",
        ),
      ],
    };
  return {
    says: "the page is on a public address and asks one on this machine or in the local network",
    why: passes
      ? "it passes today; it will need the user's permission (Local Network Access), and no response header grants that"
      : "that needs the user's permission (Local Network Access); no response header grants it",
    advice: [
      client(
        "serve the page from https and let the user grant the permission, or serve page and API from the same network",
      ),
    ],
  };
}

function corpBlocked({ value }: BlockFacts): Words {
  return {
    says: `Cross-Origin-Resource-Policy ${value ? `is ${showShort(value)}` : "keeps the answer from this page"}, and the request has mode \`no-cors\``,
    why: "the server forbids pages of other origins or sites to use this answer, even unseen",
    advice: [
      server(
        `send \`Cross-Origin-Resource-Policy: ${value === "same-origin" ? "same-site` if the page is of the same site, else `cross-origin" : "cross-origin"}\``,
      ),
      client('ask with `mode: "cors"`, if the server allows the origin'),
    ],
  };
}

function coepBlocked({ value }: BlockFacts): Words {
  if (value === "frame")
    return {
      says: "the page has a Cross-Origin-Embedder-Policy, and the document in its frame has none",
      why: "an isolated page takes into its frames only documents that are isolated as well",
      advice: [
        server("send `Cross-Origin-Embedder-Policy: require-corp` with the framed document"),
        client("frame it with the attribute `credentialless`"),
      ],
    };
  const policy =
    value === "dip" ? "Document-Isolation-Policy" : "Cross-Origin-Embedder-Policy (COEP)";
  return {
    says: `the page has a ${policy}, and the answer has no Cross-Origin-Resource-Policy`,
    why: "under that policy of the page an answer without the header counts as `same-origin`, so it is for its own origin only",
    advice: [
      server(
        "send `Cross-Origin-Resource-Policy: cross-origin` (or `same-site`) with the resource",
      ),
      client(
        'load it with CORS (`crossorigin="anonymous"`), or let the page use `credentialless` instead of `require-corp`',
      ),
    ],
  };
}

function orbBlocked({ status }: BlockFacts): Words {
  return {
    says: `the answer${status === undefined ? "" : ` (${status})`} is not what an image, a script or a style could be, so the page does not get it`,
    why: "Opaque Response Blocking keeps HTML, JSON and errors of other origins out of `no-cors` elements: most often the answer is an error or a login page",
    advice: [
      server(
        "open the URL and look at its status and Content-Type: it has to be the image, script or style itself",
      ),
      client('ask with CORS (`fetch`, `crossorigin="anonymous"`) if the data is meant to be read'),
    ],
  };
}

function corbBlocked({ value }: BlockFacts): Words {
  return {
    says: `the answer${value ? ` is ${show(value)}` : ""}, which no image or script can be, so the page does not get it`,
    why: "Cross-Origin Read Blocking keeps HTML, XML and JSON of other origins out of `no-cors` elements; most often nothing is lost by it",
    advice: [
      server(
        "look at the URL's answer: an error or a login page instead of the resource, most likely",
      ),
      client("read data with `fetch` in mode `cors`, not with a script or an image element"),
    ],
  };
}

function canvasTainted({ name }: BlockFacts): Words {
  return {
    says: `the canvas holds an image of another origin that was loaded without CORS${name === undefined ? "" : `, so ${show(`${name}()`)} is refused`}`,
    why: "the image may be shown, but its pixels are for its own origin unless it was asked for with CORS",
    advice: [
      client('set `crossOrigin = "anonymous"` on the image before its `src`'),
      server(
        "send `Access-Control-Allow-Origin` with the image, and `Vary: Origin`: a copy that was cached without it fails the same way",
      ),
    ],
  };
}

function simulatedPage({ engine, origin, name, status }: BlockFacts): Words {
  const which = engine === "happy-dom" ? "happy-dom" : "jsdom";
  return {
    says:
      status !== undefined
        ? `${which}, the simulated page of a test, had its preflight answered ${status}`
        : name === undefined
          ? `${which}, the simulated page of a test, got an answer without an Access-Control-Allow-Origin${origin === undefined ? " for it" : ` for ${show(origin)}`}`
          : `${which}, the simulated page of a test, got an answer that does not allow the header ${show(name)}`,
    why: "the server under test sends no CORS headers for the page's origin; what a simulated page checks of CORS is not what browsers check",
    advice: [
      server("let the server under test send its CORS headers, as it does for browsers"),
      client(
        "test CORS with `openPage(origin, server)` of `@corsway/cors/testing`, and set the test page's URL to the origin that is meant",
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
          "on an emulator ask `10.0.2.2` (Android) or the machine's address, not `localhost`; plain http has to be allowed by the app",
        ),
        server("check that the server is running and the device trusts its certificate"),
      ],
    };
  return {
    says: `Node's \`fetch\` failed${name === undefined ? "" : ` with ${show(name)}`}`,
    why: "Node does not check CORS: this is the network, the name or the certificate; its `cause` says which",
    advice: [
      server("check that the server is running, its name is correct and its certificate is valid"),
      client("look at `error.cause` of the same error"),
    ],
  };
}

function withHost(url: string, host: string): string {
  const other = new URL(url);
  other.hostname = host;
  return other.href;
}

function hostIn(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

function hostOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? show(new URL(url).origin) : "the host";
}
