// socket.io: `allowRequest` is asked for each transport, long polling too. The `cors` option stays out:
// the middleware answers the polling requests' CORS.

import { createServer } from "node:http";
import { cors } from "@corsway/cors/node";
import { Server } from "socket.io";

const withCors = cors({ allowOrigins: ["https://app.example.com"], allowCredentials: true });

export const server = createServer();
const io = new Server(server, {
  async allowRequest(request, callback) {
    callback(null, await withCors.admitsUpgrade(request));
  },
});
io.engine.use(withCors);
io.on("connection", (socket) => socket.emit("hello"));

if (import.meta.main) server.listen(3000);
