// The head of a request as it is sent to an upstream. Its lines were strict when they arrived from a client, or were checked
// when they were written; the path may come from a rewrite, so it is checked here.

import { joinLines, printLine, printLines, type Lines } from "../http1/lines.ts";
import { writeRequestHead } from "../http1/write-head.ts";

/** The parts of a head. */
export interface OutgoingHead {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** They include a Content-Length if there is one, but no other framing and no Connection. */
  readonly lines: Lines;
  /** Whether the body is sent in chunks. */
  readonly chunked: boolean;
  /** A WebSocket handshake. */
  readonly upgrade: boolean;
}

const chunkedLine = printLine("Transfer-Encoding", "chunked");
const upgradeLines = printLines(["Connection", "Upgrade", "Upgrade", "websocket"]);

/** Latin-1, including the empty line; undefined if it cannot be written as it is. */
export function writeOutgoingHead(head: OutgoingHead): string | undefined {
  let { lines } = head;
  if (head.chunked) lines = joinLines(lines, chunkedLine);
  if (head.upgrade) lines = joinLines(lines, upgradeLines);
  return writeRequestHead(head.method, head.path, lines);
}
