// What NestJS adds to the contract of the adapters: guards, thrown HttpExceptions and its own enableCors.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cors as expressCors } from "@corsway/cors/express";
import { cors as fastifyCors } from "@corsway/cors/fastify";
import { All, Controller, HttpException, type INestApplication } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { listenOn, moduleOf } from "./support/adapters/on-nest.ts";
import type { Policy } from "./support/adapters/application.ts";

const page = "https://app.example.com";
const policy: Policy = {
  allowOrigins: page,
  allowMethods: ["PUT"],
  allowHeaders: ["Authorization"],
};

class Users {
  change(): never {
    throw new HttpException({ message: "the name is used" }, 409);
  }
}
Controller("users")(Users);
All()(Users.prototype, "change", Object.getOwnPropertyDescriptor(Users.prototype, "change")!);

async function onExpress(): Promise<INestApplication> {
  const app = await NestFactory.create(moduleOf(Users), { logger: false });
  app.use(expressCors(policy));
  return app;
}

async function onFastify(): Promise<INestApplication> {
  const adapter = new FastifyAdapter();
  await adapter.register(fastifyCors(policy));
  return NestFactory.create<NestFastifyApplication>(moduleOf(Users), adapter, { logger: false });
}

async function ask(
  app: INestApplication,
  method: string,
  origin: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const served = await listenOn(app, { middleware: undefined as never, reached: [] });
  try {
    const response = await fetch(`${served.address}/users`, {
      method,
      headers: { Origin: origin, ...headers },
    });
    const body = await response.text();
    return new Response(body === "" ? null : body, response);
  } finally {
    await served.close();
  }
}

const preflight = {
  "Access-Control-Request-Method": "PUT",
  "Access-Control-Request-Headers": "authorization",
};

for (const [platform, make] of [
  ["express", onExpress],
  ["fastify", onFastify],
] as const)
  describe(`nest on ${platform}`, () => {
    test("a preflight is answered before a guard, and the guard's 403 can be read", async () => {
      const seen: string[] = [];
      const guarded = async () => {
        const app = await make();
        return app.useGlobalGuards({
          canActivate: (context) => {
            seen.push(context.switchToHttp().getRequest<{ method: string }>().method);
            return false;
          },
        });
      };
      const allowed = await ask(await guarded(), "OPTIONS", page, preflight);
      assert.equal(allowed.status, 204);
      assert.equal(allowed.headers.get("access-control-allow-methods"), "PUT");
      assert.deepEqual(seen, []);
      const refused = await ask(await guarded(), "PUT", page);
      assert.equal(refused.status, 403);
      assert.equal(refused.headers.get("access-control-allow-origin"), page);
      assert.equal(((await refused.json()) as { message: string }).message, "Forbidden resource");
      assert.deepEqual(seen, ["PUT"]);
    });

    test("a thrown HttpException can be read, with its body", async () => {
      const response = await ask(await make(), "PUT", page);
      assert.equal(response.status, 409);
      assert.equal(response.headers.get("access-control-allow-origin"), page);
      assert.deepEqual(await response.json(), { message: "the name is used" });
    });
  });

for (const [platform, make, answered] of [
  ["express: this policy answers preflights too", onExpress, 403],
  ["fastify: it answers preflights first, but not what a page reads", onFastify, 204],
] as const)
  test(`enableCors left in place on ${platform}`, async () => {
    const left = async () => {
      const app = await make();
      app.enableCors({ origin: true, credentials: true });
      return app;
    };
    const stranger = "https://evil.example";
    assert.equal((await ask(await left(), "OPTIONS", stranger, preflight)).status, answered);
    const response = await ask(await left(), "PUT", stranger);
    assert.equal(response.status, 409);
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    assert.equal(response.headers.get("access-control-allow-credentials"), null);
  });
