// Closing a connection whose peer is still sending. Closed at once, the kernel answers the bytes
// that come with a reset, and the reset overtakes our answer: the page never reads its 413. So we
// half-close, read off what comes, and cut after a while.

import type { Socket } from "node:net";

const longest = 10_000;
const idle = 2_000;

/** Instead of `socket.destroySoon()`. */
export function closeLingering(socket: Socket): void {
  if (socket.destroyed) return;
  const limit = setTimeout(() => socket.destroy(), longest);
  limit.unref();
  socket.setTimeout(idle, () => socket.destroy());
  socket.once("close", () => clearTimeout(limit));
  socket.once("end", () => socket.destroySoon());
  socket.end();
  socket.resume();
}
