// What a peer sent before it reset the connection. The system still has it when a write fails, but Node closes the socket
// for the failed write and would never read it: a 413 from an upstream that did not want the rest of the body would be lost.

import { readSync } from "node:fs";
import type { Socket } from "node:net";

/** Longer answers than this were on their way for so long that they have been read as usual. */
const most = 1024 * 1024;

/** To be called in the callback of the failed write, while the socket still has its descriptor. */
export function lastBytes(socket: Socket): Buffer {
  const { _handle: handle } = socket as Socket & { _handle?: { fd?: number } | null };
  const chunks: Buffer[] = [];
  // With TLS it would be ciphertext; on Windows there is no descriptor.
  if ("encrypted" in socket || handle?.fd === undefined || handle.fd < 0) return Buffer.alloc(0);
  for (let length = 0; length < most;) {
    const chunk = Buffer.allocUnsafe(65_536);
    const read = readNow(handle.fd, chunk);
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    length += read;
  }
  return Buffer.concat(chunks);
}

/** 0: there is nothing more, whatever the reason. */
function readNow(descriptor: number, into: Buffer): number {
  try {
    return readSync(descriptor, into);
  } catch {
    return 0; // the reset itself, or nothing has arrived
  }
}
