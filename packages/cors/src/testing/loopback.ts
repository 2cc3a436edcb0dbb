// The only file of this library that uses Node: HTTP/1.1 over loopback, for a server under test that is
// a Node request listener or already listens. It is loaded only when it is needed, so that everything
// else runs in any runtime.

import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { Header, HeaderList, RequestHead } from "../standard/message.ts";

/** What `http.createServer` accepts: express, koa's callback() and fastify's routing are such functions. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface Listening {
  /** `http://127.0.0.1:54321` */
  readonly address: string;
  close(): Promise<void>;
}

export interface NodeReply {
  readonly status: number;
  /** As received, in order, duplicates and case kept. */
  readonly headers: HeaderList;
  readonly body: ReadableStream<Uint8Array>;
}

/** A real server on a port chosen by the system. It does not keep the process alive. */
export function listenOnLoopback(listener: NodeListener): Promise<Listening> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      server.unref();
      const { port } = server.address() as AddressInfo;
      resolve({
        address: `http://127.0.0.1:${port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

/**
 * Sends one request to the server at `address`, whatever host its URL names: that host goes into the
 * `Host` header, as if the name resolved there. Redirects are not followed. Rejects if the connection or
 * its HTTP fails.
 */
export function sendTo(
  address: string,
  head: RequestHead,
  body?: Uint8Array,
  signal?: AbortSignal,
): Promise<NodeReply> {
  const target = new URL(address);
  const url = new URL(head.url);
  const request = target.protocol === "https:" ? httpsRequest : httpRequest;
  const headers: Header[] = [["Host", url.host], ...head.headers];
  const isMeasured = headers.some(([name]) => name.toLowerCase() === "content-length");
  if (body !== undefined && !isMeasured) headers.push(["Content-Length", String(body.byteLength)]);
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: target.hostname.replace(/^\[|\]$/g, ""),
      port: target.port === "" ? undefined : Number(target.port),
      method: head.method,
      path: `${url.pathname}${url.search}`,
      headers: headers.flat(),
      setHost: false,
      agent: false,
      ...(signal !== undefined && { signal }),
    });
    outgoing.once("error", reject);
    outgoing.once("response", (incoming) => {
      resolve({
        status: incoming.statusCode ?? 0,
        headers: pairs(incoming.rawHeaders),
        body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>,
      });
    });
    outgoing.end(body);
  });
}

function pairs(raw: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) headers.push([raw[i]!, raw[i + 1]!]);
  return headers;
}
