// The engine on node:http and node:https. Node's parser is strict by default and stays so; what it
// does on its own beyond parsing is switched off (dropping headers beyond a count, answering a
// missing Host, `100 Continue`), because its answers would carry no CORS headers.

import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  ServerResponse,
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Limits } from "../config/config.ts";
import type { Certificate } from "./certificate.ts";
import type { Arrival, Listener, ListenOptions, Reception, Reply, Visitor } from "./engine.ts";
import { closeLingering } from "./lingering-close.ts";

/** Most connections of one listener; beyond, new ones are closed at once. */
const maxConnections = 10_000;

/** How long a drain waits for the first byte on a connection that is open; ms. */
const firstByte = 1000;

/** Rejects with the system's error (EADDRINUSE, EACCES…) where the address cannot be had. */
export async function listenNode(options: ListenOptions): Promise<Listener> {
  const { certificate, reception, address } = options;
  let { limits } = options;
  const settings = {
    insecureHTTPParser: false,
    requireHostHeader: false, // answered above, with CORS headers
    maxHeaderSize: limits.headerSize,
    headersTimeout: limits.headerTimeout,
    requestTimeout: 0, // each location has its own
    keepAliveTimeout: limits.keepaliveTimeout,
    connectionsCheckingInterval: 1000,
    noDelay: true,
    // An upgrade that is not ours to make is a request like any other (RFC 9110 §7.8); so is one
    // behind requests under way, as the socket is theirs until they are answered.
    shouldUpgradeCallback: (request: IncomingMessage) =>
      isWebSocket(request) && !visits.has(request.socket),
  };
  const server: Server =
    certificate === undefined
      ? createHttpServer(settings)
      : createHttpsServer({
          ...settings,
          handshakeTimeout: limits.headerTimeout,
          ...certificate,
        });
  // Node drops what is beyond this count without a word, the Origin among it: no limit here, the
  // head's bytes are bounded, and the count is checked above.
  server.maxHeadersCount = 0;
  server.maxConnections = maxConnections;
  server.timeout = 0;

  /** The latest request on each connection, until it is over. */
  const visits = new WeakMap<Duplex, Visit>();
  const broken = new WeakSet<Duplex>();
  const upgraded = new Set<Duplex>();
  /** Connections on which no request is under way: they must not hold up a drain. */
  const idle = new Set<Socket>();
  let draining = false;

  const take = (
    request: IncomingMessage,
    response: ServerResponse,
    awaits: boolean,
    upgrade?: Buffer,
  ): void => {
    const reply = new NodeReply(request, response, limits, () => draining);
    const visitor = reception.visit(arrivalOf(request, awaits, upgrade), reply);
    reply.visitor = visitor;
    const { socket } = request;
    idle.delete(socket);
    // One that waits behind another has no socket yet, so nobody else tells it that all is over.
    visits.get(socket)?.response.once("close", () => {
      if (socket.destroyed) response.emit("close");
    });
    visits.set(socket, { visitor, request, response });
    response.once("close", () => {
      if (visits.get(socket)?.response !== response) return;
      visits.delete(socket);
      if (socket.destroyed) return;
      idle.add(socket);
      if (draining) setImmediate(() => server.closeIdleConnections());
    });
    visitor.go();
  };
  server.on(certificate === undefined ? "connection" : "secureConnection", (socket: Socket) => {
    idle.add(socket);
    socket.once("close", () => idle.delete(socket));
  });
  server.on("request", (request, response) => take(request, response, false));
  server.on("checkContinue", (request, response) => take(request, response, true));
  server.on("checkExpectation", (request, response) => take(request, response, false));
  // Node lets go of the socket of these two; they are answered like any other request all the same.
  const takeDetached = (request: IncomingMessage, socket: Duplex, upgrade?: Buffer): void => {
    if (visits.has(socket)) {
      // CONNECT behind requests under way: without their socket these cannot be answered any more.
      socket.destroy();
      return;
    }
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
    socket.on("error", () => socket.destroy());
    const response = new ServerResponse(request);
    response.assignSocket(socket as Socket);
    response.shouldKeepAlive = false;
    socket.on("drain", () => response.emit("drain"));
    response.on("finish", () => {
      response.detachSocket(socket as Socket);
      response.emit("close");
      closeLingering(socket as Socket);
    });
    take(request, response, false, upgrade);
  };
  server.on("upgrade", takeDetached);
  server.on("connect", (request, socket) => takeDetached(request, socket));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    // The parser complains again about each packet that follows.
    if (broken.has(socket)) return;
    broken.add(socket);
    const latest = visits.get(socket);
    const answer = (): void => answerUnparsed(reception, error, socket as Socket);
    if (latest === undefined) answer();
    else if (!latest.request.complete) latest.visitor.malformed();
    // What is bad is what came behind: the good requests before it are answered first.
    else latest.response.once("close", answer);
  });
  // Without a listener, Node ends the process for what one socket did.
  server.on("tlsClientError", (_error, socket) => socket.destroy());

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(
      { ...(address.host !== "" && { host: address.host }), port: address.port, backlog: 1024 },
      () => {
        server.off("error", reject);
        resolve();
      },
    );
  });
  server.on("error", () => undefined); // an accept that failed (EMFILE): the next one may not
  const bound = server.address() as AddressInfo;

  return {
    address: { host: address.host, port: bound.port },
    configure(now: Limits, renewed: Certificate | undefined) {
      limits = now;
      (server as Server & { maxHeaderSize: number }).maxHeaderSize = now.headerSize;
      server.headersTimeout = now.headerTimeout;
      server.keepAliveTimeout = now.keepaliveTimeout;
      if (renewed !== undefined && "setSecureContext" in server)
        (server as ReturnType<typeof createHttpsServer>).setSecureContext({ ...renewed });
    },
    drain() {
      draining = true;
      return new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // A request may be on its way on a connection that was made just now.
        setTimeout(() => {
          for (const socket of idle) if (socket.bytesRead === 0) socket.destroy();
        }, firstByte).unref();
        // From here on Node no longer looks whether a head is late.
        setTimeout(() => {
          for (const socket of idle) socket.destroy();
        }, limits.headerTimeout).unref();
      });
    },
    destroy() {
      server.close();
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
    },
    connections: () => countOf(server) + upgraded.size,
  };
}

interface Visit {
  readonly visitor: Visitor;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

class NodeReply implements Reply {
  visitor: Visitor | undefined;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #socket: Socket;
  readonly #limits: Limits;
  readonly #draining: () => boolean;
  #over = false;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    limits: Limits,
    draining: () => boolean,
  ) {
    this.#request = request;
    this.#response = response;
    this.#socket = request.socket;
    this.#limits = limits;
    this.#draining = draining;
    // A client that goes away makes both of these fail; `close` below tells it.
    request.on("error", ignore);
    response.on("error", ignore);
    response.on("drain", () => {
      this.#socket.setTimeout(0);
      this.visitor?.drained();
    });
    response.on("close", () => this.#finish(response.writableFinished));
  }

  get started(): boolean {
    return this.#response.headersSent;
  }

  sendContinue(): void {
    const { headers, httpVersion } = this.#request;
    // HTTP/1.0 knows no 1xx: it would be taken for the answer (RFC 9110 §15.2).
    if (headers.expect !== undefined && httpVersion === "1.1" && !this.#response.headersSent)
      this.#response.writeContinue();
  }

  send(status: number, fields: string[], body: string, close: boolean): void {
    if (this.#over || this.#response.headersSent) return;
    if (close) {
      fields.push("Connection", "close");
      this.#lingerAtEnd();
    }
    if (!this.start(status, fields)) {
      this.destroy();
      return;
    }
    this.#response.end(body === "" ? undefined : body, "latin1");
    this.#watchStall();
    if (!close && !this.#request.complete) this.#boundRest();
  }

  start(status: number, fields: string[]): boolean {
    if (this.#over) return true;
    if (this.#draining()) this.#response.shouldKeepAlive = false;
    try {
      this.#response.writeHead(status, STATUS_CODES[status] ?? "", fields);
    } catch {
      return false; // ERR_INVALID_CHAR and its like
    }
    return true;
  }

  flush(): void {
    if (!this.#over) this.#response.flushHeaders();
  }

  write(chunk: Uint8Array): boolean {
    if (this.#over) return true;
    const more = this.#response.write(chunk);
    if (!more) this.#watchStall();
    return more;
  }

  end(bodyLeft: boolean): void {
    if (this.#over) return;
    if (bodyLeft) {
      this.#lingerAtEnd();
      this.#response.once("finish", () => this.#socket.destroySoon());
    }
    this.#response.end();
    this.#watchStall();
  }

  switchProtocols(fields: string[]): Socket | undefined {
    if (this.#over || this.#socket.destroyed) return undefined;
    let head = "HTTP/1.1 101 Switching Protocols\r\n";
    for (let i = 0; i < fields.length; i += 2) {
      const value = fields[i + 1] as string;
      try {
        validateHeaderName(fields[i] as string);
        validateHeaderValue(fields[i] as string, value);
      } catch {
        return undefined;
      }
      head += `${fields[i]}: ${value}\r\n`;
    }
    this.#over = true;
    this.#response.detachSocket(this.#socket);
    this.#socket.setTimeout(0);
    this.#socket.write(`${head}\r\n`, "latin1");
    return this.#socket;
  }

  destroy(): void {
    // To a client of HTTP/1.0 the close alone says where a body ends: only a reset says that it broke
    // off. (In TLS the missing close_notify does.)
    const bare = this.#request.httpVersion === "1.0" && !("encrypted" in this.#socket);
    if (bare && this.started) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  // A client that takes nothing for this long is cut: Node destroys a socket on its timeout where
  // nobody else listens for it, and arms it anew as long as bytes are moving.
  #watchStall(): void {
    if (this.#socket.writableLength > 0) this.#socket.setTimeout(this.#limits.writeStallTimeout);
  }

  // The rest of a body that is read off only to keep the connection: sent a byte at a time, it would
  // hold its place among the listener's connections for ever.
  #boundRest(): void {
    setTimeout(() => {
      if (!this.#request.complete) this.#socket.destroy();
    }, this.#limits.requestTimeout).unref();
  }

  #lingerAtEnd(): void {
    this.#socket.destroySoon = () => {
      delete (this.#socket as Partial<Socket>).destroySoon;
      closeLingering(this.#socket);
    };
  }

  #finish(complete: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.visitor?.finished(complete);
  }
}

function ignore(): void {}

function arrivalOf(request: IncomingMessage, awaitsContinue: boolean, upgrade?: Buffer): Arrival {
  const { headers } = request;
  const has =
    headers["transfer-encoding"] !== undefined ||
    (headers["content-length"] !== undefined && headers["content-length"] !== "0");
  const { httpVersionMajor: major, httpVersionMinor: minor } = request;
  return {
    method: request.method ?? "",
    target: request.url ?? "",
    version: major === 1 ? (minor === 1 ? "1.1" : minor === 0 ? "1.0" : "") : "",
    fields: request.rawHeaders,
    peer: plainAddress(request.socket.remoteAddress ?? ""),
    awaitsContinue,
    ...(has ? { body: request } : undefined),
    ...(upgrade === undefined ? undefined : { upgrade }),
  };
}

/** `::ffff:10.0.0.1` is 10.0.0.1. */
function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

function isWebSocket({ headers, method, httpVersion }: IncomingMessage): boolean {
  // In HTTP/1.0 the field is to be ignored (RFC 9110 §7.8).
  return (
    headers.upgrade?.toLowerCase() === "websocket" && method === "GET" && httpVersion === "1.1"
  );
}

function answerUnparsed(reception: Reception, error: NodeJS.ErrnoException, socket: Socket): void {
  const status =
    error.code === "HPE_HEADER_OVERFLOW"
      ? 431
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? 408
        : 400;
  if (!socket.writable) return;
  const { fields, body } = reception.unparsed(status);
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  for (let i = 0; i < fields.length; i += 2) head += `${fields[i]}: ${fields[i + 1]}\r\n`;
  socket.write(`${head}Connection: close\r\n\r\n${body}`, "latin1");
  closeLingering(socket);
}

function countOf(server: Server): number {
  return (server as Server & { _connections?: number })._connections ?? 0;
}
