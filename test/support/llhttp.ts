// Node's own HTTP parser (llhttp) without a socket. It is an inner part of Node, reached only here:
// what we measure ourselves against, not what we build on.

import { createRequire } from "node:module";

interface Parser {
  initialize(type: number, resource: object, maxHeaderSize: number): void;
  execute(bytes: Uint8Array): number | Error;
  finish(): number | Error | undefined;
  [callback: number]: unknown;
}
interface ParserClass {
  new (): Parser;
  readonly REQUEST: number;
  readonly RESPONSE: number;
  readonly kOnHeaders: number;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
}

const { HTTPParser, methods } = createRequire(import.meta.url)("_http_common") as {
  HTTPParser: ParserClass;
  methods: readonly string[];
};

/** A message as llhttp reads it. */
export interface LlhttpMessage {
  method: string;
  target: string;
  status: number;
  version: string;
  /** Flat. */
  fields: string[];
  body: string;
}

type Kind = "request" | "response";

/** Skips the body of a response to HEAD, and of nothing else. */
const withBody = 0;

/** The first message of these bytes, which are then the connection's last; undefined: refused. */
export function readWithLlhttp(kind: Kind, bytes: Uint8Array): LlhttpMessage | undefined {
  const parser = parserOf(kind);
  const message: LlhttpMessage = {
    method: "",
    target: "",
    status: 0,
    version: "",
    fields: [],
    body: "",
  };
  let whole = false;
  parser[HTTPParser.kOnHeaders] = (fields: string[], url: string): void => {
    if (whole || message.version !== "") return; // trailers come this way too
    message.fields.push(...fields);
    message.target += url;
  };
  parser[HTTPParser.kOnHeadersComplete] = (
    major: number,
    minor: number,
    fields: string[] | undefined,
    method: number | undefined,
    url: string,
    status: number | undefined,
  ): number => {
    if (whole) return withBody;
    if (status !== undefined && status < 200) {
      message.fields = [];
      return withBody;
    }
    message.version = `${major}.${minor}`;
    message.fields.push(...(fields ?? []));
    message.method = method === undefined ? "" : (methods[method] ?? "");
    message.target += url ?? "";
    message.status = status ?? 0;
    return withBody;
  };
  parser[HTTPParser.kOnBody] = (part: Buffer): void => {
    if (!whole) message.body += part.toString("latin1");
  };
  parser[HTTPParser.kOnMessageComplete] = (): void => {
    whole ||= message.version !== "";
  };
  const used = parser.execute(bytes);
  if (!whole && typeof used !== "number") return undefined;
  if (!whole && parser.finish() instanceof Error) return undefined;
  return whole ? message : undefined;
}

/** Reads `message` whole, head and body, at each call; throws where llhttp refuses it. */
export function llhttpParser(kind: Kind, message: Uint8Array): () => void {
  const parser = parserOf(kind);
  let ended = 0;
  parser[HTTPParser.kOnHeadersComplete] = (): number => withBody;
  parser[HTTPParser.kOnBody] = (): void => undefined;
  parser[HTTPParser.kOnMessageComplete] = (): void => void ended++;
  return () => {
    const before = ended;
    const used = parser.execute(message);
    if (typeof used !== "number") throw used;
    if (ended !== before + 1) throw new Error("llhttp did not read the whole message");
  };
}

function parserOf(kind: Kind): Parser {
  const parser = new HTTPParser();
  parser.initialize(kind === "request" ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {}, 16_384);
  return parser;
}
