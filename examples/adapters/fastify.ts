// Fastify 5: a plugin for everything that is registered after it, and a route with a policy of its own.

import { cors } from "@corsway/cors/fastify";
import { fastify, type FastifyInstance } from "fastify";

export const app: FastifyInstance = fastify();

await app.register(
  cors({
    allowOrigins: ["https://app.example.com"],
    allowMethods: ["GET", "PUT"],
    allowCredentials: true,
  }),
);

app.get("/users", () => [{ name: "Ada" }]);

// Everybody may read this, without cookies.
app.get("/status", { config: { cors: { allowOrigins: "*" } } }, () => ({ up: true }));

if (import.meta.main) await app.listen({ port: 3000 });
