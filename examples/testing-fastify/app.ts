// A Fastify app whose CORS is one policy: a 404 and a 500 are readable by the page as well.

import { cors } from "@corsway/cors/fastify";
import { fastify, type FastifyInstance } from "fastify";

export const app: FastifyInstance = fastify();

void app.register(
  cors({
    allowOrigins: ["https://app.example.com", "https://*.preview.example.com"],
    allowMethods: ["GET", "DELETE"],
    allowHeaders: ["X-Token"],
  }),
);

app.get("/orders", () => [{ id: 1 }]);
app.delete("/orders/:id", (_request, reply) => reply.code(204).send());
app.get("/broken", () => {
  throw new Error("no such table");
});
