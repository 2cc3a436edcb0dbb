// A request's name in logs, upstream and in the page's console: 96 random bits drawn in bulk, for
// one system call a request is more than all else the gateway does for it.

import { randomFillSync } from "node:crypto";

const bytes = Buffer.alloc(12 * 256);
let at = bytes.length;

export function newRequestId(): string {
  if (at === bytes.length) {
    randomFillSync(bytes);
    at = 0;
  }
  at += 12;
  return bytes.toString("hex", at - 12, at);
}

/** May a trusted proxy's own id be kept? Letters, digits and `-_.:=+/`, at most 128. */
export function isRequestId(value: string): boolean {
  return value.length > 0 && value.length <= 128 && /^[A-Za-z0-9\-_.:=+/]+$/.test(value);
}
