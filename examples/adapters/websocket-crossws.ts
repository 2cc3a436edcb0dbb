// crossws, which Nitro and h3 use, on every runtime: its `upgrade` hook gets a Request.

import { createServer } from "node:http";
import { cors } from "@corsway/cors/node";
import crossws from "crossws/adapters/node";

const withCors = cors({ allowOrigins: ["https://app.example.com"] });

const sockets = crossws({
  hooks: {
    async upgrade(request) {
      if (!(await withCors.admitsUpgrade(request))) throw new Response(null, { status: 403 });
    },
    open(peer) {
      peer.send("hello");
    },
  },
});

export const server = createServer((request, response) => {
  withCors(request, response, () => response.end("ok"));
});
server.on("upgrade", (request, socket, head) => sockets.handleUpgrade(request, socket, head));

if (import.meta.main) server.listen(3000);
