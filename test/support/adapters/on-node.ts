// The application on `node:http` and on the frameworks over it.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { cors as expressCors } from "@corsway/cors/express";
import { cors as fastifyCors } from "@corsway/cors/fastify";
import { cors as koaCors } from "@corsway/cors/koa";
import { cors as nodeCors } from "@corsway/cors/node";
import connect from "connect";
import express, { type Express } from "express";
import Fastify from "fastify";
import Koa from "koa";
import type { Application, Controls, Served } from "./application.ts";

// The older majors have no types of their own under these names, and need none: they are used alike.
const require = createRequire(import.meta.url);
const express4 = require("express4") as typeof express;
const Koa2 = require("koa2") as typeof Koa;

export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Listens on a port that the system chooses. */
export function listen(
  listener: Listener,
  middleware: Controls,
  reached: string[],
): Promise<Served> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      resolve({
        address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        middleware,
        reached,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

/** The routes that need nothing but Node's response. false: there is no such route. */
export function answerRaw(path: string, response: ServerResponse): boolean {
  switch (path) {
    case "/plain":
      response.setHeader("X-Request-ID", "7");
      response.end("ok");
      return true;
    case "/vary":
      response.setHeader("Content-Type", "text/plain");
      response.setHeader("Vary", "Accept-Encoding");
      response.end("ok");
      return true;
    case "/layer":
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.setHeader("access-control-allow-credentials", "true");
      response.end("ok");
      return true;
    case "/head":
      response.writeHead(200, "Fine", {
        Vary: "Accept",
        "Access-Control-Allow-Origin": "null",
        "Set-Cookie": ["a=1", "b=2"],
      });
      response.end("ok");
      return true;
    case "/stream":
      response.writeHead(200, ["Content-Type", "text/event-stream"]);
      response.flushHeaders();
      response.write("data: 1\n\n");
      setImmediate(() => response.end("data: 2\n\n"));
      return true;
    case "/error":
      response.statusCode = 500;
      response.end("broken");
      return true;
    case "/not-modified":
      response.statusCode = 304;
      response.setHeader("ETag", '"1"');
      response.end();
      return true;
    default:
      return false;
  }
}

export function pathOf(request: { readonly url?: string | undefined }): string {
  return new URL(request.url ?? "/", "http://any").pathname;
}

const onNode: Application = {
  name: "node:http",
  serve(policy, settings) {
    const middleware = nodeCors(policy, settings);
    const reached: string[] = [];
    return listen(
      (request, response) =>
        middleware(request, response, () => {
          const path = pathOf(request);
          reached.push(`${request.method} ${path}`);
          if (answerRaw(path, response)) return;
          response.statusCode = 404;
          response.end();
        }),
      middleware,
      reached,
    );
  },
  skips: {
    "an error that was thrown can be read": "node:http catches nothing: the process would end",
  },
};

const onConnect: Application = {
  name: "connect 3",
  serve(policy, settings) {
    const middleware = nodeCors(policy, settings);
    const reached: string[] = [];
    const app = connect();
    app.use(middleware);
    app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
      const path = pathOf(request);
      reached.push(`${request.method} ${path}`);
      if (path === "/throws") throw new Error("thrown on purpose");
      if (!answerRaw(path, response)) next();
    });
    return listen(silent(app), middleware, reached);
  },
};

function onExpress(name: string, make: () => Express): Application {
  return {
    name,
    serve(policy, settings) {
      const middleware = expressCors(policy, settings);
      const reached: string[] = [];
      const app = make();
      app.use(middleware);
      app.use((request, _response, next) => {
        reached.push(`${request.method} ${request.path}`);
        next();
      });
      app.all("/plain", (_request, response) => void response.set("X-Request-ID", "7").send("ok"));
      app.all("/vary", (_request, response) => void response.vary("Accept-Encoding").send("ok"));
      app.all("/throws", () => {
        throw new Error("thrown on purpose");
      });
      app.use((request, response, next) => {
        if (!answerRaw(request.path, response)) next();
      });
      return listen(silent(app), middleware, reached);
    },
  };
}

/** finalhandler writes what was thrown on stderr unless the environment is `test`. */
function silent(app: unknown): Listener {
  if (typeof app === "function" && "set" in app)
    (app as unknown as { set(name: string, value: string): void }).set("env", "test");
  return app as Listener;
}

const onFastify: Application = {
  name: "fastify 5",
  async serve(policy, settings) {
    const middleware = fastifyCors(policy, settings);
    const reached: string[] = [];
    const app = Fastify();
    await app.register(middleware);
    // Authentication, say: no preflight may come this far.
    app.addHook("onRequest", (request, _reply, done) => {
      reached.push(`${request.method} ${pathOf(request.raw)}`);
      done();
    });
    app.all("/plain", (_request, reply) => reply.header("X-Request-ID", "7").send("ok"));
    app.all("/vary", (_request, reply) => reply.header("Vary", "Accept-Encoding").send("ok"));
    app.all("/layer", (_request, reply) =>
      reply
        .header("Access-Control-Allow-Origin", "*")
        .header("access-control-allow-credentials", "true")
        .send("ok"),
    );
    app.all("/error", (_request, reply) => reply.code(500).send("broken"));
    app.all("/not-modified", (_request, reply) => reply.code(304).header("ETag", '"1"').send());
    app.all("/throws", () => {
      throw new Error("thrown on purpose");
    });
    for (const path of ["/head", "/stream"])
      app.all(path, (_request, reply) => {
        reply.hijack();
        answerRaw(path, reply.raw);
      });
    await app.listen({ port: 0, host: "127.0.0.1" });
    return {
      address: app.listeningOrigin,
      middleware,
      reached,
      close: () => app.close(),
    };
  },
};

function onKoa(name: string, make: () => Koa): Application {
  return {
    name,
    serve(policy, settings) {
      const middleware = koaCors(policy, settings);
      const reached: string[] = [];
      const app = make();
      app.silent = true;
      app.use(middleware);
      app.use(async (context, next) => {
        reached.push(`${context.method} ${context.path}`);
        await next();
      });
      app.use((context) => {
        switch (context.path) {
          case "/plain":
            context.set("X-Request-ID", "7");
            context.body = "ok";
            return;
          case "/vary":
            context.vary("Accept-Encoding");
            context.body = "ok";
            return;
          case "/layer":
            context.set("Access-Control-Allow-Origin", "*");
            context.set("access-control-allow-credentials", "true");
            context.body = "ok";
            return;
          case "/error":
            context.status = 500;
            context.body = "broken";
            return;
          case "/not-modified":
            context.status = 304;
            context.set("ETag", '"1"');
            return;
          case "/throws":
            throw new Error("thrown on purpose");
          default:
            context.respond = !answerRaw(context.path, context.res);
        }
      });
      return listen(app.callback() as Listener, middleware, reached);
    },
  };
}

export const nodeApplications: readonly Application[] = [
  onNode,
  onConnect,
  onExpress("express 5", () => express()),
  onExpress("express 4", () => express4()),
  onFastify,
  onKoa("koa 3", () => new Koa()),
  onKoa("koa 2", () => new Koa2()),
];
