// A gateway as it is often built on npm: node:http, `http-proxy` for the way to the upstream, `cors` for
// the answers. node bench/peers/http-proxy.mjs PORT UPSTREAM_PORT ORIGIN…

import { Agent, createServer } from "node:http";
import cors from "cors";
import httpProxy from "http-proxy";

const [port, upstream, ...origins] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 512 });
const proxy = httpProxy.createProxyServer({ target: `http://127.0.0.1:${upstream}`, agent });
proxy.on("error", (_error, _request, response) => response.writeHead?.(502).end());
const policy = cors({
  origin: origins,
  methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  allowedHeaders: ["content-type", "x-auth-token"],
  exposedHeaders: ["X-Request-ID"],
  credentials: true,
  maxAge: 86_400,
});
createServer((request, response) =>
  policy(request, response, () => proxy.web(request, response)),
).listen(Number(port), "127.0.0.1");
