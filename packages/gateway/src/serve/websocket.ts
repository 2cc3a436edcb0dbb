import type { Duplex } from "node:stream";
import type { Arrival } from "./engine.ts";
import { ownAnswer } from "./own-answer.ts";
import { newRequestId } from "./request-id.ts";
import type { Site } from "./site.ts";

export function refuseUpgrade(_site: Site, _arrival: Arrival, socket: Duplex, _head: Buffer): void {
  const { fields, body } = ownAnswer(
    501,
    "not_implemented",
    "WebSocket is not taken here yet.",
    newRequestId(),
  );
  let head = "HTTP/1.1 501 Not Implemented\r\nConnection: close\r\n";
  for (let i = 0; i < fields.length; i += 2) head += `${fields[i]}: ${fields[i + 1]}\r\n`;
  socket.end(`${head}\r\n${body}`);
}
