// Exchanges that end in each reason code, for real browsers: what the page asks, and a server on a
// bare socket that answers byte for byte. The same answers serve the model, so that what a console
// said can be held against what consoleMessage says it says.

import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import {
  getHeader,
  type Header,
  type RequestHead,
  type ResponseHead,
} from "@corsway/cors/standard";
import type { NetworkError, PageRequest, ReasonCode } from "@corsway/cors/browser";

export interface MessageCase {
  readonly name: string;
  /** Chromium's reason. */
  readonly reason: ReasonCode;
  readonly ask?: Ask;
  readonly preflight?: Answer;
  readonly actual?: Answer;
  /** The answer at `/N/next`, where a redirect leads. */
  readonly next?: Answer;
}

/** As the page writes it; everything in it goes through JSON. */
export interface Ask {
  readonly method?: string;
  readonly headers?: readonly Header[];
  readonly body?: string;
  readonly credentials?: "omit" | "same-origin" | "include";
  readonly mode?: "cors" | "no-cors" | "same-origin";
  readonly redirect?: "follow" | "error" | "manual";
  readonly initiator?: "fetch" | "xhr";
  /** Instead of the other server's; `OWN` is the page's. */
  readonly url?: string;
}

/** `none`: the connection is closed without a byte. In values, ORIGIN, SELF and OTHER are filled in. */
type Answer = "none" | readonly [status: number, ...headers: readonly Header[]];

const blank = `<!doctype html><link rel="icon" href="data:,"><title>a page</title>`;
const acao = "Access-Control-Allow-Origin";
const acac = "Access-Control-Allow-Credentials";
const acam = "Access-Control-Allow-Methods";
const acah = "Access-Control-Allow-Headers";
const own: Header = [acao, "ORIGIN"];
const put: Ask = { method: "PUT" };
const cookies: Ask = { credentials: "include" };
const xhr: Ask = { initiator: "xhr" };

const one = (value: string): Answer => [200, [acao, value]];

/** Every ACAO failure, on a plain GET and on a preflight, with fetch and with XMLHttpRequest. */
const origins: readonly Omit<MessageCase, "preflight">[] = [
  { name: "no header", reason: "acao-missing", actual: [200] },
  { name: "no header on a 404", reason: "acao-missing", actual: [404] },
  { name: "an empty header", reason: "acao-invalid", actual: one("") },
  { name: "another origin", reason: "acao-mismatch", actual: one("https://other.example") },
  { name: "a final slash", reason: "acao-mismatch", actual: one("ORIGIN/") },
  { name: "no scheme", reason: "acao-invalid", actual: one("app.example.com") },
  { name: "null", reason: "acao-mismatch", actual: one("null") },
  { name: "a list", reason: "acao-multiple", actual: one("ORIGIN, https://other.example") },
  {
    name: "a list by spaces",
    reason: "acao-multiple",
    actual: one("ORIGIN https://other.example"),
  },
  { name: "two lines", reason: "acao-multiple", actual: [200, own, [acao, "*"]] },
  { name: "two equal lines", reason: "acao-multiple", actual: [200, own, own] },
  { name: "quotes", reason: "acao-invalid", actual: one("'ORIGIN'") },
  { name: "eight bits", reason: "acao-mismatch", actual: one("https://caf\u00c3\u00a9.example") },
  {
    name: "wildcard with credentials",
    reason: "acao-wildcard-credentials",
    ask: cookies,
    actual: [200, [acao, "*"], [acac, "true"]],
  },
  { name: "no credentials", reason: "acac-not-true", ask: cookies, actual: [200, own] },
  { name: "True", reason: "acac-not-true", ask: cookies, actual: [200, own, [acac, "True"]] },
];

export const messageCases: readonly MessageCase[] = [
  ...origins,
  ...origins.map((each) => ({
    ...each,
    name: `${each.name}, XMLHttpRequest`,
    ask: { ...each.ask, ...xhr },
  })),
  ...origins.map(({ name, reason, ask, actual }): MessageCase => ({
    name: `${name}, on the preflight`,
    reason,
    ask: { ...ask, ...put },
    preflight: actual!,
  })),
  ...[404, 401, 500, 304].map((status): MessageCase => ({
    name: `preflight ${status}`,
    reason: "preflight-status",
    ask: put,
    preflight: [status, own, [acam, "PUT"]],
  })),
  {
    name: "preflight 403 without headers",
    reason: "acao-missing",
    ask: put,
    preflight: [403],
  },
  {
    name: "preflight redirected",
    reason: "preflight-redirect",
    ask: put,
    preflight: [301, own, ["Location", "SELF/next"]],
  },
  {
    name: "preflight redirected, XMLHttpRequest",
    reason: "preflight-redirect",
    ask: { ...put, ...xhr },
    preflight: [308, own, ["Location", "SELF/next"]],
  },
  {
    name: "preflight redirected without headers",
    reason: "preflight-redirect",
    ask: put,
    preflight: [302, ["Location", "SELF/next"]],
  },
  {
    name: "methods no list",
    reason: "acam-unparsable",
    ask: put,
    preflight: [204, own, [acam, "GET PUT"]],
  },
  {
    name: "methods with a bad name among good ones",
    reason: "acam-unparsable",
    ask: put,
    preflight: [204, own, [acam, "PUT, (x), GET"]],
  },
  {
    name: "headers no list",
    reason: "acah-unparsable",
    ask: { headers: [["X-Token", "1"]] },
    preflight: [204, own, [acah, "X-Token; Content-Type"]],
  },
  {
    name: "headers with a bad name",
    reason: "acah-unparsable",
    ask: { headers: [["X-Token", "1"]] },
    preflight: [204, own, [acah, "X-Token, a b"]],
  },
  {
    name: "method missing",
    reason: "method-not-allowed",
    ask: put,
    preflight: [204, own, [acam, "GET, POST"]],
  },
  { name: "no methods", reason: "method-not-allowed", ask: put, preflight: [204, own] },
  {
    name: "method in lower case",
    reason: "method-not-allowed",
    ask: { method: "patch" },
    preflight: [204, own, [acam, "PATCH"]],
  },
  {
    name: "header missing",
    reason: "header-not-allowed",
    ask: { headers: [["X-Token", "1"]] },
    preflight: [204, own, [acah, "X-Other"]],
  },
  {
    name: "content type missing",
    reason: "header-not-allowed",
    ask: { headers: [["Content-Type", "application/json"]], method: "POST", body: "{}" },
    preflight: [204, own],
  },
  {
    name: "header missing, XMLHttpRequest",
    reason: "header-not-allowed",
    ask: { ...xhr, headers: [["X-Token", "1"]] },
    preflight: [204, own],
  },
  {
    name: "redirected to an answer without header",
    reason: "acao-missing",
    actual: [302, own, ["Location", "SELF/next"]],
    next: [200],
  },
  {
    name: "redirected to another origin, which knows none",
    reason: "acao-mismatch",
    actual: [302, own, ["Location", "OTHER/next"]],
    next: [200, own],
  },
  {
    name: "redirected, the redirect itself without header",
    reason: "acao-missing",
    actual: [302, ["Location", "SELF/next"]],
    next: [200, own],
  },
  {
    name: "redirected PUT, whose second preflight fails",
    reason: "acao-missing",
    ask: put,
    preflight: [204, own, [acam, "PUT"]],
    actual: [307, own, ["Location", "SELF/next"]],
    next: [403],
  },
  {
    name: "redirected to user name and password",
    reason: "redirect-credentials",
    actual: [302, own, ["Location", "USER/next"]],
    next: [200, own],
  },
  {
    name: "redirected to another scheme",
    reason: "scheme-not-cors",
    actual: [302, own, ["Location", "ftp://127.0.0.1/x"]],
  },
  {
    name: "redirected to a file",
    reason: "scheme-not-cors",
    actual: [302, own, ["Location", "file:///etc/hosts"]],
  },
  {
    name: "redirected to a scheme of nobody, XMLHttpRequest",
    reason: "scheme-not-cors",
    ask: xhr,
    actual: [302, own, ["Location", "foo://bar/x"]],
  },
  {
    name: "redirected to a data URL",
    reason: "scheme-not-cors",
    actual: [302, own, ["Location", "data:text/plain,x"]],
  },
  {
    name: "redirected to nowhere",
    reason: "redirect-location",
    actual: [302, own, ["Location", "http://[/"]],
  },
  {
    name: "redirected in a circle",
    reason: "redirect-count",
    actual: [302, own, ["Location", "SELF"]],
  },
  {
    name: "redirected, and the page wants none",
    reason: "redirect-mode",
    ask: { redirect: "error" },
    actual: [302, own, ["Location", "SELF/next"]],
    next: [200, own],
  },
  {
    name: "another scheme",
    reason: "scheme-not-cors",
    ask: { url: "ftp://127.0.0.1/x" },
  },
  {
    name: "another scheme, XMLHttpRequest",
    reason: "scheme-not-cors",
    ask: { ...xhr, url: "ftp://127.0.0.1/x" },
  },
  { name: "a scheme of nobody", reason: "scheme-not-cors", ask: { url: "foo://bar/x" } },
  {
    name: "a scheme of nobody, XMLHttpRequest",
    reason: "scheme-not-cors",
    ask: { ...xhr, url: "foo://bar/x" },
  },
  { name: "a file", reason: "scheme-not-cors", ask: { url: "file:///etc/hosts" } },
  {
    name: "a file, XMLHttpRequest",
    reason: "scheme-not-cors",
    ask: { ...xhr, url: "file:///etc/hosts" },
  },
  {
    name: "mode same-origin, redirected to another origin",
    reason: "mode-same-origin",
    ask: { mode: "same-origin", url: "OWN" },
    actual: [302, ["Location", "SELF/next"]],
  },
  {
    name: "another origin's user name and password",
    reason: "redirect-credentials",
    actual: [302, own, ["Location", "http://me:secret@localhost:1/"]],
  },
  { name: "odd bytes", reason: "acao-mismatch", actual: one('https://a"\\b<c>\u0001\t\u007f%41') },
  {
    name: "odd bytes in a list",
    reason: "acam-unparsable",
    ask: put,
    preflight: [204, own, [acam, 'PUT, "caf\u00c3\u00a9\u00ff']],
  },
  { name: "mode same-origin", reason: "mode-same-origin", ask: { mode: "same-origin" } },
  { name: "no answer", reason: "network-error", actual: "none" },
  { name: "no answer, XMLHttpRequest", reason: "network-error", ask: xhr, actual: "none" },
  { name: "no answer to the preflight", reason: "network-error", ask: put, preflight: "none" },
  {
    name: "another site's resource",
    reason: "corp-blocked",
    ask: { mode: "no-cors" },
    actual: [200, ["Cross-Origin-Resource-Policy", "same-origin"]],
  },
  {
    name: "no-cors with a manual redirect",
    reason: "redirect-mode",
    ask: { mode: "no-cors", redirect: "manual" },
  },
];

export interface MessageServer {
  /** Of the page: there is a blank one at its `/`. */
  readonly origin: string;
  /** What the page asks in case N. */
  request(index: number): PageRequest;
  answer(request: RequestHead): ResponseHead | NetworkError;
  close(): Promise<void>;
}

/** A page's server and another one; under the name `localhost` that is a third origin. */
export async function startMessageServer(): Promise<MessageServer> {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    let pending = "";
    socket.on("data", (chunk) => {
      pending += chunk.toString("latin1");
      const end = pending.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = readHead(pending.slice(0, end));
      const length = Number(getHeader(head.headers, "content-length") ?? 0);
      if (pending.length < end + 4 + length) return;
      pending = "";
      const answer = serve(head);
      if ("kind" in answer) {
        socket.destroy();
        return;
      }
      const body = head.method === "OPTIONS" || [204, 304].includes(answer.status) ? "" : blank;
      const lines = [
        ...answer.headers,
        ["Content-Length", `${body.length}`],
        ["Connection", "close"],
      ]
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join("");
      socket.end(`HTTP/1.1 ${answer.status} Status\r\n${lines}\r\n${body}`, "latin1");
    });
  };
  const servers = [createServer(accept), createServer(accept)] as const;
  const origin = `http://127.0.0.1:${await listen(servers[0])}`;
  const port = await listen(servers[1]);
  const base = `http://127.0.0.1:${port}`;

  function serve(request: RequestHead): ResponseHead | NetworkError {
    const [, index = "", next] = new URL(request.url).pathname.split("/");
    if (index === "") return { status: 200, headers: [["Content-Type", "text/html"]] };
    const found = messageCases[Number(index)];
    const fill = (value: string) =>
      value
        .replaceAll("ORIGIN", origin)
        .replaceAll("SELF", `${base}/${index}`)
        .replaceAll("OTHER", `http://localhost:${port}/${index}`)
        .replaceAll("USER", `http://me:secret@127.0.0.1:${port}/${index}`);
    const answer =
      next === undefined
        ? request.method === "OPTIONS"
          ? found?.preflight
          : found?.actual
        : found?.next;
    if (answer === "none") return { kind: "network-error", why: "connection closed" };
    const [status, ...headers] = answer ?? [500];
    return { status, headers: headers.map(([name, value]) => [name, fill(value)]) };
  }

  return {
    origin,
    request(index) {
      const { url, headers, body, ...ask } = messageCases[index]!.ask ?? {};
      return {
        ...ask,
        origin,
        url: url === "OWN" ? `${origin}/${index}` : (url ?? `${base}/${index}`),
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined
          ? {}
          : {
              body: { kind: "bytes", length: body.length, contentType: "text/plain;charset=UTF-8" },
            }),
      };
    },
    answer: serve,
    async close() {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) await new Promise((done) => server.close(done));
    },
  };
}

/** Runs in the page, so it uses nothing from outside its own text. Resolves when the answer is known. */
export async function askInPage(ask: Ask & { readonly url: string }): Promise<string> {
  const { url, initiator, headers = [], ...init } = ask;
  try {
    if (initiator !== "xhr") {
      const response = await fetch(url, {
        ...init,
        headers: headers.map(([n, v]) => [n, v] as [string, string]),
      });
      return `${response.type} ${response.status}`;
    }
    return await new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open(init.method ?? "GET", url);
      request.withCredentials = init.credentials === "include";
      for (const [name, value] of headers) request.setRequestHeader(name, value);
      request.onloadend = () => resolve(request.status === 0 ? "blocked" : `${request.status}`);
      request.send(init.body ?? null);
    });
  } catch (error) {
    return `blocked: ${String(error)}`;
  }
}

function readHead(text: string): RequestHead {
  const [line = "", ...lines] = text.split("\r\n");
  const headers: Header[] = lines.map((each) => {
    const colon = each.indexOf(":");
    return [each.slice(0, colon), each.slice(colon + 1).trim()];
  });
  const [method = "", target = ""] = line.split(" ");
  return { method, url: `http://${getHeader(headers, "host")}${target}`, headers };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
