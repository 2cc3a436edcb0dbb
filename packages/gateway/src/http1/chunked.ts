// The chunked coding (RFC 9112 §7.1), read incrementally. Sizes are one to thirteen hexadecimal digits; extensions are
// `;name` or `;name=value` without white space, counted and dropped.

import { isTokenCode } from "@corsway/cors/standard";
import type { BodySink } from "./body-sink.ts";
import { fault, type WireFault } from "./fault.ts";
import { parseFieldLines } from "./field-lines.ts";
import { HeadGatherer } from "./head-bytes.ts";
import type { WireLimits } from "./limits.ts";

type State =
  | "size-first"
  | "size"
  | "extension-name-first"
  | "extension-name"
  | "extension-value-first"
  | "extension-value"
  | "extension-quoted"
  | "extension-quoted-pair"
  | "extension-after-quoted"
  | "size-lf"
  | "data"
  | "data-cr"
  | "data-lf"
  | "trailers";

export class ChunkedReader {
  readonly #limits: WireLimits;
  readonly #sink: BodySink;
  #state: State = "size-first";
  #size = 0;
  #digits = 0;
  #extension = 0;
  #offset = 0;
  #trailers: HeadGatherer | undefined;

  constructor(limits: WireLimits, sink: BodySink) {
    this.#limits = limits;
    this.#sink = sink;
  }

  /** Returns the number of bytes consumed; must not be called again after an end or a fault. */
  push(chunk: Uint8Array): number {
    let i = 0;
    while (i < chunk.length) {
      if (this.#state === "data") {
        const end = Math.min(chunk.length, i + this.#size);
        this.#size -= end - i;
        this.#offset += end - i;
        if (this.#size === 0) this.#state = "data-cr";
        this.#sink.body(chunk.subarray(i, end));
        i = end;
      } else if (this.#state === "trailers") {
        return i + this.#pushTrailers(i === 0 ? chunk : chunk.subarray(i));
      } else {
        const wrong = this.#step(chunk[i]!);
        if (wrong !== undefined) {
          this.#sink.fault(wrong);
          return i;
        }
        this.#offset++;
        i++;
      }
    }
    return i;
  }

  #pushTrailers(bytes: Uint8Array): number {
    // Usually there are none.
    if (this.#trailers === undefined && bytes[0] === 0x0d && bytes[1] === 0x0a) {
      this.#sink.end([], true);
      return 2;
    }
    const trailers = (this.#trailers ??= new HeadGatherer(this.#limits.headSize, ""));
    const end = trailers.push(bytes);
    if (typeof end !== "number") {
      this.#sink.fault(fault(end.code, this.#offset + end.offset));
      return bytes.length;
    }
    if (end < 0) return bytes.length;
    const lines = parseFieldLines(trailers.bytes, 0, this.#limits.headerCount, "strict");
    if (lines.kind === "fault") this.#sink.fault(fault(lines.code, this.#offset + lines.offset));
    else this.#sink.end(lines.fields, true);
    return end;
  }

  #step(byte: number): WireFault | undefined {
    switch (this.#state) {
      case "size-first":
      case "size": {
        const digit = hexDigit(byte);
        if (digit >= 0) {
          if (++this.#digits > 13) return this.#fault("chunk-too-large");
          this.#size = this.#size * 16 + digit;
          this.#state = "size";
          return undefined;
        }
        if (this.#state === "size-first") return this.#fault("chunk-malformed");
        return this.#sizeEnds(byte);
      }
      case "size-lf":
        if (byte !== 0x0a) return this.#fault("chunk-malformed");
        this.#state = this.#size === 0 ? "trailers" : "data";
        return undefined;
      case "data-cr":
        if (byte !== 0x0d) return this.#fault("chunk-malformed");
        this.#state = "data-lf";
        return undefined;
      case "data-lf":
        if (byte !== 0x0a) return this.#fault("chunk-malformed");
        this.#state = "size-first";
        this.#digits = 0;
        return undefined;
      default:
        if (++this.#extension > this.#limits.extensionSize) return this.#fault("chunk-too-large");
        return this.#stepExtension(byte);
    }
  }

  #stepExtension(byte: number): WireFault | undefined {
    switch (this.#state) {
      case "extension-name-first":
      case "extension-name":
        if (isTokenCode(byte)) this.#state = "extension-name";
        else if (this.#state === "extension-name-first") return this.#fault("chunk-malformed");
        else if (byte === 0x3d) this.#state = "extension-value-first";
        else return this.#sizeEnds(byte);
        return undefined;
      case "extension-value-first":
      case "extension-value":
        if (isTokenCode(byte)) this.#state = "extension-value";
        else if (this.#state === "extension-value-first") {
          if (byte !== 0x22) return this.#fault("chunk-malformed");
          this.#state = "extension-quoted";
        } else return this.#sizeEnds(byte);
        return undefined;
      case "extension-quoted":
        if (byte === 0x22) this.#state = "extension-after-quoted";
        else if (byte === 0x5c) this.#state = "extension-quoted-pair";
        else if (!isQuotable(byte)) return this.#fault("chunk-malformed");
        return undefined;
      case "extension-quoted-pair":
        if (!isQuotable(byte)) return this.#fault("chunk-malformed");
        this.#state = "extension-quoted";
        return undefined;
      default:
        return this.#sizeEnds(byte);
    }
  }

  /** After a size, a name or a value: another extension, or the end of the line. */
  #sizeEnds(byte: number): WireFault | undefined {
    if (byte === 0x0d) this.#state = "size-lf";
    else if (byte === 0x3b) this.#state = "extension-name-first";
    else return this.#fault("chunk-malformed");
    return undefined;
  }

  #fault(code: "chunk-malformed" | "chunk-too-large"): WireFault {
    return fault(code, this.#offset);
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function isQuotable(byte: number): boolean {
  return byte === 0x09 || (byte >= 0x20 && byte <= 0x7e);
}
