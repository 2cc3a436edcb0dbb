// A push parser for the requests of one connection: a head, its body, and then the next. The counterpart of ResponseReader; the
// same bytes cause the same calls, however they are split.

import type { BodySink } from "./body-sink.ts";
import { BodyReader, hasBody, noTrailers } from "./body.ts";
import { fault, type WireFault } from "./fault.ts";
import { requestFraming, type Framing } from "./framing.ts";
import { HeadGatherer } from "./head-bytes.ts";
import { defaultLimits, type WireLimits } from "./limits.ts";
import { scanRequestHead } from "./plain-head.ts";
import { parseRequestHead, type WireRequestHead } from "./request-head.ts";

/** Receives what was read. */
export interface RequestSink extends BodySink {
  /**
   * `end` follows, even if there is no body; if the framing is a fault, `fault` follows. `behind`: the number of bytes that
   * arrived in one piece with the head, after it.
   */
  head(head: WireRequestHead, framing: Framing | WireFault, behind: number): void;
}

export class RequestReader {
  readonly #sink: RequestSink;
  #limits: WireLimits;
  #gatherer: HeadGatherer | undefined;
  #broken: Uint8Array | undefined;
  #body: BodyReader | undefined;
  #blank: "none" | "cr" | "skipped" = "none";
  #done = false;

  constructor(sink: RequestSink, limits: WireLimits = defaultLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /** The message has ended, or was a fault: nothing is read until `next`. */
  get done(): boolean {
    return this.#done || this.#body?.done === true;
  }

  /**
   * What has arrived of an incomplete head; for a broken one, everything that arrived with it. Undefined if nothing has
   * arrived, and once a head was read.
   */
  get partialHead(): Uint8Array | undefined {
    return this.#broken ?? this.#gatherer?.bytes;
  }

  /** The head of another request is expected. `limits` apply from here on. */
  next(limits: WireLimits = this.#limits): void {
    this.#limits = limits;
    this.#gatherer = undefined;
    this.#broken = undefined;
    this.#body = undefined;
    this.#blank = "none";
    this.#done = false;
  }

  /** Consumes bytes up to the end of the message. Returns the number of bytes consumed. */
  push(chunk: Uint8Array): number {
    if (this.#done) return 0;
    if (this.#body !== undefined) return this.#body.push(chunk);
    if (this.#gatherer === undefined && this.#blank !== "cr") {
      const head = scanRequestHead(chunk, this.#limits);
      if (head !== undefined) return this.#take(head, chunk, head.size);
    }
    const blank = this.#gatherer === undefined ? this.#skipBlank(chunk) : 0;
    if (blank === chunk.length || this.#done) return blank;
    const gatherer = (this.#gatherer ??= new HeadGatherer(this.#limits.headSize));
    const before = gatherer.length;
    const end = gatherer.push(blank === 0 ? chunk : chunk.subarray(blank));
    if (typeof end !== "number") {
      const held = blank + gatherer.length - before;
      this.#broken = Buffer.concat([gatherer.bytes, chunk.subarray(held)]);
      return this.#refuse(end, chunk.length);
    }
    if (end < 0) return chunk.length;
    const head =
      scanRequestHead(gatherer.bytes, this.#limits) ??
      parseRequestHead(gatherer.bytes, this.#limits);
    if (head.kind === "fault") return this.#refuse(head, blank + end);
    this.#gatherer = undefined;
    return this.#take(head, chunk, blank + end);
  }

  /** The connection has ended. */
  end(): void {
    if (this.#done) return;
    if (this.#body !== undefined) this.#body.close();
    else {
      const length = this.#gatherer?.length ?? 0;
      this.#refuse(fault(length === 0 ? "empty" : "truncated-head", length), 0);
    }
  }

  #take(head: WireRequestHead, chunk: Uint8Array, used: number): number {
    const framing = requestFraming(head);
    if (framing.kind === "fault") {
      this.#done = true;
      this.#sink.head(head, framing, chunk.length - used);
      this.#sink.fault(framing);
      return used;
    }
    if (!hasBody(framing)) {
      this.#done = true;
      this.#sink.head(head, framing, chunk.length - used);
      this.#sink.end(noTrailers, true);
      return used;
    }
    const body = (this.#body = new BodyReader(framing, this.#limits, this.#sink));
    this.#sink.head(head, framing, chunk.length - used);
    return used < chunk.length ? used + body.push(chunk.subarray(used)) : used;
  }

  /** One empty line before a request is skipped (RFC 9112 §2.2). */
  #skipBlank(chunk: Uint8Array): number {
    if (this.#blank === "skipped") return 0;
    let at = 0;
    if (this.#blank === "none") {
      if (chunk[0] !== 0x0d) return 0;
      this.#blank = "cr";
      at = 1;
    }
    if (at === chunk.length) return at;
    if (chunk[at] !== 0x0a) return this.#refuse(fault("bare-cr", 0), at);
    this.#blank = "skipped";
    return at + 1;
  }

  #refuse(wrong: WireFault, used: number): number {
    this.#done = true;
    this.#sink.fault(wrong);
    return used;
  }
}
