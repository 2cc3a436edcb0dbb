// What the middleware is compared with as the least that can be done: written by hand for one policy, a Map from origin to a
// flat list of headers, without any check of method, header names or host.

import type { IncomingMessage } from "node:http";
import { hitOf, originsOf, type Exchange, type Shape } from "./exchanges.ts";
import type { Response } from "./stand-ins.ts";

export const methods = ["GET", "PUT", "DELETE"];
export const allowed = ["Content-Type", "X-Auth-Token"];
export const exposed = ["X-Request-ID"];

export type Middleware = (request: IncomingMessage, response: Response, next: () => void) => void;

interface Lists {
  readonly actual: ReadonlyMap<string, string[]>;
  readonly preflight: ReadonlyMap<string, string[]>;
}

const none = ["Vary", "Origin"];
const refused = ["Vary", "Origin, Access-Control-Request-Method", "Content-Length", "0"];

function listsOf(shape: Shape): Lists {
  const actual = new Map<string, string[]>();
  const preflight = new Map<string, string[]>();
  for (const origin of shape.wildcards ? [hitOf(shape)] : originsOf(shape)) {
    const base = [
      "Access-Control-Allow-Origin",
      origin,
      "Access-Control-Allow-Credentials",
      "true",
    ];
    actual.set(origin, [
      ...base,
      "Access-Control-Expose-Headers",
      "X-Request-ID",
      "Vary",
      "Origin",
    ]);
    preflight.set(origin, [
      ...base,
      "Access-Control-Allow-Methods",
      methods.join(", "),
      "Access-Control-Allow-Headers",
      allowed.join(", "),
      "Access-Control-Max-Age",
      "600",
      "Vary",
      "Origin, Access-Control-Request-Method",
    ]);
  }
  return { actual, preflight };
}

function answerPreflight({ preflight }: Lists, origin: string, response: Response): void {
  const lines = preflight.get(origin);
  if (lines === undefined) response.writeHead(403, refused);
  else response.writeHead(204, lines);
  response.end();
}

/** It writes the head before the application has its turn: whatever the application sets is too late, or doubled. */
export function ideal(shape: Shape, exchange: Exchange): Middleware {
  const lists = listsOf(shape);
  return (request, response, next) => {
    const origin = request.headers.origin!;
    if (request.method === "OPTIONS") return answerPreflight(lists, origin, response);
    const lines = lists.actual.get(origin) ?? none;
    if (exchange.ownHeaders)
      for (let i = 0; i < lines.length; i += 2) response.setHeader(lines[i]!, lines[i + 1]!);
    else response.writeHead(200, lines);
    next();
  };
}

const linesKey = Symbol("lines");
const writeHeadKey = Symbol("writeHead");
type Marked = Response & {
  [linesKey]?: string[];
  [writeHeadKey]?: (status: number, lines?: string[]) => Response;
};

/** The same, applied when the head is written, as a policy must be to survive what the application does. */
export function lateIdeal(shape: Shape, exchange: Exchange): Middleware {
  const lists = listsOf(shape);
  const atHead = exchange.ownHeaders ? setLines : passLines;
  return (request, response: Marked, next) => {
    const origin = request.headers.origin!;
    if (request.method === "OPTIONS") return answerPreflight(lists, origin, response);
    response[linesKey] = lists.actual.get(origin) ?? none;
    response[writeHeadKey] = response.writeHead as (status: number) => Response;
    response.writeHead = atHead as Response["writeHead"];
    next();
  };
}

function passLines(this: Marked, status: number): Response {
  return this[writeHeadKey]!(status, this[linesKey]);
}

function setLines(this: Marked, status: number): Response {
  const lines = this[linesKey]!;
  for (let i = 0; i < lines.length; i += 2) this.setHeader(lines[i]!, lines[i + 1]!);
  return this[writeHeadKey]!(status);
}
