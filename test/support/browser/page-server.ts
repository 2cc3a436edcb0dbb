// Serves a blank page at every path, under whatever name Chromium was told leads here: a page has
// no other use in these tests than to have an origin.

import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "./certificate.ts";

export interface PageServer {
  readonly port: number;
  close(): Promise<void>;
}

const blank = `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>a page</title>`;

/** With a certificate: https. */
export async function startPageServer(certificate?: Certificate): Promise<PageServer> {
  const answer = (_request: unknown, response: import("node:http").ServerResponse) => {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(blank);
  };
  const server: Server =
    certificate === undefined ? createServer(answer) : createTlsServer(certificate, answer);
  return { port: await listen(server), close: () => closeServer(server) };
}

/** Listens on loopback, on a port the system chooses. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
