// Faults of the wire in words, for the reader of a command's output. Codes are used inside, prose only here.

import type { WireFaultCode } from "./fault.ts";

const words: Readonly<Record<WireFaultCode, string>> = {
  "not-http": "the response does not begin with `HTTP/`",
  "version-not-supported": "the version on the first line is neither HTTP/1.0 nor HTTP/1.1",
  "start-line-malformed": "the first line is malformed",
  "status-not-allowed": "the status code is not between 100 and 599",
  "target-malformed": "the request target contains a byte that must be percent-encoded",
  "target-too-long": "the request target is too long",
  "bare-cr": "a line contains a carriage return (CR) without a line feed (LF)",
  "bare-lf": "a line ends in LF without CR",
  "head-too-large": "the head is too large",
  "too-many-headers": "there are too many header lines",
  "header-name-malformed":
    "a header line has no colon, or its name has a character that is not allowed",
  "header-value-malformed": "a header value contains a forbidden control byte",
  "header-folded": "a header line begins with white space (folding, obsolete since 2014)",
  "content-length-malformed": "Content-Length is not a plain number",
  "content-length-repeated": "there is more than one Content-Length",
  "length-and-encoding": "Content-Length and Transfer-Encoding are both present",
  "transfer-encoding-not-supported": "Transfer-Encoding is not `chunked`",
  "framing-lookalike":
    "a header looks like Content-Length or Transfer-Encoding but has `_` in place of `-`",
  "chunk-malformed": "a chunk is malformed",
  "chunk-too-large": "a chunk's size line is too large",
  "too-many-interim-responses": "there are too many 1xx responses",
  "unexpected-upgrade": "the server switches protocols (101) without being asked to",
  "truncated-head": "the connection ended inside the head",
  "truncated-body": "the connection ended inside the body",
  empty: "the connection ended before the first byte",
};

export function describeFault(code: WireFaultCode): string {
  return words[code];
}
