// The small API behind the gateway. It knows nothing of CORS: no line of it sends or reads an
// Access-Control header. That is the point.

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { checkMarkFont } from "./font.ts";
import { plainPath } from "./gateway-log.ts";

const users = [
  { id: 1, name: "Ada" },
  { id: 2, name: "Grace" },
];

/** What a request asks for (`PUT /api/users`) → who answers it. */
const answers: Readonly<Record<string, (request: Asked, response: ServerResponse) => void>> = {
  "GET /": (_asked, response) => json(response, 200, { api: "the demo’s", try: "/api/users" }),
  "GET /api/users": (asked, response) =>
    json(response, 200, { users, yourOrigin: asked.origin ?? null }),
  "PUT /api/users": (asked, response) => json(response, 200, { saved: true, bytes: asked.bytes }),
  "GET /api/session": (asked, response) => {
    const visits = Number(/(?:^|; )visits=(\d+)/.exec(asked.cookies)?.[1] ?? 0) + 1;
    response.setHeader("Set-Cookie", `visits=${visits}; Path=/; HttpOnly; SameSite=Lax`);
    json(response, 200, { visits });
  },
  "POST /files/report.csv": (asked, response) => json(response, 201, { stored: asked.bytes }),
  "POST /files/small": (asked, response) => json(response, 201, { stored: asked.bytes }),
  "GET /files/report.csv": (_asked, response) => {
    response.writeHead(200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="report.csv"',
    });
    response.end("id,name\n1,Ada\n2,Grace\n");
  },
  "GET /fonts/check.ttf": (_asked, response) => {
    response.writeHead(200, { "Content-Type": "font/ttf" });
    response.end(checkMarkFont());
  },
  "GET /public/weather": (_asked, response) => json(response, 200, { sky: "clear", celsius: 21 }),
  "GET /partners/prices": (_asked, response) => json(response, 200, { apples: 3, pears: 4 }),
  "POST /resource": (asked, response) => json(response, 200, { created: true, bytes: asked.bytes }),
  "GET /notes": (_asked, response) => json(response, 200, { notes: ["private"] }),
  "POST /notes": (asked, response) => json(response, 200, { written: asked.bytes }),
  "GET /plain": (_asked, response) => json(response, 200, { note: "no CORS here" }),
};

interface Asked {
  readonly origin: string | undefined;
  readonly cookies: string;
  readonly bytes: number;
}

export function createApi(): Server {
  const server = createServer((request, response) => {
    // The gateway numbers every request; the page may read the number where the policy exposes it.
    const id = request.headers["x-request-id"];
    if (id !== undefined) response.setHeader("X-Request-ID", id);
    let bytes = 0;
    request.on("data", (chunk: Buffer) => (bytes += chunk.length));
    request.on("error", () => response.destroy());
    request.on("end", () => answer(request, bytes, response));
  });
  // A WebSocket that anybody may open, and that ends as soon as something comes.
  server.on("upgrade", (request, socket) => {
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    socket.on("error", () => socket.destroy());
    socket.on("data", () => socket.end());
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
  });
  return server;
}

function answer(request: IncomingMessage, bytes: number, response: ServerResponse): void {
  const [target = "/"] = (request.url ?? "/").split("?");
  const path = plainPath(target);
  const found = answers[`${request.method === "HEAD" ? "GET" : request.method} ${path}`];
  if (found === undefined) return json(response, 404, { message: "the API has nothing here" });
  found({ origin: request.headers.origin, cookies: request.headers.cookie ?? "", bytes }, response);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}
