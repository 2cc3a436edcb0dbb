// A push parser for the responses to one request: any 1xx, the final head, its body. Fed with the
// bytes as they come, in pieces of any size; the same bytes give the same events however they are cut.

import { BodyReader, type BodyStep } from "./body.ts";
import { fault, type WireFault } from "./fault.ts";
import { responseFraming, type Framing } from "./framing.ts";
import { HeadGatherer } from "./head-bytes.ts";
import { defaultLimits, type WireLimits } from "./limits.ts";
import { parseResponseHead, responsePrefix, type WireResponseHead } from "./response-head.ts";

export type ResponseEvent =
  | { readonly kind: "interim"; readonly head: WireResponseHead }
  | {
      readonly kind: "head";
      readonly head: WireResponseHead;
      readonly framing: Framing | WireFault;
    }
  | BodyStep;

export class ResponseReader {
  readonly #method: string;
  readonly #limits: WireLimits;
  #head: HeadGatherer;
  #body: BodyReader | undefined;
  #interim = 0;
  #started = false;
  #done = false;

  /** `method` of the request, for the answer to HEAD has no body. */
  constructor(method: string, limits: WireLimits = defaultLimits) {
    this.#method = method;
    this.#limits = limits;
    this.#head = new HeadGatherer(limits.headSize, responsePrefix);
  }

  /** After an `end` or a `fault` nothing more is said and nothing more is read. */
  get done(): boolean {
    return this.#done;
  }

  push(chunk: Uint8Array, emit: (event: ResponseEvent) => void): void {
    let bytes = chunk;
    if (bytes.length > 0) this.#started = true;
    while (!this.#done) {
      if (this.#body !== undefined) {
        // Also without bytes: a body of length 0 ends with its head, not with the next packet.
        this.#body.push(bytes, (step) => this.#emit(step, emit));
        return;
      }
      const gathered = this.#head.push(bytes);
      if (gathered.kind === "more") return;
      if (gathered.kind === "fault") {
        this.#emit(gathered, emit);
        return;
      }
      this.#read(parseResponseHead(gathered.bytes, this.#limits), emit);
      bytes = gathered.rest;
    }
  }

  /** The connection has ended. */
  end(emit: (event: ResponseEvent) => void): void {
    if (this.#done) return;
    if (this.#body !== undefined) this.#body.end((step) => this.#emit(step, emit));
    else this.#emit(fault(this.#started ? "truncated-head" : "empty", this.#head.length), emit);
  }

  #read(head: WireResponseHead | WireFault, emit: (event: ResponseEvent) => void): void {
    if (head.kind === "fault") this.#emit(head, emit);
    else if (head.status === 101) this.#emit(fault("unexpected-upgrade", 0), emit);
    else if (head.status < 200) {
      this.#head = new HeadGatherer(this.#limits.headSize, responsePrefix);
      if (++this.#interim > this.#limits.interimCount)
        this.#emit(fault("too-many-interim-responses", 0), emit);
      else emit({ kind: "interim", head });
    } else {
      const framing = responseFraming(head, this.#method);
      emit({ kind: "head", head, framing });
      if (framing.kind === "fault") this.#emit(framing, emit);
      else this.#body = new BodyReader(framing, this.#limits);
    }
  }

  #emit(event: ResponseEvent, emit: (event: ResponseEvent) => void): void {
    if (event.kind === "end" || event.kind === "fault") this.#done = true;
    emit(event);
  }
}
