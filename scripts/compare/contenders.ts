// The seven CORS libraries of npm that JavaScript servers use, and ours, each in front of the same small
// application.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";
import { cors as elysiaCors } from "@elysiajs/cors";
import fastifyCors from "@fastify/cors";
import { cors as ours } from "@corsway/cors/express";
import { Elysia } from "elysia";
import express from "express";
import Fastify from "fastify";
import { H3, handleCors } from "h3";
import { Hono } from "hono";
import { cors as honoCors } from "hono/cors";
import Koa from "koa";
import { root } from "../checks.ts";

const require = createRequire(import.meta.url);
const corsOfExpress = require("cors") as (options?: object) => express.RequestHandler;
const corsOfKoa = require("@koa/cors") as (options?: object) => Koa.Middleware;
const corser = require("corser") as {
  create(options?: object): (request: object, response: object, next: () => void) => void;
};

/** What is configured; each contender writes it in its own. */
export interface Wanted {
  /** `default`: the library as it comes. */
  readonly origin: "default" | "*" | "reflect" | readonly (string | RegExp)[];
  readonly credentials?: boolean;
  /** The key for the origin is misspelt. */
  readonly misspelt?: boolean;
}

export interface Running {
  /** What openPage takes. */
  readonly server: Parameters<typeof import("@corsway/cors/testing").openPage>[1];
  /** `GET /plain`: what came through to the application. */
  readonly reached: string[];
  close?(): Promise<void>;
}

export interface Contender {
  readonly name: string;
  /** Throws where the library refuses what it is given. */
  start(wanted: Wanted): Promise<Running> | Running;
}

const methods = ["GET", "PUT"];
const headers = ["content-type"];
const exposed = ["X-Request-ID"];

function lists(names: {
  methods: string;
  headers: string;
  exposed: string;
}): Record<string, unknown> {
  return { [names.methods]: methods, [names.headers]: headers, [names.exposed]: exposed };
}

const plainNames = { methods: "methods", headers: "allowedHeaders", exposed: "exposedHeaders" };
const allowNames = { methods: "allowMethods", headers: "allowHeaders", exposed: "exposeHeaders" };

/** Options in a library's own names; undefined: none. */
function options(
  { origin, credentials, misspelt }: Wanted,
  names: typeof plainNames,
  reflect: unknown,
): Record<string, unknown> | undefined {
  if (origin === "default" && credentials === undefined) return undefined;
  const value = origin === "reflect" ? reflect : origin === "default" ? undefined : origin;
  return {
    ...(value !== undefined && { [misspelt === true ? "origins" : "origin"]: value }),
    ...lists(names),
    ...(credentials !== undefined && { credentials }),
  };
}

function onExpress(middleware: express.RequestHandler): Running {
  const reached: string[] = [];
  const app = express();
  app.set("env", "test");
  app.use(middleware);
  app.use((request, _response, next) => {
    reached.push(`${request.method} ${request.path}`);
    next();
  });
  app.all("/plain", (_request, response) => void response.set("X-Request-ID", "7").send("ok"));
  app.all("/vary", (_request, response) => {
    response.setHeader("Vary", "Accept-Encoding");
    response.send("ok");
  });
  app.all("/layer", (_request, response) => {
    response.appendHeader("Access-Control-Allow-Origin", "*");
    response.send("ok");
  });
  app.all("/throws", () => {
    throw new Error("thrown on purpose");
  });
  return { server: app as never, reached };
}

function onFetch(path: string): Response {
  switch (path) {
    case "/plain":
      return new Response("ok", { headers: { "X-Request-ID": "7" } });
    case "/vary":
      return new Response("ok", { headers: { Vary: "Accept-Encoding" } });
    case "/layer":
      return new Response("ok", { headers: { "Access-Control-Allow-Origin": "*" } });
    case "/throws":
      throw new Error("thrown on purpose");
    default:
      return new Response(null, { status: 404 });
  }
}

/** Each with the version that is installed. */
export const contenders: readonly Contender[] = [
  {
    name: "corsway",
    start: ({ origin, credentials, misspelt }) =>
      onExpress(
        ours({
          ...(origin !== "default" && {
            [misspelt === true ? "origins" : "allowOrigins"]:
              origin === "reflect" ? "$http_origin" : origin,
          }),
          ...lists(allowNames),
          ...(credentials !== undefined && { allowCredentials: credentials }),
        } as never) as express.RequestHandler,
      ),
  },
  {
    name: `cors ${version("cors")}`,
    start: (wanted) => onExpress(corsOfExpress(options(wanted, plainNames, true))),
  },
  {
    name: `@fastify/cors ${version("@fastify/cors")}`,
    async start(wanted) {
      const reached: string[] = [];
      const app = Fastify();
      await app.register(fastifyCors, options(wanted, plainNames, true) ?? {});
      app.addHook("preHandler", (request, _reply, done) => {
        reached.push(`${request.method} ${request.url}`);
        done();
      });
      app.all("/plain", (_request, reply) => reply.header("X-Request-ID", "7").send("ok"));
      app.all("/vary", (_request, reply) => reply.header("Vary", "Accept-Encoding").send("ok"));
      app.all("/layer", (_request, reply) =>
        reply.header("Access-Control-Allow-Origin", "*").send("ok"),
      );
      app.all("/throws", () => {
        throw new Error("thrown on purpose");
      });
      return { server: app as never, reached, close: () => app.close() };
    },
  },
  {
    name: `@koa/cors ${version("@koa/cors")}`,
    start(wanted) {
      const reached: string[] = [];
      const app = new Koa();
      app.silent = true;
      const list = wanted.origin;
      const koa = options(wanted, allowNames, (context: Koa.Context) => context.get("Origin"));
      if (koa !== undefined && Array.isArray(list) && wanted.misspelt !== true)
        koa["origin"] = (context: Koa.Context) =>
          list.some((one) =>
            typeof one === "string"
              ? one === context.get("Origin")
              : one.test(context.get("Origin")),
          )
            ? context.get("Origin")
            : "";
      app.use(corsOfKoa(koa));
      app.use((context) => {
        reached.push(`${context.method} ${context.path}`);
        if (context.path === "/throws") throw new Error("thrown on purpose");
        if (context.path === "/vary") context.set("Vary", "Accept-Encoding");
        if (context.path === "/layer") context.append("Access-Control-Allow-Origin", "*");
        context.set("X-Request-ID", "7");
        context.body = "ok";
      });
      return { server: app as never, reached };
    },
  },
  {
    name: `hono ${version("hono")}`,
    start(wanted) {
      const reached: string[] = [];
      const app = new Hono();
      app.onError(() => new Response("broken", { status: 500 }));
      const hono = options(wanted, allowNames, (origin: string) => origin);
      const list = wanted.origin;
      if (hono !== undefined && Array.isArray(list) && list.some((one) => one instanceof RegExp))
        hono["origin"] = (origin: string) =>
          list.some((one) => (typeof one === "string" ? one === origin : one.test(origin)))
            ? origin
            : null;
      app.use(honoCors(hono as never));
      app.all("*", (context) => {
        reached.push(`${context.req.method} ${context.req.path}`);
        return onFetch(context.req.path);
      });
      return { server: (request: Request) => app.fetch(request), reached };
    },
  },
  {
    name: `h3 ${version("h3")}`,
    start(wanted) {
      const reached: string[] = [];
      const app = new H3({ silent: true });
      const h3 = options(wanted, allowNames, () => true) ?? {};
      app.use((event) => {
        const answered = handleCors(event, h3 as never);
        if (answered !== false) return answered;
        reached.push(`${event.req.method} ${event.url.pathname}`);
        return undefined;
      });
      for (const path of ["/plain", "/vary", "/layer", "/throws"])
        app.all(path, () => onFetch(path));
      return { server: (request: Request) => app.fetch(request), reached };
    },
  },
  {
    name: `@elysiajs/cors ${version("@elysiajs/cors")}`,
    start(wanted) {
      const reached: string[] = [];
      const elysia = options(wanted, plainNames, true);
      if (elysia !== undefined) {
        elysia["exposeHeaders"] = elysia["exposedHeaders"];
        delete elysia["exposedHeaders"];
      }
      const app = new Elysia({ aot: false })
        .use(elysiaCors(elysia as never))
        .all("*", ({ request }: { request: Request }) => {
          const { pathname } = new URL(request.url);
          reached.push(`${request.method} ${pathname}`);
          return onFetch(pathname);
        });
      return { server: (request: Request) => app.handle(request), reached };
    },
  },
  {
    name: `corser ${version("corser")}`,
    start(wanted) {
      const reached: string[] = [];
      const { origin, credentials } = wanted;
      const list = Array.isArray(origin) ? (origin as readonly (string | RegExp)[]) : undefined;
      const middleware = corser.create(
        origin === "default" && credentials === undefined
          ? undefined
          : {
              ...(list !== undefined && {
                [wanted.misspelt === true ? "origin" : "origins"]: list.every(
                  (one) => typeof one === "string",
                )
                  ? [...list]
                  : (asked: string, done: (error: null, matches: boolean) => void) =>
                      done(
                        null,
                        list.some((one) =>
                          typeof one === "string" ? one === asked : one.test(asked),
                        ),
                      ),
              }),
              methods,
              requestHeaders: headers,
              responseHeaders: exposed,
              ...(credentials === true && { supportsCredentials: true }),
            },
      );
      const server = createServer((request: IncomingMessage, response: ServerResponse) =>
        middleware(request, response, () => {
          const { pathname } = new URL(request.url ?? "/", "http://any");
          reached.push(`${request.method} ${pathname}`);
          if (pathname === "/vary") response.setHeader("Vary", "Accept-Encoding");
          if (pathname === "/layer") response.appendHeader("Access-Control-Allow-Origin", "*");
          // node:http catches nothing: what a person would write in its place.
          if (pathname === "/throws") response.statusCode = 500;
          response.setHeader("X-Request-ID", "7");
          response.end("ok");
        }),
      );
      return { server: server as never, reached };
    },
  },
];

function version(name: string): string {
  const manifest = readFileSync(path.join(root, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
