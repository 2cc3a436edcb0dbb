// A gateway on a configuration made in place, with upstreams made for the test; all closed at the end.

import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { after } from "node:test";
import type { AccessRecord } from "../../packages/gateway/src/observe/access-record.ts";
import type { Gateway, GatewayOptions } from "../../packages/gateway/src/serve/gateway.ts";
import { startGatewayWith } from "../../packages/gateway/src/serve/start.ts";
import { buildConfig, type Built } from "./build-config.ts";
import { rawServer } from "./raw-socket.ts";

const opened: (() => unknown)[] = [];
after(async () => {
  for (const close of opened) await close();
});

export interface Served {
  readonly gateway: Gateway;
  readonly port: number;
  readonly log: AccessRecord[];
  /** Waits until that many requests are over. */
  logged(count: number): Promise<readonly AccessRecord[]>;
}

export async function gatewayOf(built: Built, options: GatewayOptions = {}): Promise<Served> {
  const log: AccessRecord[] = [];
  const gateway = await startGatewayWith(buildConfig(built), {
    ...options,
    onAccess: (record) => log.push(record),
  });
  opened.unshift(() => gateway.close(0));
  return {
    gateway,
    port: gateway.addresses[0]!.port,
    log,
    async logged(count) {
      for (let turn = 0; turn < 400 && log.length < count; turn++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      return log;
    },
  };
}

/** An upstream on node:http; gives its port. `upgraded`: gets the socket of each upgrade. */
export async function httpServer(
  listener: RequestListener,
  upgraded?: (socket: Socket) => void,
): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  if (upgraded !== undefined)
    server.on("upgrade", (_request, socket) => {
      opened.push(() => socket.destroy());
      socket.on("error", () => socket.destroy());
      upgraded(socket as Socket);
    });
  await once(server, "listening");
  opened.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** An upstream that does with each connection what the test says; gives its port. */
export async function socketServer(handle: (socket: Socket) => void): Promise<number> {
  const server = await rawServer(handle);
  opened.push(() => server.close());
  return server.port;
}
