// How many connections the process's limit of open files allows. At its limit, a process can open nothing more: no
// connection to an upstream, no file for a reload, and it can answer no one. So clients only get as many as leave
// room for one upstream connection each, and a reserve.

import { readFileSync } from "node:fs";

/** Files for everything that is not a connection: listeners, the log, a configuration being reread. */
const reserve = 64;

let known: number | undefined;

/** The most client connections; Infinity if the system has no limit. */
export function descriptorRoom(): number {
  return (known ??= roomUnder(readLimits()));
}

/** `limits` as Linux shows them in `/proc/self/limits`. */
export function roomUnder(limits: string | undefined): number {
  const soft = /^Max open files\s+(\d+)/m.exec(limits ?? "")?.[1];
  return soft === undefined ? Infinity : Math.max(16, Math.floor((Number(soft) - reserve) / 2));
}

/** Only Linux provides this without a costly report. */
function readLimits(): string | undefined {
  try {
    return readFileSync("/proc/self/limits", "utf8");
  } catch {
    return undefined;
  }
}
