// A push parser for the responses of one connection, one request after the other: any 1xx, the final head, its body. It is fed
// with the bytes as they arrive, in pieces of any size; the same bytes cause the same calls, however they are split.

import type { BodySink } from "./body-sink.ts";
import { BodyReader, hasBody, noTrailers } from "./body.ts";
import type { ValueRule } from "./byte-classes.ts";
import { fault, type WireFault } from "./fault.ts";
import { responseFraming, type Framing } from "./framing.ts";
import { HeadGatherer } from "./head-bytes.ts";
import { defaultLimits, type WireLimits } from "./limits.ts";
import { scanResponseHead } from "./plain-head.ts";
import { parseResponseHead, responsePrefix, type WireResponseHead } from "./response-head.ts";

/** Receives what was read. */
export interface ResponseSink extends BodySink {
  /** A 1xx other than an accepted 101. */
  interim(head: WireResponseHead): void;
  /**
   * The final head, or an accepted 101. `end` follows, even if there is no body; if the framing is a fault, `fault` follows.
   * After a 101, the remaining bytes belong to the new protocol.
   */
  head(head: WireResponseHead, framing: Framing | WireFault): void;
}

export interface ResponseReading {
  readonly limits?: WireLimits;
  /** Which bytes a field value may contain; `strict` unless given. */
  readonly values?: ValueRule;
}

export class ResponseReader {
  readonly #sink: ResponseSink;
  readonly #limits: WireLimits;
  readonly #values: ValueRule;
  #method = "GET";
  #upgrade = false;
  #gatherer: HeadGatherer | undefined;
  #body: BodyReader | undefined;
  #interim = 0;
  #started = false;
  #done = true;

  /** Nothing is read before `next`. */
  constructor(
    sink: ResponseSink,
    { limits = defaultLimits, values = "strict" }: ResponseReading = {},
  ) {
    this.#sink = sink;
    this.#limits = limits;
    this.#values = values;
  }

  /** No response is expected, or it has ended, or it was a fault: nothing is read until `next`. */
  get done(): boolean {
    return this.#done || this.#body?.done === true;
  }

  /** Whether a byte of the response has arrived. */
  get started(): boolean {
    return this.#started;
  }

  /**
   * The response to another request is expected. `method` is that of the request, because the response to HEAD has no body;
   * `upgrade`: the request asked for another protocol, so 101 is a valid response.
   */
  next(method: string, upgrade = false): void {
    this.#method = method;
    this.#upgrade = upgrade;
    this.#gatherer = undefined;
    this.#body = undefined;
    this.#interim = 0;
    this.#started = false;
    this.#done = false;
  }

  /** Consumes bytes up to the end of the response. Returns the number consumed; the rest is not part of it. */
  push(chunk: Uint8Array): number {
    let used = 0;
    if (chunk.length > 0) this.#started = true;
    while (!this.#done && used < chunk.length) {
      const rest = used === 0 ? chunk : chunk.subarray(used);
      if (this.#body !== undefined) return used + this.#body.push(rest);
      used += this.#pushHead(rest);
    }
    return used;
  }

  /** The connection has ended. */
  end(): void {
    if (this.#done) return;
    if (this.#body !== undefined) this.#body.close();
    else this.#fail(fault(this.#started ? "truncated-head" : "empty", this.#gatherer?.length ?? 0));
  }

  #pushHead(bytes: Uint8Array): number {
    if (this.#gatherer === undefined) {
      const head = scanResponseHead(bytes, this.#limits, this.#values);
      if (head !== undefined) {
        this.#take(head);
        return head.size;
      }
    }
    const gatherer = (this.#gatherer ??= new HeadGatherer(this.#limits.headSize, responsePrefix));
    const end = gatherer.push(bytes);
    if (typeof end !== "number") return this.#fail(end, bytes.length);
    if (end < 0) return bytes.length;
    this.#gatherer = undefined;
    const head =
      scanResponseHead(gatherer.bytes, this.#limits, this.#values) ??
      parseResponseHead(gatherer.bytes, this.#limits, this.#values);
    if (head.kind === "fault") return this.#fail(head, end);
    this.#take(head);
    return end;
  }

  #take(head: WireResponseHead): void {
    const { status } = head;
    if (status === 101) {
      if (this.#upgrade) this.#bodiless(head, responseFraming(head, this.#method));
      else this.#fail(fault("unexpected-upgrade", 0));
      return;
    }
    if (status < 200) {
      if (++this.#interim > this.#limits.interimCount)
        this.#fail(fault("too-many-interim-responses", 0));
      else this.#sink.interim(head);
      return;
    }
    const framing = responseFraming(head, this.#method);
    if (framing.kind === "fault" || !hasBody(framing)) {
      this.#bodiless(head, framing);
      return;
    }
    this.#body = new BodyReader(framing, this.#limits, this.#sink);
    this.#sink.head(head, framing);
  }

  #bodiless(head: WireResponseHead, framing: Framing | WireFault): void {
    this.#done = true;
    this.#sink.head(head, framing);
    if (framing.kind === "fault") this.#sink.fault(framing);
    else this.#sink.end(noTrailers, true);
  }

  #fail(wrong: WireFault, used = 0): number {
    this.#done = true;
    this.#sink.fault(wrong);
    return used;
  }
}
