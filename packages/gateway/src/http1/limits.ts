// Limits on what a peer can make us hold. Exceeding a limit is a fault, never a silent drop (Node's own header limit drops
// `Origin` and continues, so the request looks like one without it).

export interface WireLimits {
  /** Bytes of a head, including start line and empty line, and of the trailers of a chunked body. */
  readonly headSize: number;
  readonly headerCount: number;
  readonly targetSize: number;
  /** 1xx responses before the final one. */
  readonly interimCount: number;
  /** Bytes of chunk extensions in one body. */
  readonly extensionSize: number;
}

export const defaultLimits: WireLimits = Object.freeze({
  headSize: 16 * 1024,
  headerCount: 100,
  targetSize: 8 * 1024,
  interimCount: 10,
  extensionSize: 4 * 1024,
});
