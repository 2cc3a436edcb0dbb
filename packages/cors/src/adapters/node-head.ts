// Node's side of the walk, for every framework on `node:http`. The policy is applied to a response when its head
// is written, not earlier: a handler that sets `Vary`, an error page that clears all headers, another CORS layer
// and a raw `writeHead` all come before that, so none of them can override it.
// Structural types: `node:http` and `node:http2` requests both match, and no runtime is imported.

import { isCorsHeader, mergeVary } from "../policy/decide/apply.ts";
import type { Answer } from "./answer.ts";
import { isOriginOf } from "./own-origin.ts";
import type { UpgradeRequest, WalkReader } from "./walk.ts";

/** The part of an IncomingMessage that is read. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly socket?: unknown;
}

/** The part of a ServerResponse that is written. */
export interface NodeResponse {
  readonly headersSent: boolean;
  // Method syntax, and any: ServerResponse's overloads and http2's fit one signature only so.
  // oxlint-disable-next-line typescript/no-explicit-any
  writeHead(status: number, ...rest: any[]): unknown;
  /** Absent in the stand-in that engine.io passes for a WebSocket. */
  getHeaderNames?(): string[];
  getHeader(name: string): number | string | readonly string[] | undefined;
  // oxlint-disable-next-line typescript/no-explicit-any
  setHeader(name: string, value: any): unknown;
  removeHeader(name: string): void;
  // oxlint-disable-next-line typescript/no-explicit-any
  end(...rest: any[]): unknown;
}

/** Reads the requests of `node:http` and `node:http2`. */
export const nodeReader: WalkReader<NodeRequest> = {
  method: ({ method }) => method ?? "GET",
  field: readField,
  host: readHost,
  isOwnOrigin(request, origin) {
    const host = readHost(request);
    return host !== undefined && isOriginOf(origin, host, isEncrypted(request));
  },
  handshake,
};

function readField({ headers }: NodeRequest, lowerName: string): string | undefined {
  const value = headers[lowerName];
  // Node joins the lines of these fields itself; an array is a stub's, or an option's.
  return typeof value === "string" || value === undefined ? value : value.join(", ");
}

function readHost({ headers }: NodeRequest): string | undefined {
  const host = headers["host"] ?? headers[":authority"];
  return typeof host === "string" ? host : undefined;
}

function isEncrypted({ socket }: NodeRequest): boolean {
  return (socket as { encrypted?: unknown } | undefined)?.encrypted === true;
}

function handshake({ url, headers, socket }: UpgradeRequest): NodeRequest {
  if (typeof headers.get !== "function")
    return { method: "GET", headers: headers as NodeRequest["headers"], socket };
  const get = (name: string): string | undefined =>
    (headers as { get(name: string): string | null }).get(name) ?? undefined;
  return {
    method: "GET",
    headers: { origin: get("origin"), host: get("host") ?? hostOfUrl(url) },
    socket,
  };
}

/** Not every runtime shows a `Request` its field `Host`, but each has made the URL of it. */
function hostOfUrl(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : undefined;
}

const answerKey = Symbol("corsway.answer");
const writeHeadKey = Symbol("corsway.writeHead");

interface Marked extends NodeResponse {
  [answerKey]?: Answer;
  [writeHeadKey]?: NodeResponse["writeHead"];
}

/** Answers the request itself, without a body. */
export function sendAnswer(response: NodeResponse, answer: Answer): void {
  const status = answer.status!;
  if (headerNames(response).length === 0) response.writeHead(status, answer.lines.slice());
  else {
    putOnHead(response, answer);
    response.writeHead(status, status === 204 ? undefined : { "Content-Length": "0" });
  }
  response.end();
}

/**
 * Applies the answer to the head when it is written; isDecided says whether another of our policies did already.
 * There is one function for all responses, which finds its answer on the response, so no closure is created.
 */
export function putOnHead(response: NodeResponse, answer: Answer): void {
  const marked: Marked = response;
  marked[answerKey] = answer;
  marked[writeHeadKey] = marked.writeHead;
  marked.writeHead = writeHead;
}

/** Several layers may see one request; the first one decides, because it also decided the preflight. */
export function isDecided(response: NodeResponse): boolean {
  return (response as Marked)[answerKey] !== undefined;
}

const noNames: readonly string[] = [];

function headerNames(response: NodeResponse): readonly string[] {
  return response.getHeaderNames?.() ?? noNames;
}

type Given = Readonly<Record<string, unknown>> | readonly unknown[];

function writeHead(this: Marked, status: number, reason?: unknown, headers?: Given): unknown {
  const original = this[writeHeadKey]!;
  const answer = this[answerKey]!;
  const message = typeof reason === "string" ? reason : undefined;
  const given = headers ?? (message === undefined ? (reason as Given | undefined) : undefined);
  const names = headerNames(this);
  if (given === undefined && names.length === 0)
    return callOriginal(this, original, status, message, answer.lines.slice());
  // Node reports best what is wrong with a second head.
  if (this.headersSent) return original.call(this, status, reason, headers);
  if (given !== undefined)
    return callOriginal(this, original, status, message, mergeHead(this, names, given, answer));
  setOnHead(this, names, answer);
  return message === undefined ? original.call(this, status) : original.call(this, status, message);
}

function callOriginal(
  response: NodeResponse,
  original: NodeResponse["writeHead"],
  status: number,
  message: string | undefined,
  lines: readonly unknown[],
): unknown {
  return message === undefined
    ? original.call(response, status, lines)
    : original.call(response, status, message, lines);
}

/** Sets the answer's headers and `Vary` on a response that has headers; its own CORS headers are removed. */
function setOnHead(response: NodeResponse, names: readonly string[], answer: Answer): void {
  let varies: string[] | undefined;
  for (const name of names)
    if (isVary(name)) addVary((varies ??= []), response.getHeader(name));
    else if (isReplaced(name, answer)) response.removeHeader(name);
  // The flat list begins with the headers; its members are read faster than those of frozen pairs.
  const { headers, lines } = answer;
  for (let i = 0; i < headers.length * 2; i += 2) response.setHeader(lines[i]!, lines[i + 1]);
  const vary = varyOf(varies, answer);
  if (vary !== "") response.setHeader("Vary", vary);
}

/**
 * The answer's headers, what was passed to writeHead, and `Vary`, as one flat list; CORS headers that were set on
 * the response are removed from it.
 */
function mergeHead(
  response: NodeResponse,
  names: readonly string[],
  given: Given,
  answer: Answer,
): unknown[] {
  let varies: string[] | undefined;
  const lines: unknown[] = answer.lines.slice(0, answer.headers.length * 2);
  for (const name of names) {
    const isVaryLine = isVary(name);
    if (isVaryLine) addVary((varies ??= []), response.getHeader(name));
    if (isVaryLine || isReplaced(name, answer)) response.removeHeader(name);
  }
  const add = (name: unknown, value: unknown): void => {
    if (typeof name === "string") {
      if (isReplaced(name, answer)) return;
      if (isVary(name)) {
        addVary((varies ??= []), value);
        return;
      }
    }
    lines.push(name, value);
  };
  if (Array.isArray(given)) {
    if (Array.isArray(given[0]))
      for (const pair of given as readonly (readonly unknown[])[]) add(pair[0], pair[1]);
    else for (let i = 0; i < given.length; i += 2) add(given[i], given[i + 1]);
  } else for (const name of Object.keys(given)) add(name, (given as Record<string, unknown>)[name]);
  const vary = varyOf(varies, answer);
  if (vary !== "") lines.push("Vary", vary);
  return lines;
}

function varyOf(varies: readonly string[] | undefined, answer: Answer): string {
  return varies === undefined ? answer.varyValue : mergeVary(varies, answer.vary);
}

function isVary(name: string): boolean {
  return name.length === 4 && name.toLowerCase() === "vary";
}

/** Timing-Allow-Origin is not part of CORS, so an application's own stays if the answer has none. */
function isReplaced(name: string, answer: Answer): boolean {
  if (isCorsHeader(name)) return true;
  return (
    name.length === 19 &&
    name.toLowerCase() === "timing-allow-origin" &&
    answer.headers.some(([set]) => set === "Timing-Allow-Origin")
  );
}

function addVary(varies: string[], value: unknown): void {
  if (Array.isArray(value)) for (const line of value) varies.push(String(line));
  else if (value !== undefined) varies.push(String(value));
}
