// WebSockets (RFC 6455): what a handshake must have, and the joined sockets after it. Which page may open one: route/may-upgrade.ts.

import type { Socket } from "node:net";
import type { Arrival } from "../engine/engine.ts";
import { firstField } from "../head/flat-fields.ts";

export interface HandshakeFlaw {
  readonly status: 400 | 501;
  readonly error: string;
  readonly message: string;
}

/** What is wrong with a client's handshake (RFC 6455 §4.2.1), or undefined. */
export function handshakeFlaw(arrival: Arrival, hasBody: boolean): HandshakeFlaw | undefined {
  const { method, fields } = arrival;
  if (firstField(fields, "upgrade")?.toLowerCase() !== "websocket")
    return {
      status: 501,
      error: "not_implemented",
      message: "The only supported upgrade is websocket.",
    };
  if (method !== "GET" || hasBody) return bad("A WebSocket begins with a GET without a body.");
  const key = firstField(fields, "sec-websocket-key");
  if (key === undefined || key.length !== 24 || !key.endsWith("=="))
    return bad("The handshake has no Sec-WebSocket-Key.");
  if (firstField(fields, "sec-websocket-version") !== "13")
    return bad("The supported WebSocket version is 13.");
  return undefined;
}

/** How long one side may continue once the other has ended; ms. */
const farewell = 5000;

/**
 * Joins two sockets until both are closed. A WebSocket is never half open: when one side ends, the other is ended too, and cut if it does
 * not close, or its place in the upstream would be occupied forever. What the client sent after its handshake has not been read yet: it is
 * forwarded only now, after the upstream's 101, or it could be a smuggled request.
 */
export function joinSockets(
  client: Socket,
  upstream: Socket,
  closed: (bytesToClient: number) => void,
): void {
  let toClient = 0;
  let open = 2;
  let timer: NodeJS.Timeout | undefined;
  const cut = (): void => {
    client.destroy();
    upstream.destroy();
  };
  upstream.on("data", (chunk: Buffer) => {
    toClient += chunk.length;
  });
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.on("error", () => one.destroy());
    one.once("end", () => {
      timer ??= setTimeout(cut, farewell);
    });
    one.once("close", () => {
      other.destroySoon();
      open--;
      if (open > 0) return;
      clearTimeout(timer);
      closed(toClient);
    });
    // A pause has no limit, because that is what a WebSocket is for; but a lost peer is noticed.
    one.setKeepAlive(true, 60_000);
  }
  client.pipe(upstream);
  upstream.pipe(client);
}

function bad(message: string): HandshakeFlaw {
  return { status: 400, error: "bad_request", message };
}
