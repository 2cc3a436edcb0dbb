// NestJS on Fastify: the policy goes on the adapter, before `create` registers what runs Nest's middlewares.

import { cors } from "@corsway/cors/fastify";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { AppModule } from "./nest-app.ts";

const adapter = new FastifyAdapter();

await adapter.register(
  cors({
    allowOrigins: ["https://app.example.com"],
    allowMethods: ["GET", "PUT"],
    allowCredentials: true,
  }),
);

export const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter);

if (import.meta.main) await app.listen(3000);
