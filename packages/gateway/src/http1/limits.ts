// Bounds on what a peer may make us hold. A limit that is passed is a fault, never a silent drop
// (Node's own header limit drops `Origin` and carries on; that reads as a request without one).

export interface WireLimits {
  /** Bytes of a head, start line and blank line included; of a chunked body's trailers too. */
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
