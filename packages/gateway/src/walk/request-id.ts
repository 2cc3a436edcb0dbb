// The id of a request in logs, upstream and in the page's console: a random prefix of this process, and a counter. It protects nothing,
// so it need not be hard to guess; it must not occur twice, and must cost next to nothing.

import { randomBytes } from "node:crypto";

const prefix = randomBytes(8).toString("hex");
let count = 0;

/** `9f86d081884c7d65-1a`. */
export function newRequestId(): string {
  return `${prefix}-${(count++).toString(36)}`;
}

/** May a trusted proxy's own id be kept? Letters, digits and `-_.:=+/`, at most 128. */
export function isRequestId(value: string): boolean {
  return value.length > 0 && value.length <= 128 && /^[A-Za-z0-9\-_.:=+/]+$/.test(value);
}
