// A handler from Request to Response, as Deno, Bun and Cloudflare Workers take it.

import { cors } from "@corsway/cors/fetch";

const withCors = cors({
  allowOrigins: ["https://app.example.com"],
  allowMethods: ["GET", "PUT"],
  allowCredentials: true,
});

export default {
  fetch: withCors((request: Request) =>
    new URL(request.url).pathname === "/users"
      ? Response.json([{ name: "Ada" }])
      : new Response("no such thing", { status: 404 }),
  ),
};
