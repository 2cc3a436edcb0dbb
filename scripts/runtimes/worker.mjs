// A Worker with the installed library, as Cloudflare's runtime has it.

import { cors } from "@corsway/cors/fetch";

const withCors = cors({
  allowOrigins: ["https://app.example.com"],
  allowMethods: ["GET", "PUT"],
  allowCredentials: true,
});

export default {
  fetch: withCors((request, env) =>
    new URL(request.url).pathname === "/plain"
      ? new Response(env.GREETING, { headers: { Vary: "Accept" } })
      : new Response(null, { status: 404 }),
  ),
};
