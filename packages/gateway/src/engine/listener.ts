// One listening address on node:net or node:tls: it accepts connections, up to a limit, and ends them.

import {
  createServer as createPlainServer,
  type AddressInfo,
  type Server,
  type Socket,
} from "node:net";
import type { Server as TlsServer } from "node:tls";
import type { Address, Limits } from "../config/config.ts";
import { defaultLimits, type WireLimits } from "../http1/limits.ts";
import type { Certificate } from "./certificate.ts";
import { Connection, type ConnectionOwner } from "./connection.ts";
import { descriptorRoom } from "./descriptors.ts";
import type { Listener, ListenOptions, Reception, Shortage } from "./engine.ts";

/** Rejects with the system's error (EADDRINUSE, EACCES…) if the address is not available. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const listener = new SocketListener(options);
  await listener.open();
  return listener;
}

class SocketListener implements Listener, ConnectionOwner {
  readonly reception: Reception;
  limits: Limits;
  wireLimits: WireLimits;
  keptLine: string;
  draining = false;
  address: Address;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  /** Sockets that have switched to another protocol. */
  readonly #switched = new Set<Socket>();
  /** Of a listener with TLS, those below it: a peer that never says hello has no other. */
  readonly #beneath = new Set<Socket>();

  constructor({ certificate, reception, address, limits }: ListenOptions) {
    this.reception = reception;
    this.address = address;
    this.limits = limits;
    this.wireLimits = wireLimitsOf(limits);
    this.keptLine = keptLineOf(limits);
    this.#server = createServer(limits, certificate, (socket) => this.#take(socket));
    if (certificate !== undefined) this.#server.on("connection", (socket) => this.#keep(socket));
    this.#server.on("drop", () => reception.refused(this.#shortage()));
    this.configure(limits, undefined);
  }

  async open(): Promise<void> {
    const { host, port } = this.address;
    const server = this.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ ...(host !== "" && { host }), port, backlog: 1024 }, () => {
        server.off("error", reject);
        resolve();
      });
    });
    server.on("error", () => undefined); // an accept that failed: the next one may not
    this.address = { host, port: (server.address() as AddressInfo).port };
  }

  configure(limits: Limits, certificate: Certificate | undefined): void {
    this.limits = limits;
    this.wireLimits = wireLimitsOf(limits);
    this.keptLine = keptLineOf(limits);
    this.#server.maxConnections = this.#shortage().most;
    if (certificate !== undefined && "setSecureContext" in this.#server)
      (this.#server as TlsServer).setSecureContext({ ...certificate });
  }

  drain(): Promise<void> {
    this.draining = true;
    return new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      for (const connection of this.#connections) connection.drain();
    });
  }

  destroy(): void {
    this.#server.close();
    for (const connection of this.#connections) connection.destroy();
    for (const socket of this.#switched) socket.destroy();
    for (const socket of this.#beneath) socket.destroy();
  }

  connections(): number {
    return this.#connections.size + this.#switched.size;
  }

  gone(connection: Connection, socket?: Socket): void {
    this.#connections.delete(connection);
    if (socket === undefined) return;
    this.#switched.add(socket);
    socket.once("close", () => this.#switched.delete(socket));
  }

  #keep(socket: Socket): void {
    this.#beneath.add(socket);
    socket.once("close", () => this.#beneath.delete(socket));
  }

  #shortage(): Shortage {
    const { maxConnections } = this.limits;
    const room = descriptorRoom();
    return maxConnections <= room
      ? { most: maxConnections, by: "max_connections" }
      : { most: room, by: "open files" };
  }

  #take(socket: Socket): void {
    const connection = new Connection(this, socket);
    this.#connections.add(connection);
    if (this.draining) connection.drain();
  }
}

function createServer(
  limits: Limits,
  certificate: Certificate | undefined,
  take: (socket: Socket) => void,
): Server {
  // Half open: a client that has sent its last request and ended its side still gets a response.
  const settings = { allowHalfOpen: true, noDelay: true };
  if (certificate === undefined) return createPlainServer(settings, take);
  // Loaded only if needed, because loading TLS is a large part of start-up.
  const server = process.getBuiltinModule("node:tls").createServer(
    {
      ...settings,
      ...certificate,
      ALPNProtocols: ["http/1.1"],
      handshakeTimeout: limits.headerTimeout,
    },
    take,
  );
  // Without a listener, Node ends the process for what one socket did.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return server;
}

/** The walk, which knows the policy, rejects too many fields and too long a target. */
function wireLimitsOf({ headerSize }: Limits): WireLimits {
  return { ...defaultLimits, headSize: headerSize, headerCount: Infinity, targetSize: Infinity };
}

/** A client that knows when we close a connection does not send a request at that moment. */
function keptLineOf({ keepaliveTimeout }: Limits): string {
  const seconds = Math.max(1, Math.floor(keepaliveTimeout / 1000));
  return `Connection: keep-alive\r\nKeep-Alive: timeout=${seconds}\r\n`;
}
