// An answer on node:http's ServerResponse: stalled clients are cut, and a connection whose request
// was not read to its end is closed in a way that lets the answer arrive.

import {
  type IncomingMessage,
  type ServerResponse,
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
} from "node:http";
import type { Socket } from "node:net";
import type { Limits } from "../config/config.ts";
import type { Reply, Visitor } from "./engine.ts";
import { closeLingering } from "./lingering-close.ts";

export class NodeReply implements Reply {
  visitor: Visitor | undefined;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #socket: Socket;
  readonly #limits: Limits;
  readonly #draining: () => boolean;
  #over = false;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    limits: Limits,
    draining: () => boolean,
  ) {
    this.#request = request;
    this.#response = response;
    this.#socket = request.socket;
    this.#limits = limits;
    this.#draining = draining;
    // A client that goes away makes both of these fail; `close` below tells it.
    request.on("error", ignore);
    response.on("error", ignore);
    response.on("drain", () => {
      this.#socket.setTimeout(0);
      this.visitor?.drained();
    });
    response.on("close", () => this.#finish(response.writableFinished));
  }

  get started(): boolean {
    return this.#response.headersSent;
  }

  sendContinue(): void {
    const { headers, httpVersion } = this.#request;
    // HTTP/1.0 knows no 1xx: it would be taken for the answer (RFC 9110 §15.2).
    if (headers.expect !== undefined && httpVersion === "1.1" && !this.#response.headersSent)
      this.#response.writeContinue();
  }

  send(status: number, fields: string[], body: string, close: boolean): void {
    if (this.#over || this.#response.headersSent) return;
    if (close) {
      fields.push("Connection", "close");
      this.#lingerAtEnd();
    }
    if (!this.start(status, fields)) {
      this.destroy();
      return;
    }
    this.#response.end(body === "" ? undefined : body, "latin1");
    this.#watchStall();
    if (!close && hasBody(this.#request) && !this.#request.complete) this.#boundRest();
  }

  start(status: number, fields: string[]): boolean {
    if (this.#over) return true;
    if (this.#draining()) this.#response.shouldKeepAlive = false;
    try {
      this.#response.writeHead(status, STATUS_CODES[status] ?? "", fields);
    } catch {
      return false; // ERR_INVALID_CHAR and its like
    }
    return true;
  }

  flush(): void {
    if (!this.#over) this.#response.flushHeaders();
  }

  write(chunk: Uint8Array): boolean {
    if (this.#over) return true;
    const more = this.#response.write(chunk);
    if (!more) this.#watchStall();
    return more;
  }

  end(bodyLeft: boolean): void {
    if (this.#over) return;
    if (bodyLeft) {
      this.#lingerAtEnd();
      this.#response.once("finish", () => this.#socket.destroySoon());
    }
    this.#response.end();
    this.#watchStall();
  }

  switchProtocols(fields: string[]): Socket | undefined {
    if (this.#over || this.#socket.destroyed) return undefined;
    let head = "HTTP/1.1 101 Switching Protocols\r\n";
    for (let i = 0; i < fields.length; i += 2) {
      const value = fields[i + 1] as string;
      try {
        validateHeaderName(fields[i] as string);
        validateHeaderValue(fields[i] as string, value);
      } catch {
        return undefined;
      }
      head += `${fields[i]}: ${value}\r\n`;
    }
    this.#over = true;
    this.#response.detachSocket(this.#socket);
    this.#socket.setTimeout(0);
    this.#socket.write(`${head}\r\n`, "latin1");
    return this.#socket;
  }

  destroy(): void {
    // In HTTP/1.0 a body may end with the connection, so a plain close would look like its end: only a
    // reset says that it broke off. (In TLS the missing close_notify says it.)
    const bare = this.#request.httpVersion === "1.0" && !("encrypted" in this.#socket);
    if (bare && this.started) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  // A client that takes nothing for this long is cut: Node destroys a socket at its timeout unless
  // somebody listens for that, and starts the time anew whenever bytes move.
  #watchStall(): void {
    if (this.#socket.writableLength > 0) this.#socket.setTimeout(this.#limits.writeStallTimeout);
  }

  // What is left of a body is read only so that the connection can be kept. Sent a byte at a time, it
  // would hold the connection for ever.
  #boundRest(): void {
    const timer = setTimeout(() => {
      if (!this.#request.complete) this.#socket.destroy();
    }, this.#limits.requestTimeout);
    this.#request.once("close", () => clearTimeout(timer));
  }

  #lingerAtEnd(): void {
    this.#socket.destroySoon = () => {
      delete (this.#socket as Partial<Socket>).destroySoon;
      closeLingering(this.#socket);
    };
  }

  #finish(complete: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.visitor?.finished(complete);
  }
}

/** Does its head announce one? `complete` is not asked: at the head it is false for every request. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return (
    headers["transfer-encoding"] !== undefined ||
    (headers["content-length"] !== undefined && headers["content-length"] !== "0")
  );
}

function ignore(): void {}
