// The path of one request to an upstream and back. This file decides when to give up: another address if nothing was sent, one
// more attempt if a reused connection was dead, a clean 502 as long as none of the response has been sent (the commit point), and
// after that a cut connection, the only honest end of a body that cannot be completed.

import type { Socket } from "node:net";
import type { Lines } from "../http1/lines.ts";
import type { WireResponseHead } from "../http1/response-head.ts";
import type { Asker, Connection, UpstreamRequest } from "./connection.ts";
import {
  busy,
  failureOf,
  tooManyWebSockets,
  unavailable,
  type ForwardFailure,
} from "./forward-failure.ts";
import { writeOutgoingHead } from "./outgoing-head.ts";
import type { RequestBody } from "./request-body.ts";
import type { Backend, Upstream } from "./upstream.ts";
import type { UpstreamFault } from "./upstream-fault.ts";
import { isWebSocketSwitch } from "./upstream-head.ts";

export interface Outgoing {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly lines: Lines;
  /** The value of Host. */
  readonly host: string;
  readonly body: RequestBody | undefined;
  /** The length of the body; undefined: it is known only at its end. */
  readonly length: number | undefined;
  /** A WebSocket handshake: the upstream may switch protocols. */
  readonly upgrade: boolean;
  /** How long the response head may take once the request is sent; ms. */
  readonly headTimeout: number;
  /** What a hash algorithm uses. */
  readonly hashKey: string;
}

/** The caller: the walk of the request. `failed` only before `answered`; `cut` only after it. */
export interface Forwarded {
  /**
   * The response head, which the codec has checked: a status between 200 and 599, one framing, limited fields. `length`: of
   * the body, if it is declared. `alone`: none of the body is there yet.
   */
  answered(head: WireResponseHead, length: number | undefined, alone: boolean): void;
  /** Returns false if it has kept the bytes: it stops until `resume`. Otherwise they are gone after the call. */
  chunk(chunk: Uint8Array): boolean;
  ended(): void;
  failed(failure: ForwardFailure): void;
  /** `error` and `cause` are for the log. */
  cut(error: string, cause: string): void;
  /** The upstream switched protocols; the socket now belongs to the caller. */
  switched(head: WireResponseHead, socket: Socket): void;
}

/** The longest time that a response head is held back for the first byte of its body; ms. */
const commitDelay = 50;
const repeatable: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

export class Forward implements Asker {
  backend: Backend | undefined;
  readonly #upstream: Upstream;
  readonly #outgoing: Outgoing;
  readonly #client: Forwarded;
  #request: UpstreamRequest | undefined;
  #connection: Connection | undefined;
  #head: WireResponseHead | undefined;
  #length: number | undefined;
  #committed = false;
  #over = false;
  #started = false; // bytes of the request may have gone out
  #repeated = false;
  #entered = false;
  #opensWebSocket = false;
  #switched = false;
  #stalled = false;
  #tried: Backend[] = [];
  #leaveQueue: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(upstream: Upstream, outgoing: Outgoing, client: Forwarded) {
    this.#upstream = upstream;
    this.#outgoing = outgoing;
    this.#client = client;
  }

  send(): void {
    if (this.#outgoing.upgrade) {
      if (!this.#upstream.openWebSocket()) {
        this.#fail(tooManyWebSockets);
        return;
      }
      this.#opensWebSocket = true;
    }
    this.#leaveQueue = this.#upstream.enter(this);
  }

  /** The client accepts more. */
  resume(): void {
    if (this.#over) return; // the connection may belong to another request by now
    this.#move();
    this.#connection?.resume();
  }

  /** The response is no longer needed. */
  abort(): void {
    if (this.#over) return;
    this.#finish();
    this.#connection?.destroy();
  }

  admitted(): void {
    this.#entered = true;
    if (!this.#next()) this.#fail(unavailable);
  }

  turnedAway(): void {
    this.#fail(busy);
  }

  /** The client has accepted nothing for long, and others wait for the place that it occupies. */
  evict(): void {
    if (this.#over) return;
    this.#finish();
    this.#connection?.destroy();
    this.#client.cut("client_stalled", "max_connections");
  }

  sent(): void {
    this.#started = true;
  }

  answered(head: WireResponseHead, length: number | undefined): void {
    this.#head = head;
    this.#length = length;
  }

  headAlone(): void {
    holdBack(this);
  }

  chunk(bytes: Uint8Array): boolean {
    this.commit();
    if (this.#over) return true; // its head could not be passed on
    const more = this.#client.chunk(bytes);
    if (!more && !this.#over) {
      this.#stalled = true;
      this.#upstream.stalls(this);
    }
    return more;
  }

  ended(): void {
    this.commit();
    if (this.#over) return;
    this.#finish();
    this.#client.ended();
  }

  failed(fault: UpstreamFault, heard: boolean): void {
    if (this.#over) return;
    if (this.#committed) {
      this.#finish();
      // In the next turn: what arrived before the fault may have arrived with it, and is written by then.
      setImmediate(() => this.#client.cut("upstream_truncated", fault.cause));
      return;
    }
    if (!this.#started) {
      // Nothing was sent, so any method may go to another address.
      if (this.backend !== undefined) this.#upstream.avoid(this.backend);
      if (this.#next()) return;
    } else if (
      fault.kind === "closed" &&
      !heard &&
      !this.#repeated &&
      this.#outgoing.body === undefined &&
      repeatable.has(this.#outgoing.method)
    ) {
      this.#repeated = true;
      this.#started = false;
      this.#dispatch(this.backend as Backend);
      return;
    }
    this.#fail(failureOf(fault));
  }

  switched(head: WireResponseHead, socket: Socket): void {
    if (!isWebSocketSwitch(head)) {
      socket.destroy();
      this.#fail(failureOf({ kind: "response", cause: "unexpected-upgrade" }));
      return;
    }
    this.#switched = true;
    (this.backend as Backend).websockets++;
    socket.once("close", () => this.#finish());
    // Its place among the requests is free again; the one among the WebSockets is held until then.
    this.#leave();
    this.#client.switched(head, socket);
  }

  /** Lets the response's head go. From here on there is no way back. */
  commit(alone = false): void {
    if (this.#committed || this.#over) return;
    this.#committed = true;
    clearTimeout(this.#timer);
    this.#client.answered(this.#head as WireResponseHead, this.#length, alone);
  }

  /** Called once, at the end of the turn in which the head arrived: waits briefly for the body. */
  waitForBody(): void {
    if (this.#committed || this.#over) return;
    this.#timer = setTimeout(() => this.commit(true), commitDelay);
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
    const request = (this.#request ??= this.#write());
    if (request === undefined) {
      this.#fail(failureOf({ kind: "request", cause: "head" }));
      return;
    }
    // A request that met one dead connection could meet another, so the second attempt uses a new one.
    this.#connection = backend.pool.take(this.#outgoing.host, this.#repeated);
    this.#connection.ask(request, this);
  }

  #write(): UpstreamRequest | undefined {
    const { method, path, lines, body, length, upgrade, headTimeout } = this.#outgoing;
    const head = writeOutgoingHead({
      method,
      path,
      lines,
      chunked: body !== undefined && length === undefined,
      upgrade,
    });
    if (head === undefined) return undefined;
    const { readTimeout: bodyTimeout } = this.#upstream.config;
    return { head, method, body, length, upgrade, headTimeout, bodyTimeout };
  }

  #move(): void {
    if (!this.#stalled) return;
    this.#stalled = false;
    this.#upstream.moves(this);
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
    this.#move();
    if (this.backend !== undefined) {
      this.backend.active--;
      if (this.#switched) this.backend.websockets--;
    }
    if (this.#opensWebSocket) this.#upstream.closeWebSocket();
    this.#leave();
  }

  #leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.#upstream.release();
  }
}

// Heads that wait for their first byte: one check at the end of the turn instead of a timer each, because usually head and body
// arrive in one packet.
let held: Forward[] = [];
function holdBack(forward: Forward): void {
  if (held.push(forward) > 1) return;
  setImmediate(() => {
    const waiting = held;
    held = [];
    for (const one of waiting) one.waitForBody();
  });
}
