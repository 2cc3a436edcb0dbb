// The engine on node:http and node:https. Node's parser is strict by default and stays so; what it
// does on its own beyond parsing is switched off (dropping headers beyond a count, answering a
// missing Host, `100 Continue`), because its answers would carry no CORS headers.

import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  ServerResponse,
  STATUS_CODES,
} from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Address, Limits } from "../config/config.ts";
import type { Certificate } from "./certificate.ts";
import type { Arrival, Listener, ListenOptions, Reception } from "./engine.ts";
import { closeLingering } from "./lingering-close.ts";
import { hasBody, NodeReply } from "./node-reply.ts";
import { Pipeline } from "./pipeline.ts";

/** Most connections of one listener; beyond, new ones are closed at once. */
const maxConnections = 10_000;

/** How long a drain waits for the first byte on a connection that is open; ms. */
const firstByte = 1000;

/** Rejects with the system's error (EADDRINUSE, EACCES…) where the address cannot be had. */
export async function listenNode(options: ListenOptions): Promise<Listener> {
  const listener = new NodeListener(options);
  await listener.listen(options.address);
  return listener;
}

class NodeListener implements Listener {
  readonly #server: Server;
  readonly #reception: Reception;
  #limits: Limits;
  #address: Address;
  /** The requests of each connection that has had one. */
  readonly #pipelines = new WeakMap<Duplex, Pipeline>();
  /** Connections whose bytes Node could not parse; it complains again about each packet after that. */
  readonly #broken = new WeakSet<Duplex>();
  readonly #upgraded = new Set<Duplex>();
  /** Connections on which no request is under way: they must not hold up a drain. */
  readonly #idle = new Set<Socket>();
  #draining = false;

  constructor({ certificate, reception, address, limits }: ListenOptions) {
    this.#reception = reception;
    this.#limits = limits;
    this.#address = address;
    this.#server = createServer(limits, certificate, (request) => this.#admitsUpgrade(request));
    this.#hear(certificate === undefined ? "connection" : "secureConnection");
  }

  get address(): Address {
    return this.#address;
  }

  async listen({ host, port }: Address): Promise<void> {
    const server = this.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ ...(host !== "" && { host }), port, backlog: 1024 }, () => {
        server.off("error", reject);
        resolve();
      });
    });
    server.on("error", () => undefined); // an accept that failed (EMFILE): the next one may not
    this.#address = { host, port: (server.address() as AddressInfo).port };
  }

  configure(limits: Limits, certificate: Certificate | undefined): void {
    const server = this.#server as Server & { maxHeaderSize: number };
    this.#limits = limits;
    server.maxHeaderSize = limits.headerSize;
    server.headersTimeout = limits.headerTimeout;
    server.keepAliveTimeout = limits.keepaliveTimeout;
    if (certificate !== undefined && "setSecureContext" in server)
      (server as unknown as HttpsServer).setSecureContext({ ...certificate });
  }

  drain(): Promise<void> {
    const server = this.#server;
    this.#draining = true;
    return new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
      // A request may be on its way on a connection that was made just now.
      setTimeout(() => {
        for (const socket of this.#idle) if (socket.bytesRead === 0) socket.destroy();
      }, firstByte).unref();
      // Once a server is closed Node no longer cuts a connection whose head is late.
      setTimeout(() => {
        for (const socket of this.#idle) socket.destroy();
      }, this.#limits.headerTimeout).unref();
    });
  }

  destroy(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
  }

  connections(): number {
    // Node's own count; its public form, getConnections, answers by a callback.
    const { _connections: open = 0 } = this.#server as Server & { _connections?: number };
    return open + this.#upgraded.size;
  }

  #hear(connected: "connection" | "secureConnection"): void {
    const server = this.#server;
    server.on(connected, (socket: Socket) => {
      this.#idle.add(socket);
      socket.once("close", () => this.#idle.delete(socket));
    });
    server.on("request", (request, response) => this.#take(request, response, false));
    server.on("checkContinue", (request, response) => this.#take(request, response, true));
    server.on("checkExpectation", (request, response) => this.#take(request, response, false));
    server.on("upgrade", (request, socket, head) => this.#takeDetached(request, socket, head));
    server.on("connect", (request, socket) => this.#takeDetached(request, socket));
    server.on("clientError", (error, socket) => this.#fail(error, socket as Socket));
    // Without a listener, Node ends the process for what one socket did.
    server.on("tlsClientError", (_error, socket) => socket.destroy());
  }

  /**
   * Any other upgrade is ignored and the request answered like any other (RFC 9110 §7.8). So is one
   * that comes behind requests under way, since their answers need the socket.
   */
  #admitsUpgrade(request: IncomingMessage): boolean {
    return isWebSocket(request) && this.#pipelines.get(request.socket)?.busy !== true;
  }

  #take(
    request: IncomingMessage,
    response: ServerResponse,
    awaitsContinue: boolean,
    upgrade?: Buffer,
  ): void {
    const { socket } = request;
    this.#idle.delete(socket);
    this.#pipelineOf(socket).add({
      request,
      response,
      begin: () => {
        const reply = new NodeReply(request, response, this.#limits, () => this.#draining);
        const visitor = this.#reception.visit(arrivalOf(request, awaitsContinue, upgrade), reply);
        reply.visitor = visitor;
        visitor.go();
        return visitor;
      },
    });
  }

  #pipelineOf(socket: Socket): Pipeline {
    const known = this.#pipelines.get(socket);
    if (known !== undefined) return known;
    const pipeline = new Pipeline(socket, () => {
      this.#idle.add(socket);
      if (this.#draining) setImmediate(() => this.#server.closeIdleConnections());
    });
    this.#pipelines.set(socket, pipeline);
    return pipeline;
  }

  /** For an upgrade and CONNECT Node gives the socket away; they are answered like any request. */
  #takeDetached(request: IncomingMessage, duplex: Duplex, upgrade?: Buffer): void {
    const socket = duplex as Socket;
    if (this.#pipelines.get(socket)?.busy === true) {
      // CONNECT behind requests under way: without their socket these cannot be answered any more.
      socket.destroy();
      return;
    }
    this.#upgraded.add(socket);
    socket.once("close", () => this.#upgraded.delete(socket));
    socket.on("error", () => socket.destroy());
    const response = new ServerResponse(request);
    response.assignSocket(socket);
    response.shouldKeepAlive = false;
    socket.on("drain", () => response.emit("drain"));
    response.on("finish", () => {
      response.detachSocket(socket);
      response.emit("close");
      closeLingering(socket);
    });
    this.#take(request, response, false, upgrade);
  }

  /** Bytes that are no request, or a head that is late. */
  #fail(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    if (this.#broken.has(socket)) return;
    const pipeline = this.#pipelineOf(socket);
    if (pipeline.held && error.code === "ERR_HTTP_REQUEST_TIMEOUT") {
      pipeline.late(() => this.#fail(error, socket), this.#limits.headerTimeout);
      return;
    }
    this.#broken.add(socket);
    pipeline.fault(() => answerUnparsed(this.#reception, error, socket));
  }
}

function createServer(
  limits: Limits,
  certificate: Certificate | undefined,
  shouldUpgradeCallback: (request: IncomingMessage) => boolean,
): Server {
  const settings = {
    insecureHTTPParser: false,
    requireHostHeader: false, // readRequestHead refuses it, with CORS headers
    maxHeaderSize: limits.headerSize,
    headersTimeout: limits.headerTimeout,
    requestTimeout: 0, // each location has its own
    keepAliveTimeout: limits.keepaliveTimeout,
    connectionsCheckingInterval: 1000,
    noDelay: true,
    shouldUpgradeCallback,
  };
  const server: Server =
    certificate === undefined
      ? createHttpServer(settings)
      : createHttpsServer({ ...settings, handshakeTimeout: limits.headerTimeout, ...certificate });
  // Beyond this count Node drops header lines silently, perhaps the Origin. So there is no limit here:
  // the head's bytes are bounded, and readRequestHead refuses too many lines.
  server.maxHeadersCount = 0;
  server.maxConnections = maxConnections;
  server.timeout = 0;
  return server;
}

function arrivalOf(request: IncomingMessage, awaitsContinue: boolean, upgrade?: Buffer): Arrival {
  const { httpVersionMajor: major, httpVersionMinor: minor } = request;
  return {
    method: request.method ?? "",
    target: request.url ?? "",
    version: major === 1 ? (minor === 1 ? "1.1" : minor === 0 ? "1.0" : "") : "",
    fields: request.rawHeaders,
    peer: plainAddress(request.socket.remoteAddress ?? ""),
    awaitsContinue,
    ...(hasBody(request) ? { body: request } : undefined),
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
