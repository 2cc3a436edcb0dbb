// A push parser for one request as a server reads it: its head, its body. The sibling of
// ResponseReader; the same bytes give the same events however they are cut.

import { BodyReader, type BodyStep } from "./body.ts";
import { fault } from "./fault.ts";
import { requestFraming, type Framing } from "./framing.ts";
import { HeadGatherer } from "./head-bytes.ts";
import { defaultLimits, type WireLimits } from "./limits.ts";
import { parseRequestHead, type WireRequestHead } from "./request-head.ts";

export type RequestEvent =
  | { readonly kind: "head"; readonly head: WireRequestHead; readonly framing: Framing }
  | BodyStep;

export class RequestReader {
  readonly #limits: WireLimits;
  readonly #head: HeadGatherer;
  #body: BodyReader | undefined;
  #done = false;

  constructor(limits: WireLimits = defaultLimits) {
    this.#limits = limits;
    this.#head = new HeadGatherer(limits.headSize);
  }

  get done(): boolean {
    return this.#done;
  }

  push(chunk: Uint8Array, emit: (event: RequestEvent) => void): void {
    let bytes = chunk;
    if (this.#body === undefined) {
      const gathered = this.#head.push(bytes);
      if (this.#done || gathered.kind === "more") return;
      if (gathered.kind === "fault") return this.#emit(gathered, emit);
      const read = parseRequestHead(gathered.bytes, this.#limits);
      if (read.kind === "fault") return this.#emit(read, emit);
      const framing = requestFraming(read);
      // Unlike a response, a request whose framing is in doubt is not shown to anybody.
      if (framing.kind === "fault") return this.#emit(framing, emit);
      emit({ kind: "head", head: read, framing });
      this.#body = new BodyReader(framing, this.#limits);
      bytes = gathered.rest;
    }
    if (!this.#done) this.#body.push(bytes, (step) => this.#emit(step, emit));
  }

  /** The connection has ended. */
  end(emit: (event: RequestEvent) => void): void {
    if (this.#done) return;
    if (this.#body !== undefined) this.#body.end((step) => this.#emit(step, emit));
    else
      this.#emit(
        fault(this.#head.length === 0 ? "empty" : "truncated-head", this.#head.length),
        emit,
      );
  }

  #emit(event: RequestEvent, emit: (event: RequestEvent) => void): void {
    if (event.kind === "end" || event.kind === "fault") this.#done = true;
    emit(event);
  }
}
