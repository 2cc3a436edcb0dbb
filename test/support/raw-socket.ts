// Bytes to a server and bytes back, with nothing in between that would mend them.

import { EventEmitter, once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Readable } from "node:stream";
import { inspect } from "node:util";

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly text: string;
  /** The values of a header, in order. */
  header(name: string): string[];
}

/** A busy machine may take this long for a first byte; an answer that does not come is waited for as long. */
const patience = 10_000;

/** Sends and reads until the server closes, or after its first byte `settle` ms pass without one. */
export async function sendRaw(
  port: number,
  bytes: string | Buffer | readonly (string | Buffer)[],
  settle = 1500,
): Promise<RawAnswer> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await once(socket, "connect");
  for (const part of typeof bytes === "string" || Buffer.isBuffer(bytes) ? [bytes] : bytes) {
    socket.write(typeof part === "string" ? Buffer.from(part, "latin1") : part);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await new Promise<void>((resolve) => {
    let timer = setTimeout(resolve, chunks.length > 0 ? settle : patience);
    socket.on("data", () => {
      clearTimeout(timer);
      timer = setTimeout(resolve, settle);
    });
    void closed.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
  socket.destroy();
  return parseAnswer(Buffer.concat(chunks).toString("latin1"));
}

/**
 * A stream's text from now on, asked for piece by piece. `once(stream, "data")` in its place loses
 * what comes between two questions, and takes the first chunk for the whole answer.
 */
export function hear(stream: Readable): { until(end: string): Promise<string> } {
  let text = "";
  let taken = 0;
  const heard = new EventEmitter();
  stream.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    heard.emit("more");
  });
  stream.once("close", () => heard.emit("error", new Error(`closed after ${inspect(text)}`)));
  heard.on("error", () => undefined);
  return {
    /** What came since the last question, up to and with `end`. */
    async until(end) {
      let at = text.indexOf(end, taken);
      while (at === -1) {
        if (stream.closed) throw new Error(`closed without ${inspect(end)}: ${inspect(text)}`);
        await once(heard, "more");
        at = text.indexOf(end, taken);
      }
      const piece = text.slice(taken, at + end.length);
      taken = at + end.length;
      return piece;
    },
  };
}

export function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const head = end < 0 ? text : text.slice(0, end);
  const lines = head.split("\r\n");
  return {
    status: Number(lines[0]?.split(" ")[1] ?? 0),
    head,
    body: end < 0 ? "" : text.slice(end + 4),
    text,
    header: (name) =>
      lines
        .slice(1)
        .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
        .map((line) => line.slice(name.length + 1).trim()),
  };
}

/** A server that does with each connection what the test says. */
export async function rawServer(
  handle: (socket: Socket) => void,
): Promise<{ port: number; close(): Promise<void>; server: Server }> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    handle(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    server,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
