// The admin listener: status, health, metrics. It only reads. A page of another origin must learn nothing
// from it, so it never sends a CORS header, never answers a request made by a foreign page, and answers
// only to its own host name: a hostile domain that resolves to 127.0.0.1 would be same-origin with it.

import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { getRequestListener } from "@hono/node-server";
import { parseOrigin } from "@corsway/cors/standard";
import type { AdminConfig } from "../config/config.ts";
import { isLoopback } from "../config/loopback.ts";
import { renderPrometheus } from "./prometheus.ts";
import { consoleFile, consolePolicy } from "./console-files.ts";
import type { Control } from "./control.ts";
import type { Status } from "./status.ts";
import { pagePolicy, renderStatusPage } from "./status-page.ts";

export interface AdminListener {
  readonly host: string;
  readonly port: number;
  close(): void;
}

/** `down`: no process is serving at the moment. */
export type State = "ok" | "draining" | "down";

/** What an admin listener shows. `status` never rejects. */
export interface Telling {
  state(): State;
  status(): Promise<Status>;
  /** Absent: there is nothing to change, and the listener only reports. */
  readonly control?: Control;
}

/** Rejects with the system's error if the address or the token file is not available. */
export async function openAdmin(config: AdminConfig, telling: Telling): Promise<AdminListener> {
  const { host, port } = config.address;
  const token = config.tokenFile === undefined ? undefined : readToken(config.tokenFile);
  if (token === undefined && !isLoopback(host))
    throw new Error(`the admin listener on ${host} needs a token_file: it is not loopback`);
  // Not imported: importing node:http reads all its exports, one of which loads all of fetch.
  const { createServer } = process.getBuiltinModule("node:http");
  const server = createServer(
    { headersTimeout: 5000, requestTimeout: 5000, keepAliveTimeout: 5000 },
    (request, response) => {
      request.on("error", () => undefined);
      response.on("error", () => undefined);
      answer(
        request,
        response,
        telling,
        token,
        (server.address() as AddressInfo | null)?.port ?? 0,
      );
    },
  );
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", () => undefined);
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { state, status, control }: Telling,
  token: Buffer | undefined,
  port: number,
): void {
  const { method, url = "/", headers } = request;
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "no-referrer");
  response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  const say = (code: number, type: string, body: string): void => {
    response.statusCode = code;
    response.setHeader("Content-Type", `${type}; charset=utf-8`);
    response.end(method === "HEAD" ? undefined : body);
  };
  const refuse = (code: number, error: string, message: string): void =>
    say(code, "application/json", `${JSON.stringify({ error, message })}\n`);

  const path = url.split("?", 1)[0];
  const isApi = path?.startsWith("/api/") === true && control !== undefined;
  if (!isApi) request.resume();
  if (!isApi && method !== "GET" && method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    refuse(405, "method_not_allowed", "only GET and HEAD");
    return;
  }
  if (path === "/healthz") {
    say(state() === "ok" ? 200 : 503, "application/json", `{"status":"${state()}"}\n`);
    return;
  }
  if (token === undefined && !isOwnName(headers.host, port)) {
    refuse(403, "foreign_host", "this is not the host name of the admin listener");
    return;
  }
  // Ports make origins and not sites: a page of another port of this machine is `same-site`. Whoever opens
  // the console from a link, in a wiki or in a page of the demo, only opens it: no page reads it that way.
  const site = headers["sec-fetch-site"];
  const isForeign = site === "cross-site" || site === "same-site";
  const isOpened =
    path === "/" &&
    headers["sec-fetch-mode"] === "navigate" &&
    headers["sec-fetch-dest"] === "document";
  if (
    (isForeign && !isOpened) ||
    (headers.origin !== undefined &&
      !isOwnOrigin(headers.origin, port) &&
      !(token !== undefined && isOriginOfHost(headers.origin, headers.host)))
  ) {
    refuse(403, "foreign_page", "pages of other origins have no access");
    return;
  }
  // Before the token: a browser that opens the page has none to send yet. The files hold no data.
  const built = consoleFile(path ?? "/");
  if (control !== undefined && built !== undefined) {
    response.setHeader("Content-Security-Policy", consolePolicy);
    if (built.immutable) response.setHeader("Cache-Control", "max-age=31536000, immutable");
    response.setHeader("Content-Type", built.type);
    response.end(method === "HEAD" ? undefined : built.body);
    return;
  }
  if (token !== undefined && !holds(token, headers.authorization)) {
    response.setHeader("WWW-Authenticate", 'Bearer realm="corsway"');
    refuse(401, "token_missing", "a token is required: Authorization: Bearer …");
    return;
  }
  if (isApi) {
    void answerApi(request, response, status, control);
    return;
  }
  const tell = (type: string, render: (status: Status) => string): void =>
    void status().then((now) => say(200, type, render(now)));
  switch (path) {
    case "/":
      response.setHeader("Content-Security-Policy", pagePolicy);
      tell("text/html", renderStatusPage);
      return;
    case "/status":
      tell("application/json", (now) => `${JSON.stringify(now, undefined, 2)}\n`);
      return;
    case "/metrics":
      tell("text/plain; version=0.0.4", renderPrometheus);
      return;
    default:
      refuse(404, "not_found", "not found; available: /, /status, /metrics and /healthz");
  }
}

const listeners = new WeakMap<Control, Promise<ReturnType<typeof getRequestListener>>>();

/** The API and its libraries are loaded with the first request for it. */
async function answerApi(
  request: IncomingMessage,
  response: ServerResponse,
  status: Telling["status"],
  control: Control,
): Promise<void> {
  let listener = listeners.get(control);
  if (listener === undefined) {
    listener = Promise.all([import("@hono/node-server"), import("./api.ts")]).then(
      ([{ getRequestListener }, { adminApi }]) =>
        getRequestListener(adminApi(status, control).fetch, { overrideGlobalObjects: false }),
    );
    listeners.set(control, listener);
  }
  await (
    await listener
  )(request, response);
}

function readToken(file: string): Buffer {
  const text = readFileSync(file, "utf8").trim();
  if (text.length < 16) throw new Error(`the token in ${file} is shorter than 16 characters`);
  return digest(text);
}

function holds(token: Buffer, authorization: string | undefined): boolean {
  if (authorization === undefined || !/^bearer /i.test(authorization)) return false;
  return timingSafeEqual(token, digest(authorization.slice(7).trim()));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function isOwnName(host: string | undefined, port: number): boolean {
  return host !== undefined && isOwnOrigin(`http://${host.toLowerCase()}`, port);
}

/**
 * The page that this listener sent under any name of its machine, also through a proxy with TLS. Only where
 * a token is needed: a name that an attacker has re-pointed to here would be such a page too.
 */
function isOriginOfHost(origin: string, host: string | undefined): boolean {
  const parsed = parseOrigin(origin);
  return (
    parsed?.kind === "tuple" &&
    (parsed.scheme === "http" || parsed.scheme === "https") &&
    host?.toLowerCase() === `${parsed.host}${parsed.port === undefined ? "" : `:${parsed.port}`}`
  );
}

function isOwnOrigin(origin: string, port: number): boolean {
  const parsed = parseOrigin(origin);
  return (
    parsed?.kind === "tuple" &&
    parsed.scheme === "http" &&
    (parsed.port ?? 80) === port &&
    isLoopback(parsed.host.replace(/^\[(.*)\]$/, "$1"))
  );
}
