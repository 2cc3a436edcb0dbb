// A gateway as it is often built on npm: Fastify with `@fastify/http-proxy`, and the headers of CORS in
// hooks. node bench/peers/fastify-proxy.mjs PORT UPSTREAM_PORT ORIGIN…

import proxy from "@fastify/http-proxy";
import fastify from "fastify";

const [port, upstream, ...origins] = process.argv.slice(2);
const allowed = new Set(origins);
const app = fastify();
app.addHook("onRequest", async (request, reply) => {
  const { origin } = request.headers;
  reply.header("Vary", "Origin");
  if (origin === undefined || !allowed.has(origin)) return;
  reply.header("Access-Control-Allow-Origin", origin);
  reply.header("Access-Control-Allow-Credentials", "true");
  if (request.method !== "OPTIONS") reply.header("Access-Control-Expose-Headers", "X-Request-ID");
});
app.options("/*", async (_request, reply) => {
  reply.header("Access-Control-Allow-Methods", "GET,POST,PUT,PATCH,DELETE");
  reply.header("Access-Control-Allow-Headers", "content-type,x-auth-token");
  reply.header("Access-Control-Max-Age", "86400");
  return reply.code(204).send();
});
app.register(proxy, {
  upstream: `http://127.0.0.1:${upstream}`,
  httpMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
});
await app.listen({ port: Number(port), host: "127.0.0.1" });
