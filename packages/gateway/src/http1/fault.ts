// What can be wrong with the bytes of an HTTP/1.1 message. These are values, never exceptions, because a peer's bytes must
// not be able to throw. Each names the first offending byte, so that it can be shown to a person.

export type WireFaultCode =
  | "not-http" // does not begin as an HTTP/1.x message
  | "version-not-supported" // HTTP/0.9, HTTP/2.0 on the start line
  | "start-line-malformed"
  | "status-not-allowed" // outside 100 to 599
  | "target-malformed" // a byte outside 0x21 to 0x7E
  | "target-too-long"
  | "bare-cr"
  | "bare-lf"
  | "head-too-large"
  | "too-many-headers"
  | "header-name-malformed" // empty, no colon, no token, white space before the colon
  | "header-value-malformed" // NUL; in a request any control byte but tab
  | "header-folded"
  | "content-length-malformed"
  | "content-length-repeated"
  | "length-and-encoding" // both Content-Length and Transfer-Encoding
  | "transfer-encoding-not-supported"
  | "framing-lookalike" // `Content_Length`: some servers read `_` as `-`
  | "chunk-malformed"
  | "chunk-too-large"
  | "too-many-interim-responses"
  | "unexpected-upgrade" // 101 that nobody asked for
  | "truncated-head"
  | "truncated-body"
  | "empty"; // the connection ended without a byte

export interface WireFault {
  readonly kind: "fault";
  readonly code: WireFaultCode;
  /** Bytes from the start of the message (its head; in a body: from the body's start). */
  readonly offset: number;
}

export function fault(code: WireFaultCode, offset: number): WireFault {
  return { kind: "fault", code, offset };
}
