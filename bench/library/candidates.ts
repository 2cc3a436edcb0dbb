// The middleware and the four packages that most people use, each in its own framework's way, and each way without any CORS:
// what none of them is responsible for.

import { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import fastifyPeer from "@fastify/cors";
import { cors as fastifyOurs } from "@corsway/cors/fastify";
import { cors as honoOurs } from "@corsway/cors/hono";
import { cors as koaOurs } from "@corsway/cors/koa";
import { cors as nodeOurs } from "@corsway/cors/node";
import { Hono } from "hono";
import { cors as honoPeer } from "hono/cors";
import { originsOf, type Exchange, type Shape } from "./exchanges.ts";
import { allowed, exposed, ideal, lateIdeal, methods, type Middleware } from "./ideal.ts";
import {
  FastifyReply,
  FastifyRequest,
  KoaContext,
  StubResponse,
  type Response,
} from "./stand-ins.ts";

/** `stub`: a response that only keeps its headers. `real`: a ServerResponse without a socket. */
export type Kind = "stub" | "real";

/** One request, to the end of its response. */
export type Run = () => void | Promise<void>;

type Candidate = (shape: Shape, exchange: Exchange, kind: Kind) => Run | Promise<Run>;

// Packages without types of their own.
const require = createRequire(import.meta.url);
type Options = Record<string, unknown>;
type KoaMiddleware = (context: KoaContext, next: () => Promise<void>) => Promise<void>;
const corsPeer = require("cors") as (options: Options) => Middleware;
const koaPeer = require("@koa/cors") as (options: Options) => KoaMiddleware;

export const candidates: Readonly<Record<string, Candidate>> = {
  "node: floor": onNode(() => (_request, _response, next) => next()),
  "node: ours": onNode((shape) => nodeOurs(ours(shape)) as Middleware),
  "node: echo": onNode((shape) => nodeOurs({ ...ours(shape), allowHeaders: "*" }) as Middleware),
  "node: ideal": onNode(ideal),
  "node: late ideal": onNode(lateIdeal),
  "node: cors": onNode((shape) => corsPeer(peerOptions(shape))),
  "fastify: floor": onFastify(async (server) =>
    server.addHook("onRequest", (_request, _reply, done) => done()),
  ),
  "fastify: ours": onFastify(async (server, shape) =>
    (fastifyOurs(ours(shape)) as unknown as Plugin)(server, {}, () => undefined),
  ),
  "fastify: @fastify/cors": onFastify(
    (server, shape) =>
      new Promise((resolve) => {
        (fastifyPeer as unknown as Plugin)(server, peerOptions(shape), resolve);
      }),
  ),
  "koa: floor": onKoa(() => (_context, next) => next()),
  "koa: ours": onKoa((shape) => koaOurs(ours(shape)) as unknown as KoaMiddleware),
  "koa: @koa/cors": onKoa((shape) => {
    const find = peerFunction(shape);
    return koaPeer({
      ...peerOptions(shape),
      origin: (context: KoaContext) => find(String(context.get("origin"))),
      allowMethods: methods,
      allowHeaders: allowed,
      exposeHeaders: exposed,
    });
  }),
  "hono: floor": onHono(() => (_context, next) => next()),
  "hono: ours": onHono((shape) => honoOurs(ours(shape))),
  "hono: hono/cors": onHono((shape) =>
    honoPeer({
      origin: shape.wildcards ? peerFunction(shape) : originsOf(shape),
      allowMethods: methods,
      allowHeaders: allowed,
      exposeHeaders: exposed,
      credentials: true,
      maxAge: 600,
    }),
  ),
};

function ours(shape: Shape) {
  return {
    allowOrigins: originsOf(shape) as `https://${string}`[],
    allowMethods: methods,
    allowHeaders: allowed,
    exposeHeaders: exposed,
    allowCredentials: true,
    maxAge: 600,
  } as const;
}

/** What the peers match origins with: strings, and regular expressions as their users write them. */
function peerOrigins(shape: Shape): (string | RegExp)[] {
  if (!shape.wildcards) return originsOf(shape);
  return Array.from(
    { length: shape.count },
    (_, i) => new RegExp(`^https://[a-z0-9-]+\\.tenant${i}\\.example\\.com$`),
  );
}

function peerFunction(shape: Shape): (origin: string) => string {
  const list = peerOrigins(shape);
  return (origin) =>
    list.some((one) => (typeof one === "string" ? one === origin : one.test(origin))) ? origin : "";
}

function peerOptions(shape: Shape): Options {
  return {
    origin: peerOrigins(shape),
    methods,
    allowedHeaders: allowed,
    exposedHeaders: exposed,
    credentials: true,
    maxAge: 600,
  };
}

function requestOf({ method, headers }: Exchange): IncomingMessage {
  const request = new IncomingMessage(undefined as unknown as Socket);
  request.method = method;
  request.headers = headers;
  return request;
}

function responseTo(request: IncomingMessage, kind: Kind): Response {
  return kind === "stub" ? new StubResponse() : new ServerResponse(request);
}

function setOwnHeaders(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader("X-Powered-By", "Express");
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", "2");
}

function onNode(make: (shape: Shape, exchange: Exchange) => Middleware): Candidate {
  return (shape, exchange, kind) => {
    const middleware = make(shape, exchange);
    const request = requestOf(exchange);
    return () => {
      const response = responseTo(request, kind);
      middleware(request, response, () => {
        if (exchange.ownHeaders) setOwnHeaders(response);
        response.end();
      });
    };
  };
}

function onKoa(make: (shape: Shape) => KoaMiddleware): Candidate {
  return (shape, exchange, kind) => {
    const middleware = make(shape);
    const request = requestOf(exchange);
    return async () => {
      const response = responseTo(request, kind);
      await middleware(new KoaContext(request, response), async () => {
        if (exchange.ownHeaders) setOwnHeaders(response);
      });
      response.end();
    };
  };
}

type Hook = (request: object, reply: object, done: () => void) => unknown;
type Server = ReturnType<typeof captureHook>;
type Plugin = (server: Server, options: object, done: () => void) => void;

/** As much of a server as a plugin touches; it keeps the `onRequest` hook. */
function captureHook() {
  const captured: { hook?: Hook } = {};
  return {
    captured,
    addHook(name: string, added: Hook): void {
      if (name === "onRequest") captured.hook = added;
    },
    decorateRequest: () => undefined,
    hasRequestDecorator: () => false,
    options: () => undefined,
    log: { warn: () => undefined },
  };
}

function onFastify(register: (server: Server, shape: Shape) => Promise<void>): Candidate {
  return async (shape, exchange, kind) => {
    const server = captureHook();
    await register(server, shape);
    const hook = server.captured.hook!;
    const raw = requestOf(exchange);
    return () => {
      const reply = new FastifyReply(responseTo(raw, kind));
      hook(new FastifyRequest(raw), reply, () => {
        if (exchange.ownHeaders) {
          reply.header("X-Powered-By", "Express");
          reply.header("Content-Type", "application/json; charset=utf-8");
          reply.header("Content-Length", "2");
        }
        reply.send();
      });
    };
  };
}

function onHono(make: (shape: Shape) => Parameters<Hono["use"]>[1]): Candidate {
  return (shape, exchange) => {
    const app = new Hono();
    app.use("*", make(shape));
    const own = {
      "X-Powered-By": "Express",
      "Content-Type": "application/json; charset=utf-8",
      "Content-Length": "2",
    };
    app.all("*", (context) =>
      exchange.ownHeaders ? context.body("ok", 200, own) : context.body("ok"),
    );
    const { method, headers } = exchange;
    return async () => {
      await app.request("https://api.example.com/users", { method, headers });
    };
  };
}
