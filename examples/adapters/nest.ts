// NestJS on Express, which is Nest's default: the policy before everything that may answer.

import { cors } from "@corsway/cors/express";
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./nest-app.ts";

export const app = await NestFactory.create(AppModule);

app.use(
  cors({
    allowOrigins: ["https://app.example.com"],
    allowMethods: ["GET", "PUT"],
    allowCredentials: true,
  }),
);

if (import.meta.main) await app.listen(3000);
