// One request's way to an upstream and back, over undici's dispatch. What this file adds is when
// to give up: another address where nothing was sent, once more where a kept connection had died,
// a clean 502 as long as nothing of the response has gone out (the commit point), and after that
// a cut connection, the only honest end of a body that cannot be completed.

import type { Socket } from "node:net";
import type { ResponseHead } from "@corsway/cors";
import type { Dispatcher } from "undici";
import type { UpstreamConfig } from "../config/config.ts";
import {
  badResponse,
  busy,
  failureOf,
  tooLarge,
  unavailable,
  type ForwardFailure,
} from "./forward-failure.ts";
import { BodyTooLarge, type RequestBody } from "./request-body.ts";
import type { Backend, Upstream } from "./upstream.ts";
import { readUpstreamHead } from "./upstream-head.ts";

export interface Outgoing {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Flat. */
  readonly headers: string[];
  readonly body: RequestBody | undefined;
  /** A WebSocket handshake: the upstream may switch protocols. */
  readonly upgrade: boolean;
  /** How long the response's head may take once the request is out; ms. */
  readonly headTimeout: number;
  /** What a hash algorithm goes by. */
  readonly hashKey: string;
}

/** Who asked: the request's walk. `failed` only before `answered`; `cut` only after it. */
export interface Forwarded {
  /** The response's head. `alone`: nothing of its body is there yet. */
  answered(head: ResponseHead, alone: boolean): void;
  /** False: stop until `resume`. */
  chunk(chunk: Uint8Array): boolean;
  ended(): void;
  failed(failure: ForwardFailure): void;
  cut(): void;
  /** The upstream switched protocols. `fields` are its head's, flat; the socket is now the caller's. */
  switched(fields: readonly (Buffer | string)[], socket: Socket): void;
}

/** Longest that a response's head is held back for its first byte. */
const commitDelay = 50;
const repeatable: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

export class Forward implements Dispatcher.DispatchHandler {
  backend: Backend | undefined;
  readonly #upstream: Upstream;
  readonly #outgoing: Outgoing;
  readonly #client: Forwarded;
  #controller: Dispatcher.DispatchController | undefined;
  #head: ResponseHead | undefined;
  #committed = false;
  #over = false;
  #switched = false;
  #started = false; // bytes of the request may have gone out
  #heard = false; // bytes of a response have come
  #repeated = false;
  #entered = false;
  #tried: Backend[] = [];
  #leaveQueue: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(upstream: Upstream, outgoing: Outgoing, client: Forwarded) {
    this.#upstream = upstream;
    this.#outgoing = outgoing;
    this.#client = client;
  }

  send(): void {
    this.#leaveQueue = this.#upstream.enter(this);
  }

  /** The client takes more. */
  resume(): void {
    this.#controller?.resume();
  }

  /** Nobody waits for the response any more. */
  abort(): void {
    if (this.#over || this.#switched) return;
    this.#finish();
    this.#controller?.abort(new Error("the client is gone"));
    this.#outgoing.body?.destroy();
  }

  admitted(): void {
    this.#entered = true;
    this.#attempt();
  }

  turnedAway(): void {
    this.#fail(busy);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#started = true;
    // Gone while the connection was made.
    if (this.#over) controller.abort(new Error("the client is gone"));
  }

  onResponseStarted(): void {
    this.#heard = true;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.#over || status < 200) return; // 1xx end here
    const head = readUpstreamHead(status, (controller.rawHeaders ?? []) as readonly Buffer[]);
    if (head === undefined) {
      this.#fail(badResponse);
      controller.abort(new Error("bad response"));
      return;
    }
    this.#head = head;
    holdBack(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    this.commit();
    if (!this.#client.chunk(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.commit();
    this.#finish();
    this.#client.ended();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#over) return;
    if (this.#committed) {
      this.#finish();
      this.#client.cut();
      return;
    }
    if (error instanceof BodyTooLarge || this.#outgoing.body?.errored instanceof BodyTooLarge) {
      this.#fail(tooLarge);
      return;
    }
    const failure = failureOf(error);
    if (!this.#started && failure.status !== 400) {
      // Nothing was sent, so any method may go to another address.
      if (this.backend !== undefined) this.#upstream.avoid(this.backend);
      if (this.#next()) return;
    } else if (
      !this.#heard &&
      !this.#repeated &&
      failure.proxyError === "connection_terminated" &&
      this.#outgoing.body === undefined &&
      repeatable.has(this.#outgoing.method)
    ) {
      this.#repeated = true;
      this.#started = false;
      this.#controller = undefined;
      this.#dispatch(this.backend as Backend);
      return;
    }
    this.#fail(failure);
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    _status: number,
    _headers: unknown,
    socket: Socket,
  ): void {
    socket.on("error", () => socket.destroy());
    if (this.#over) {
      socket.destroy();
      return;
    }
    clearTimeout(this.#timer);
    this.#switched = true;
    // The place in the upstream is held as long as the connection.
    socket.once("close", () => this.#finish());
    this.#client.switched((controller.rawHeaders ?? []) as readonly Buffer[], socket);
  }

  /** Lets the response's head go. From here on there is no way back. */
  commit(alone = false): void {
    if (this.#committed || this.#over) return;
    this.#committed = true;
    clearTimeout(this.#timer);
    this.#client.answered(this.#head as ResponseHead, alone);
  }

  /** Called once, at the end of the turn in which the head came: waits a little for the body. */
  waitForBody(): void {
    if (this.#committed || this.#over) return;
    this.#timer = setTimeout(() => this.commit(true), commitDelay);
  }

  #attempt(): void {
    if (!this.#next()) this.#fail(unavailable);
  }

  #next(): boolean {
    const backend = this.#upstream.pick(this.#outgoing.hashKey, this.#tried);
    if (backend === undefined) return false;
    this.#tried.push(backend);
    this.#dispatch(backend);
    return true;
  }

  #dispatch(backend: Backend): void {
    if (this.backend !== undefined) this.backend.active--;
    this.backend = backend;
    backend.active++;
    const { method, path, headers, body, upgrade } = this.#outgoing;
    backend.pool.dispatch(
      {
        method: method as Dispatcher.HttpMethod,
        path,
        headers,
        body: body ?? null,
        upgrade: upgrade ? "websocket" : null,
        headersTimeout: this.#outgoing.headTimeout,
        // The same for every request, or undici would reconnect whenever the Host changes.
        servername: sniOf(this.#upstream.config, backend),
      } as Dispatcher.DispatchOptions,
      this,
    );
  }

  #fail(failure: ForwardFailure): void {
    this.#finish();
    this.#client.failed(failure);
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#leaveQueue?.();
    if (this.backend !== undefined) this.backend.active--;
    if (this.#entered) this.#upstream.release();
  }
}

// Heads that wait for their first byte: one check at the end of the turn instead of a timer each,
// since nearly always head and body come in one packet.
let held: Forward[] = [];
function holdBack(forward: Forward): void {
  if (held.push(forward) > 1) return;
  setImmediate(() => {
    const waiting = held;
    held = [];
    for (const one of waiting) one.waitForBody();
  });
}

function sniOf({ tls }: UpstreamConfig, backend: Backend): string | undefined {
  return tls === undefined ? backend.host : tls.sni;
}
