// An API on node:http for one test, which remembers what it was asked.

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export interface AskedApi {
  readonly base: string;
  /** `PUT /users x=1`: method, target and body of each request, once it has been read. */
  readonly asked: string[];
}

export async function askedApi(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<AskedApi> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      asked.push(`${request.method ?? ""} ${request.url ?? ""}${body === "" ? "" : ` ${body}`}`);
      answer(request, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
