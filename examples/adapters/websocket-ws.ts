// ws: the handshake is admitted before it is upgraded.

import { createServer } from "node:http";
import { cors } from "@corsway/cors/node";
import { WebSocketServer } from "ws";

const withCors = cors({ allowOrigins: ["https://app.example.com"] });

export const server = createServer((request, response) => {
  withCors(request, response, () => response.end("ok"));
});
const sockets = new WebSocketServer({ noServer: true });
sockets.on("connection", (socket) => socket.send("hello"));

server.on("upgrade", async (request, socket, head) => {
  if (!(await withCors.admitsUpgrade(request))) {
    socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return;
  }
  sockets.handleUpgrade(request, socket, head, (upgraded) => {
    sockets.emit("connection", upgraded, request);
  });
});

if (import.meta.main) server.listen(3000);
