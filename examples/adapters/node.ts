// A plain Node server. What the middleware answers itself does not reach the third argument.

import { createServer } from "node:http";
import { cors } from "@corsway/cors/node";

const withCors = cors({
  allowOrigins: ["https://app.example.com"],
  allowMethods: ["GET", "PUT"],
  allowCredentials: true,
});

export const server = createServer((request, response) => {
  withCors(request, response, () => {
    response.setHeader("Content-Type", "application/json");
    response.end('[{"name":"Ada"}]');
  });
});

if (import.meta.main) server.listen(3000);
