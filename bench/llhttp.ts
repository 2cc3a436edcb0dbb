// Node's own HTTP parser (llhttp) without a socket, fed with one message again and again. It is an
// inner part of Node, reached only here and in tests: what we measure ourselves against, not what we
// build on.

import { createRequire } from "node:module";

interface Parser {
  initialize(type: number, resource: object, maxHeaderSize: number): void;
  execute(bytes: Uint8Array): number | Error;
  [callback: number]: unknown;
}
interface ParserClass {
  new (): Parser;
  readonly REQUEST: number;
  readonly RESPONSE: number;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
}

/** Reads `message` whole, head and body, at each call; throws where llhttp refuses it. */
export function llhttpParser(kind: "request" | "response", message: Uint8Array): () => void {
  const { HTTPParser } = createRequire(import.meta.url)("_http_common") as {
    HTTPParser: ParserClass;
  };
  const parser = new HTTPParser();
  parser.initialize(kind === "request" ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {}, 16_384);
  let ended = 0;
  parser[HTTPParser.kOnHeadersComplete] = (): number => 0;
  parser[HTTPParser.kOnBody] = (): void => undefined;
  parser[HTTPParser.kOnMessageComplete] = (): void => void ended++;
  return () => {
    const before = ended;
    const used = parser.execute(message);
    if (typeof used !== "number") throw used;
    if (ended !== before + 1) throw new Error("llhttp did not read the whole message");
  };
}
