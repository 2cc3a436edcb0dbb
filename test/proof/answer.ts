// How the servers of a case answer. The one function behind both sides of the proof: the loopback
// server writes what it returns, and the model is answered by it, so neither can be told another
// story than the other.

import {
  getHeader,
  type Header,
  type RequestHead,
  type ResponseHead,
} from "@corsway/cors/standard";
import type { Answer, Scene } from "./case.ts";
import { bodyOf, contentTypes, handshakeAccept } from "./contents.ts";
import { nodeOfUrl, nodeUrl, pageOrigin, placeOrigin, type Stage } from "./stage.ts";

/** The servers of one case: they count what they were asked. */
export function caseServers(
  stage: Stage,
  number: number,
  one: Scene,
): (request: RequestHead) => ResponseHead {
  const counts = new Map<string, number>();
  return (request) => {
    const node = nodeOfUrl(stage, request.url)?.node;
    const answers = node === undefined ? undefined : one.nodes[node];
    if (node === undefined || answers === undefined) return { status: 404, headers: [] };
    const preflight = isPreflight(request);
    const key = `${preflight ? "preflight" : "actual"} ${node}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    const list = preflight ? answers.preflight : answers.actual;
    const answer = list[Math.min(count, list.length - 1)]!;
    return {
      status: answer.status,
      headers: printHeaders(stage, number, one, node, answer, request),
    };
  };
}

export function isPreflight(request: RequestHead): boolean {
  return (
    request.method === "OPTIONS" &&
    getHeader(request.headers, "origin") !== null &&
    getHeader(request.headers, "access-control-request-method") !== null
  );
}

/** What the answer to a request with this method and status has for a body. */
export function hasBody(method: string, status: number): boolean {
  return method !== "HEAD" && status !== 101 && status !== 204 && status !== 205 && status !== 304;
}

function printHeaders(
  stage: Stage,
  number: number,
  one: Scene,
  node: string,
  answer: Answer,
  request: RequestHead,
): Header[] {
  const headers: Header[] = answer.headers.map(([name, value]) => [
    name,
    value.replace(/\{([a-z]+)(?::([a-z0-9]+))?\}/g, (whole, word: string, argument?: string) => {
      switch (word) {
        case "page":
          return pageOrigin(stage, one.page, one.secure);
        case "self":
          return placeOrigin(stage, one.nodes[node]!.place);
        case "origin":
          return getHeader(request.headers, "origin") ?? "-";
        case "method":
          return getHeader(request.headers, "access-control-request-method") ?? "-";
        case "headers":
          return getHeader(request.headers, "access-control-request-headers") ?? "x-none";
        case "to":
          return nodeUrl(stage, number, one, argument!);
        case "user":
          return nodeUrl(stage, number, one, argument!).replace("://", "://user:secret@");
        case "n":
          return String(number);
        case "accept":
          return handshakeAccept(getHeader(request.headers, "sec-websocket-key") ?? "");
        default:
          return whole;
      }
    }),
  ]);
  // Nothing is to be answered from an HTTP cache: the preflight cache is what is looked at.
  headers.push(["Cache-Control", "no-store"]);
  const { content } = one.nodes[node]!;
  if (content !== undefined && getHeader(headers, "content-type") === null)
    headers.push(["Content-Type", contentTypes[content]]);
  if (answer.status !== 101 && answer.status !== 204 && answer.status !== 304) {
    const body = hasBody(request.method, answer.status) ? bodyOf(content) : "";
    headers.push(["Content-Length", `${body.length}`]);
  }
  return headers;
}
