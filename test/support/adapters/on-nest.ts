// The application on NestJS, over each of its two platforms. Node runs this file unbuilt and knows no decorators, so
// Nest's are applied as what they are: functions.

import "reflect-metadata";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { cors as expressCors } from "@corsway/cors/express";
import { cors as fastifyCors } from "@corsway/cors/fastify";
import { All, Controller, HttpException, Module, Req, Res } from "@nestjs/common";
import type { INestApplication } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import type { Application, Served } from "./application.ts";
import { answerRaw, pathOf } from "./on-node.ts";

/** What Express's response and Fastify's reply have in common. */
interface Reply {
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  send(body?: string): unknown;
  hijack?(): void;
  readonly raw?: ServerResponse;
}

class Routes {
  answer(request: { readonly url: string }, reply: Reply): unknown {
    const path = pathOf(request);
    switch (path) {
      case "/plain":
        return reply.header("X-Request-ID", "7").send("ok");
      case "/vary":
        return reply.header("Vary", "Accept-Encoding").send("ok");
      case "/layer":
        return reply
          .header("Access-Control-Allow-Origin", "*")
          .header("access-control-allow-credentials", "true")
          .send("ok");
      case "/not-modified":
        return reply.status(304).header("ETag", '"1"').send();
      case "/error":
        throw new HttpException("broken", 500);
      case "/throws":
        throw new Error("thrown on purpose");
      default:
        reply.hijack?.();
        return answerRaw(path, reply.raw ?? (reply as unknown as ServerResponse));
    }
  }
}
Controller()(Routes);
const answer = Object.getOwnPropertyDescriptor(Routes.prototype, "answer")!;
All(["plain", "vary", "layer", "head", "stream", "error", "not-modified", "throws"])(
  Routes.prototype,
  "answer",
  answer,
);
Req()(Routes.prototype, "answer", 0);
Res()(Routes.prototype, "answer", 1);

/** A module of these controllers. */
export function moduleOf(...controllers: (new () => unknown)[]): new () => unknown {
  // oxlint-disable-next-line typescript/no-extraneous-class -- a module of Nest is an empty class
  const Root = class {};
  Module({ controllers })(Root);
  return Root;
}

/** On the platform's own server, at a port that the system chooses. */
export async function listenOn(
  app: INestApplication,
  served: Omit<Served, "address" | "close">,
): Promise<Served> {
  await app.listen(0, "127.0.0.1");
  const server = app.getHttpServer() as import("node:http").Server;
  return {
    ...served,
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await app.close();
    },
  };
}

export const onNestExpress: Application = {
  name: "nest 12 on express",
  async serve(policy, settings) {
    const middleware = expressCors(policy, settings);
    const reached: string[] = [];
    const app = await NestFactory.create(moduleOf(Routes), new ExpressAdapter(), { logger: false });
    app.use(middleware);
    app.use((request: IncomingMessage, _response: ServerResponse, next: () => void) => {
      reached.push(`${request.method} ${pathOf(request)}`);
      next();
    });
    return listenOn(app, { middleware, reached });
  },
};

export const onNestFastify: Application = {
  name: "nest 12 on fastify",
  async serve(policy, settings) {
    const middleware = fastifyCors(policy, settings);
    const reached: string[] = [];
    const adapter = new FastifyAdapter();
    // On the adapter: `create` registers what runs Nest's middlewares, and hooks run in the order of their plugins.
    await adapter.register(middleware);
    const app = await NestFactory.create<NestFastifyApplication>(moduleOf(Routes), adapter, {
      logger: false,
    });
    app.use((request: IncomingMessage, _response: ServerResponse, next: () => void) => {
      reached.push(`${request.method} ${pathOf(request)}`);
      next();
    });
    return listenOn(app, { middleware, reached });
  },
};

export const nestApplications: readonly Application[] = [onNestExpress, onNestFastify];
