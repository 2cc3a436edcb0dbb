// The loopback servers of the proof, on bare sockets: what a case says is written byte by byte
// (duplicate lines, 8-bit bytes, VT and FF included), and every request is recorded as it came.

import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { getHeader, type Header, type RequestHead } from "@corsway/cors/standard";
import { certificateFor } from "../support/browser/certificate.ts";
import { caseServers, hasBody } from "./answer.ts";
import type { Scene } from "./case.ts";
import { bodyOf } from "./contents.ts";
import { actPageSource } from "./initiators/page.ts";
import { pagePath, pageSource } from "./page.ts";
import { hostNames, nodeOfUrl, type Stage } from "./stage.ts";

export interface ProofServer {
  readonly stage: Stage;
  /** Lets the cases be asked for under these numbers, and forgets the earlier ones. */
  load(cases: readonly (readonly [number: number, one: Scene])[]): void;
  /** What the page at `/page?set` of this origin sets as cookies, in addition to the usual two. */
  readonly cookies: Map<string, readonly string[]>;
  /** What was asked under this number, in order of arrival. */
  recorded(number: number): readonly RequestHead[];
  close(): Promise<void>;
}

/** Starts on two free ports, each on 127.0.0.1 and, where the machine has it, ::1. */
export async function startProofServer(): Promise<ProofServer> {
  const sockets = new Set<Socket>();
  const loaded = new Map<
    number,
    { readonly one: Scene; readonly answer: ReturnType<typeof caseServers> }
  >();
  const cookies = new Map<string, readonly string[]>();
  const recordings = new Map<number, RequestHead[]>();
  const servers: Server[] = [];

  function answer(socket: Socket, request: RequestHead): void {
    const found = nodeOfUrl(stage, request.url);
    if (found === undefined) {
      writePage(socket, request, cookies);
      return;
    }
    recordings.get(found.number)?.push(request);
    const scene = loaded.get(found.number);
    const response = scene?.answer(request) ?? { status: 404, headers: [["Content-Length", "0"]] };
    const body =
      scene !== undefined && hasBody(request.method, response.status)
        ? bodyOf(scene.one.nodes[found.node]?.content)
        : "";
    writeResponse(socket, response.status, response.headers, body);
  }

  function accept(socket: Socket, scheme: "http" | "https" = "http"): void {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
    let pending = "";
    socket.on("data", (chunk) => {
      pending += chunk.toString("latin1");
      for (;;) {
        const read = readRequest(pending, scheme);
        if (read === undefined) return;
        pending = read.rest;
        answer(socket, read.request);
      }
    });
  }

  const plain: Listening = () => createServer((socket) => accept(socket));
  const certificate = await certificateFor(...hostNames);
  const secure: Listening = () => {
    const server = createTlsServer(certificate, (socket) => accept(socket, "https"));
    // A browser that closes early, or asks a port twice: of no interest.
    server.on("tlsClientError", () => undefined);
    return server;
  };
  const ports = [await listenTwice(servers, plain), await listenTwice(servers, plain)] as const;
  const tls = await listenTwice(servers, secure);
  const run = `${process.pid.toString(36)}${Date.now().toString(36)}`;
  const stage: Stage = { ports, tls, run };

  return {
    stage,
    cookies,
    load(cases) {
      loaded.clear();
      recordings.clear();
      for (const [number, one] of cases) {
        loaded.set(number, { one, answer: caseServers(stage, number, one) });
        recordings.set(number, []);
      }
    },
    recorded: (number) => recordings.get(number) ?? [],
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
}

type Listening = () => Server;

async function listenTwice(servers: Server[], make: Listening): Promise<number> {
  for (;;) {
    const four = make();
    const port = await listen(four, 0, "127.0.0.1");
    const six = make();
    try {
      await listen(six, port, "::1");
      servers.push(four, six);
      return port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EADDRINUSE") {
        servers.push(four); // no IPv6 here
        return port;
      }
      four.close();
    }
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve((server.address() as { port: number }).port));
  });
}

interface ReadRequest {
  readonly request: RequestHead;
  readonly rest: string;
}

function readRequest(text: string, scheme: "http" | "https"): ReadRequest | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [line = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers: Header[] = lines.map((each) => {
    const colon = each.indexOf(":");
    return [each.slice(0, colon), each.slice(colon + 1).replace(/^[\t ]+|[\t ]+$/g, "")];
  });
  const length = Number(getHeader(headers, "content-length") ?? 0);
  const bodyEnd = end + 4 + length;
  if (text.length < bodyEnd) return undefined;
  const [method = "", target = ""] = line.split(" ");
  const url = `${scheme}://${getHeader(headers, "host")}${target}`;
  return { request: { method, url, headers }, rest: text.slice(bodyEnd) };
}

function writePage(
  socket: Socket,
  request: RequestHead,
  cookies: ReadonlyMap<string, readonly string[]>,
): void {
  const { pathname, search, origin } = new URL(request.url);
  const found = pathname.startsWith(pagePath);
  const set = search === "?set" ? (cookies.get(origin) ?? []) : [];
  const headers: Header[] = [
    ["Content-Type", "text/html; charset=utf-8"],
    ["Cache-Control", "no-store"],
    ["Set-Cookie", "plain=1; Path=/"],
    ["Set-Cookie", "anywhere=1; Path=/; SameSite=None; Secure"],
    ...set.map((line): Header => ["Set-Cookie", line]),
  ];
  const body = found ? (search === "?acts" ? actPageSource : pageSource) : "";
  headers.push(["Content-Length", `${Buffer.byteLength(body)}`]);
  writeResponse(socket, found ? 200 : 404, headers, body);
}

function writeResponse(
  socket: Socket,
  status: number,
  headers: readonly Header[],
  body: string,
): void {
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(`HTTP/1.1 ${status} Status\r\n${head}\r\n${body}`, "latin1");
}
