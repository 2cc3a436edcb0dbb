// The API behind the gateway: it remembers what reached it, so that a test can tell a request that
// was stopped from one whose answer was withheld. It sends only what the test says: no CORS header
// comes from here unless the test wants one.

import { createServer, type IncomingHttpHeaders } from "node:http";
import { closeServer, listen } from "./page-server.ts";

export interface Reached {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Upstream {
  readonly port: number;
  /** What reached it, in order. */
  readonly reached: readonly Reached[];
  close(): Promise<void>;
}

/** `answers` by `METHOD /path`; what is not named is answered with 200 and a small JSON body. */
export async function startUpstream(
  answers: Readonly<Record<string, Answer | ((reached: Reached) => Answer)>> = {},
): Promise<Upstream> {
  const reached: Reached[] = [];
  const server = createServer((request, response) => {
    let bytes = 0;
    request.on("data", (chunk: Buffer) => (bytes += chunk.length));
    request.on("error", () => response.destroy());
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const seen = { method, url, headers, bytes };
      reached.push(seen);
      const named = answers[`${method} ${url.split("?")[0]}`];
      const answer = typeof named === "function" ? named(seen) : (named ?? {});
      response.writeHead(answer.status ?? 200, {
        "Content-Type": "application/json",
        ...answer.headers,
      });
      response.end(answer.body ?? '{"from":"the API"}');
    });
  });
  return { port: await listen(server), reached, close: () => closeServer(server) };
}
