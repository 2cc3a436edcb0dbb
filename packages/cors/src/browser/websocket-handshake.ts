// WebSockets: establish a WebSocket connection, as far as its request goes. CORS has no part in it: the
// browser sends `Origin`, and the server must look at it.

import type { Header } from "../standard/message.ts";

/** WebSockets, steps 1 to 6. The key is an example: a browser draws one for each connection. */
export const handshakeHeaders: readonly Header[] = [
  ["Upgrade", "websocket"],
  ["Connection", "Upgrade"],
  ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
  ["Sec-WebSocket-Version", "13"],
];

/** `ws:` and `wss:` are `http:` and `https:` to Fetch. */
export function handshakeUrl(url: string): URL {
  return new URL(url.replace(/^ws(s?):/i, "http$1:"));
}
