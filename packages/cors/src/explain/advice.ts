// What to change, in words, if nothing can be tried because there is only a console message. (With a
// responder, remedy.ts finds the change and proves it.)

import { show, showAll } from "./bytes-shown.ts";
import { notCorsAdvice, hasOwnWords } from "./not-cors.ts";
import type { BlockFacts } from "./block-facts.ts";
import { explainCommand } from "./explain-command.ts";
import { culpritOf, notYours } from "./culprit/culprit.ts";
import { client, server, type Advice } from "./recommendation.ts";

export function advice(facts: BlockFacts): readonly Advice[] {
  const elsewhere = notYours(facts);
  const culprit = culpritOf(facts);
  if (culprit?.notTheServers) return culprit.advice;
  return [
    ...unset(facts),
    ...(culprit?.advice ?? []),
    ...ruleAdvice(facts),
    ...(elsewhere === undefined ? [] : [elsewhere]),
  ];
}

/** What JavaScript writes of a variable without a value, in a host or between slashes. */
function unset({ url, engine }: BlockFacts): Advice[] {
  const found =
    /(?<=[/.@])(?:undefined|null|NaN|(?:\[|%5B)object(?:%20| )Object(?:\]|%5D))(?=[/.:?#]|$)/i.exec(
      engine === undefined ? "" : (url ?? ""),
    )?.[0];
  return found === undefined
    ? []
    : [
        client(
          `the URL contains ${show(found)}: most likely a variable or a setting of the page has no value`,
        ),
      ];
}

/** Decided only by the rule that refused. */
export function ruleAdvice(facts: BlockFacts): readonly Advice[] {
  const origin = facts.origin ?? "<the page's origin>";
  const where =
    facts.at === "preflight"
      ? "on the OPTIONS response and on the actual response"
      : "on every response, errors included";
  const sendOrigin = `send \`Access-Control-Allow-Origin: ${origin}\` ${where}, with \`Vary: Origin\``;
  const isNobody = facts.origin === "null" || facts.origin === "file://";
  if (/^aca[oc]-/.test(facts.reason) && isNobody) return nullAdvice(facts);
  const { reason } = facts;
  if (hasOwnWords(reason)) return notCorsAdvice(reason, facts);
  switch (reason) {
    case "acao-missing":
      return missingAdvice(facts, sendOrigin);
    case "acao-invalid":
      return [server(sendOrigin)];
    case "acao-mismatch":
      return [server(sendOrigin), ...storedCopy(facts)];
    case "acao-multiple":
      return [
        server(
          `send a single Access-Control-Allow-Origin with one origin: set it in the application or in the proxy, not in both`,
        ),
      ];
    case "acao-wildcard-credentials":
      return [
        server(`${sendOrigin} and \`Access-Control-Allow-Credentials: true\``),
        client(
          'if the API needs no cookies: `credentials: "same-origin"` (XMLHttpRequest: `withCredentials = false`)',
        ),
      ];
    case "acac-not-true":
      return [
        server("send `Access-Control-Allow-Credentials: true` as well as the origin"),
        client(
          'if the API needs no cookies: `credentials: "same-origin"` (XMLHttpRequest: `withCredentials = false`)',
        ),
      ];
    case "preflight-status":
      if (facts.status !== undefined && facts.status >= 500)
        return [
          server(
            `fix the failure first (the OPTIONS response is ${facts.status}); it is best to respond to preflights before they reach the application, with 204 and the Access-Control headers`,
          ),
        ];
      return [
        server(
          `respond to OPTIONS with 204 and the Access-Control headers, before any login check${facts.status === undefined ? "" : ` (the status is ${facts.status} now)`}`,
        ),
      ];
    case "preflight-redirect":
      return [
        server("respond to OPTIONS at the requested URL; do not redirect it"),
        client(
          `request the URL that the redirect leads to${facts.location === undefined ? " (https, final slash)" : `: ${show(whole(facts.location, facts.url))}`}`,
        ),
      ];
    case "acam-unparsable":
    case "acah-unparsable":
      return [
        server(
          `write ${facts.reason === "acam-unparsable" ? "Access-Control-Allow-Methods" : "Access-Control-Allow-Headers"} as a comma-separated list of names${facts.offending === undefined ? "" : `, without ${show(facts.offending)}`}`,
        ),
      ];
    case "method-not-allowed":
      return methodAdvice(facts.method);
    case "header-not-allowed": {
      const names = facts.names ?? (facts.name === undefined ? [] : [facts.name]);
      const response = names.some((name) => name.toLowerCase().startsWith("access-control-"));
      if (response)
        return [
          client(`remove ${showAll(names)} from the page's request: it is a response header`),
        ];
      if (names.length === 0)
        return [
          server(
            "list in Access-Control-Allow-Headers what the browser asks for in the preflight's Access-Control-Request-Headers",
          ),
        ];
      const add = server(`add ${showAll(names)} to Access-Control-Allow-Headers`);
      // Without its Content-Type a body means something different, and without Authorization there is no access.
      if (names.some((name) => /^(?:content-type|authorization)$/i.test(name))) return [add];
      return [add, client(`remove ${names.length > 1 ? "them" : "it"} from the request`)];
    }
    case "redirect-credentials":
      return [server("redirect to a URL without a user name or password")];
    case "redirect-count":
      return [server("break the redirect loop")];
    case "redirect-location":
      return [server("redirect to an http or https URL")];
    case "redirect-body":
      return [client("send the body as text, a Blob or bytes instead of a stream")];
    case "redirect-mode":
      return [client('`redirect: "follow"`')];
    case "scheme-not-cors":
      if (facts.at !== undefined && facts.at !== "request")
        return [server("redirect to an http or https URL")];
      // `localhost:3000/users`: the intended host is read as a scheme.
      if (/^[\w.-]+:\d/.test(facts.url ?? ""))
        return [client(`begin the URL with its scheme: ${show(`http://${facts.url!}`)}`)];
      if (facts.url !== undefined && !URL.canParse(facts.url))
        return [client("use a whole URL, with its scheme, host and path")];
      if (facts.scheme !== "file" && URL.canParse(facts.origin ?? ""))
        return [client("use an http or https URL: put the resource on a web server")];
      return [
        client(
          "serve the page over http (for example with `npx serve`) instead of opening the file, and use http(s) URLs",
        ),
      ];
    case "mode-same-origin":
      return [
        client('`mode: "cors"` (and the server must then allow the origin)'),
        ...(facts.engine === undefined
          ? []
          : [client("if it is not a `fetch`: serve that file from the page's own origin")]),
      ];
    case "forbidden-method":
      return [client("use another method")];
    case "request-invalid":
      return [client(requestAdvice[facts.why ?? ""] ?? "correct the request")];
    case "header-not-exposed":
      return [
        server(`send \`Access-Control-Expose-Headers: ${facts.name ?? ""}\` with the response`),
      ];
    case "forbidden-header":
      return [client(`remove ${show(facts.name ?? "")} from the request, or use another name`)];
    case "unspecified":
      return [
        client(
          `test the server as the browser would: \`${explainCommand(facts.url, facts.origin)}\`${facts.at === "preflight" ? ", with the page's `--method` and `--header`" : ""}`,
        ),
        client("paste the whole line, and the lines around it"),
      ];
  }
}

/** What the message shows in addition to the missing header changes who should act first. */
function missingAdvice(facts: BlockFacts, sendOrigin: string): Advice[] {
  const { api, hop = 0, location, status } = facts;
  if (status === 421)
    return [
      server(
        "configure the host name where the request arrives; if it is there, give each host a certificate of its own, or have the proxy route by the name of each request, not of the connection",
      ),
    ];
  const found: Advice[] = [];
  if (api === "manifest")
    found.push(
      client(
        '`<link rel="manifest" crossorigin="use-credentials">`: a manifest is requested without cookies, so the response is a login page',
      ),
    );
  if (
    facts.at !== "preflight" &&
    /^https?:\/\/[^/]{1,200}\.ngrok(?:-free)?\.(?:io|app|dev)(?=[:/]|$)/.test(facts.url ?? "")
  )
    found.push(
      client(
        "send the request header `ngrok-skip-browser-warning` (and allow it on the server): ngrok's free plan answers browsers with a warning page of its own, which has no CORS headers",
      ),
    );
  if (location !== undefined)
    found.push(
      client(
        `request ${show(whole(location, facts.url))} directly instead of being redirected there`,
      ),
    );
  if (status !== undefined && status >= 400 && facts.at !== "preflight")
    found.push(
      status >= 500
        ? server(`fix the failure first: the response is ${status}`)
        : client(`check the URL and the login first: the response is ${status}`),
    );
  // After a redirect the last server may be a login page, which must not be opened to everyone.
  if (hop > 0 && api === "manifest") return found;
  found.push(server(sendOrigin));
  found.push(...storedCopy(facts));
  return found;
}

/** Elements ask without `Origin` unless they have `crossorigin`, and caches keep what they got. */
function storedCopy({ api, reason }: BlockFacts): Advice[] {
  const isStored =
    api !== undefined && /^(?:font|image|script|style|CSS|video|audio|manifest)/i.test(api);
  return isStored ? [server(checkForStoredCopy(reason))] : [];
}

/** What to do about a copy that a cache got for somebody else. */
export function checkForStoredCopy(reason: BlockFacts["reason"]): string {
  const whose =
    reason === "acao-mismatch" ? "a page of another origin" : "a request without `Origin`";
  return `check whether the response comes from a cache (the browser's or a CDN's): a copy stored for ${whose} fails the same way; send \`Vary: Origin\` with every response, then purge the cache`;
}

/** Any page can get the origin `null`, and any file has the origin `file://`: allowing it is never the advice. */
function nullAdvice({ hop = 0, url, origin, credentials, redirectedFrom }: BlockFacts): Advice[] {
  const any = server("send `Access-Control-Allow-Origin: *`, if anyone may read the response");
  const secure = withoutDowngrade(redirectedFrom, url);
  if (secure !== undefined)
    return [
      client(`request ${show(secure)}: the redirect leads from https to http`),
      server(
        "build redirects with the scheme that the visitor uses: behind a proxy that ends TLS, that is in `X-Forwarded-Proto`",
      ),
    ];
  if (hop > 0)
    return [
      client(
        `request ${url === undefined ? "the last URL" : show(url)} directly instead of being redirected there`,
      ),
      ...(credentials === "include" ? [] : [any]),
    ];
  return [
    client(
      `serve the page from an http(s) origin of its own; never allow \`${origin ?? "null"}\` on a server`,
    ),
    ...(credentials === "include" ? [] : [any]),
  ];
}

/** Where a redirect only loses its TLS: the target over https, as a page on https has to request it. */
function withoutDowngrade(from: string | undefined, to: string | undefined): string | undefined {
  if (from === undefined || to === undefined || !URL.canParse(from) || !URL.canParse(to))
    return undefined;
  const target = new URL(to);
  if (new URL(from).protocol !== "https:" || target.protocol !== "http:") return undefined;
  if (new URL(from).hostname !== target.hostname) return undefined;
  target.protocol = "https:";
  return target.href;
}

function whole(location: string, base: string | undefined): string {
  return URL.canParse(location, base) ? new URL(location, base).href : location;
}

const requestAdvice: Readonly<Record<string, string>> = {
  "url-credentials": "remove the user name and password from the URL; send an Authorization header",
  "body-with-get": "use POST, or remove the body",
  initiator: "remove that setting, or use `fetch`",
  "no-cors-method": 'use GET, HEAD or POST, or `mode: "cors"`',
  "stream-mode": '`mode: "cors"`, or a body that is not a stream',
};

function methodAdvice(method: string | undefined): Advice[] {
  const add = server(
    `add ${method === undefined ? "the method" : show(method)} to Access-Control-Allow-Methods`,
  );
  if (method === undefined || method === method.toUpperCase()) return [add];
  return [client(`write the method in upper case: ${show(method.toUpperCase())}`), add];
}
