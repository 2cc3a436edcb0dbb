// How many connections the open files of this process allow. At its limit a process can open nothing
// more: no connection to an upstream, no file of a reload, and it answers nobody. So clients get only
// what leaves room for one upstream connection each, and for a reserve.

import { readFileSync } from "node:fs";

/** Files for what is not a connection: listeners, the log, a configuration that is read again. */
const reserve = 64;

let known: number | undefined;

/** Most connections of clients; Infinity where the system names no limit. */
export function descriptorRoom(): number {
  return (known ??= roomUnder(readLimits()));
}

/** `limits` as Linux shows them in `/proc/self/limits`. */
export function roomUnder(limits: string | undefined): number {
  const soft = /^Max open files\s+(\d+)/m.exec(limits ?? "")?.[1];
  return soft === undefined ? Infinity : Math.max(16, Math.floor((Number(soft) - reserve) / 2));
}

/** Linux alone tells it without a costly report. */
function readLimits(): string | undefined {
  try {
    return readFileSync("/proc/self/limits", "utf8");
  } catch {
    return undefined;
  }
}
