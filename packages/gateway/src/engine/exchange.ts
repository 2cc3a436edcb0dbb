// One request on a connection, and the way back: what the walk sees of both. It writes the head of the response and
// frames its body; the connection sends the bytes and decides what comes next.

import type { Socket } from "node:net";
import type { WireRequestHead } from "../http1/request-head.ts";
import type { Lines } from "../http1/lines.ts";
import type { BodyStream } from "./body-stream.ts";
import type { ConnectionFields } from "./connection-fields.ts";
import type { Arrival, Flaw, Reply, Visitor } from "./engine.ts";
import { dateLine } from "./http-date.ts";
import { statusLine } from "./status-line.ts";

/** The part of the connection that a response needs. */
export interface Channel {
  readonly peer: string;
  /** The line, with its CR LF, that tells the client that the connection is kept. */
  readonly keptLine: string;
  /** Whether the response that now begins must be the last one. */
  lastAnswer(): boolean;
  /**
   * Latin-1 bytes, sent with the next flush, at the latest at the end of the turn. `last`: `answered` follows at once,
   * and flushes.
   */
  put(text: string, last?: boolean): void;
  /** `before` and `after` frame the chunk. False: it is kept until `drained`. True: it is not. */
  putChunk(before: string, chunk: Uint8Array, after: string, last?: boolean): boolean;
  flush(): void;
  /** The response is complete. `keep`: the connection may be used again. */
  answered(keep: boolean): void;
  /** Hands over the socket. */
  detach(): Socket | undefined;
  /** `reset`: so that the end is not mistaken for the end of the body. */
  cut(reset: boolean): void;
}

export class Exchange implements Arrival, Reply {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly fields: readonly string[];
  readonly lines: Lines;
  readonly peer: string;
  readonly body: BodyStream | undefined;
  readonly awaitsContinue: boolean;
  readonly upgrade: boolean;
  readonly flaw: Flaw | undefined;
  started = false;
  visitor: Visitor | undefined;
  readonly #channel: Channel;
  #keep: boolean;
  #bodiless = false;
  #chunked = false;
  #left = -1; // of a body whose length was declared
  #head = ""; // written, and not sent yet: the first of the body goes with it
  #over = false;

  constructor(
    channel: Channel,
    head: Pick<WireRequestHead, "method" | "target" | "fields" | "lines"> & {
      readonly version: string;
    },
    { keep, upgrade, expectsContinue }: ConnectionFields,
    body: BodyStream | undefined,
    flaw: Flaw | undefined,
  ) {
    this.method = head.method;
    this.target = head.target;
    this.version = head.version;
    this.fields = head.fields;
    this.lines = head.lines;
    this.peer = channel.peer;
    this.body = body;
    this.awaitsContinue = expectsContinue && body !== undefined;
    this.upgrade = upgrade;
    this.flaw = flaw;
    this.#channel = channel;
    this.#keep = keep && flaw === undefined && !upgrade;
  }

  sendContinue(): void {
    if (this.#over || this.started || !this.awaitsContinue) return;
    this.#channel.put("HTTP/1.1 100 Continue\r\n\r\n");
  }

  send(status: number, lines: Lines, body: string, close: boolean): void {
    if (this.#over || this.started) return;
    if (close) this.#keep = false;
    const head = this.#write(status, lines, true, false);
    this.started = true;
    this.#over = true;
    this.#channel.put(this.#bodiless ? head : head + body, true);
    this.#channel.answered(this.#keep);
  }

  start(status: number, lines: Lines, length: number | undefined, dated: boolean): void {
    if (this.#over || this.started) return;
    this.started = true;
    if (length !== undefined) this.#left = length;
    this.#head = this.#write(status, lines, length !== undefined, dated);
  }

  flush(): void {
    if (this.#over) return;
    this.#channel.put(this.#takeHead());
    this.#channel.flush();
  }

  write(chunk: Uint8Array): boolean {
    if (this.#over || this.#bodiless || chunk.length === 0) return true;
    const head = this.#takeHead();
    if (this.#chunked)
      return this.#channel.putChunk(`${head}${chunk.length.toString(16)}\r\n`, chunk, "\r\n");
    this.#left -= chunk.length;
    // After the last of it there is nothing left to wait for: `end` follows at once.
    return this.#channel.putChunk(head, chunk, "", this.#left === 0);
  }

  end(bodyLeft: boolean): void {
    if (this.#over) return;
    this.#over = true;
    const last = this.#takeHead() + (this.#chunked ? "0\r\n\r\n" : "");
    if (last !== "") this.#channel.put(last, true);
    this.#channel.answered(this.#keep && !bodyLeft);
  }

  switchProtocols(lines: Lines): Socket | undefined {
    if (this.#over) return undefined;
    this.started = true;
    this.#over = true;
    this.#channel.put(`${statusLine(101)}${lines}\r\n`);
    return this.#channel.detach();
  }

  destroy(): void {
    if (this.#over) return;
    // In HTTP/1.0 a body may end with the connection, so a plain close would look like its end: only a reset shows that
    // it was cut off.
    this.#channel.cut(this.version === "1.0" && this.started);
  }

  /** Nothing more can be sent. `complete`: the whole response was sent. */
  finish(complete: boolean): void {
    this.#over = true;
    const { visitor } = this;
    this.visitor = undefined;
    visitor?.finished(complete);
  }

  #takeHead(): string {
    const head = this.#head;
    this.#head = "";
    return head;
  }

  /** `sized`: no framing is needed. */
  #write(status: number, lines: Lines, sized: boolean, dated: boolean): string {
    this.#bodiless = this.method === "HEAD" || status === 204 || status === 304;
    if (!sized && !this.#bodiless) {
      if (this.version === "1.1") this.#chunked = true;
      else this.#keep = false; // it ends with the connection
    }
    if (this.#keep && this.#channel.lastAnswer()) this.#keep = false;
    return (
      statusLine(status) +
      lines +
      (dated ? "" : dateLine()) +
      (this.#chunked ? "Transfer-Encoding: chunked\r\n" : "") +
      (this.#keep ? this.#channel.keptLine : "Connection: close\r\n") +
      "\r\n"
    );
  }
}
