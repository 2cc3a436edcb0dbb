// The head of a request as it is sent to an upstream. Its parts were strict when they arrived, from a client or from the
// configuration; it is checked once more as a whole, because a line break in a value would be a second request to the upstream.

/** The parts of a head. */
export interface OutgoingHead {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Flat; includes a Content-Length if there is one, but no other framing and no Connection. */
  readonly fields: readonly string[];
  /** Whether the body is sent in chunks. */
  readonly chunked: boolean;
  /** A WebSocket handshake. */
  readonly upgrade: boolean;
}

/** A byte that no head has: a control byte, half a line break, a code unit that is not a byte. */
// oxlint-disable-next-line no-control-regex
const unfit = /\r(?!\n)|(?<!\r)\n|[^\t\r\n\x20-\x7e\x80-\xff]/;

/** Latin-1, including the empty line; undefined if it cannot be written as it is. */
export function writeOutgoingHead(head: OutgoingHead): string | undefined {
  const { method, path, fields, chunked, upgrade } = head;
  let text = `${method} ${path} HTTP/1.1\r\n`;
  let lines = 2 + fields.length / 2;
  for (let i = 0; i < fields.length; i += 2) text += `${fields[i]}: ${fields[i + 1]}\r\n`;
  if (chunked) {
    text += "Transfer-Encoding: chunked\r\n";
    lines++;
  }
  if (upgrade) {
    text += "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    lines += 2;
  }
  text += "\r\n";
  if (method.includes(" ") || path.includes(" ") || unfit.test(text)) return undefined;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines--;
  return lines === 0 ? text : undefined;
}
