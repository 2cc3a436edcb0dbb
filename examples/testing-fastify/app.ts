// A Fastify app whose CORS is one policy, put on in a hook that runs before routing decides
// anything: a 404 and a 500 are readable by the page as well.

import { applyDecision, compilePolicy, definePolicy } from "@corsway/cors";
import { fastify, type FastifyInstance } from "fastify";

const decide = compilePolicy(
  definePolicy({
    allowOrigins: ["https://app.example.com", "https://*.preview.example.com"],
    allowMethods: "GET, DELETE",
    allowHeaders: "X-Token",
  }),
);

export const app: FastifyInstance = fastify();

app.addHook("onRequest", async (request, reply) => {
  const { rawHeaders } = request.raw;
  const headers: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) headers.push([rawHeaders[i]!, rawHeaders[i + 1]!]);
  const url = `${request.protocol}://${request.host}${request.url}`;
  const decision = decide({ method: request.method, url, headers });
  for (const [name, value] of applyDecision(decision, []).headers) reply.header(name, value);
  if (decision.status !== undefined) await reply.code(decision.status).send();
});

app.get("/orders", () => [{ id: 1 }]);
app.delete("/orders/:id", (_request, reply) => reply.code(204).send());
app.get("/broken", () => {
  throw new Error("no such table");
});
