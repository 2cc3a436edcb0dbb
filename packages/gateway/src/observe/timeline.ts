// The last hour by the minute, and what was refused in it, grouped. Bounded: an attacker writes origins,
// so only so many groups are kept, and what does not fit is counted as one.

import type { AccessRecord } from "./access-record.ts";
import { cut, shownOrigin } from "./log-text.ts";

/** Requests of one minute, by outcome. */
export interface Minute {
  /** Minutes since 1970. */
  readonly at: number;
  readonly allowed: number;
  readonly refused: number;
  /** Without a decision on CORS. */
  readonly other: number;
  /** Responses of status 5xx, and exchanges that broke off; counted above as well. */
  readonly errors: number;
}

/** Refusals of one reason, origin and place. */
export interface RefusalGroup {
  readonly reason: string;
  readonly origin: string;
  readonly server: string;
  readonly location: string;
  readonly policy: string;
  readonly count: number;
  /** ISO 8601. */
  readonly last: string;
}

export interface Hour {
  /** Oldest first; minutes without a request are left out. */
  readonly minutes: readonly Minute[];
  /** Most frequent first. */
  readonly refusals: readonly RefusalGroup[];
  /** Refusals that found no place among the groups. */
  readonly ungrouped: number;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const kept = 60;
const mostGroups = 500;

export class Timeline {
  readonly #minutes: Writable<Minute>[] = [];
  readonly #groups = new Map<string, Writable<RefusalGroup> & { minute: number }>();
  #ungrouped = 0;

  count(record: AccessRecord, now: number = Date.now()): void {
    const at = Math.floor(now / 60_000);
    const minute = this.#minute(at);
    const refused = record.allowed === false || record.refusal !== undefined;
    if (refused) minute.refused++;
    else if (record.allowed === true && record.kind !== "not-cors") minute.allowed++;
    else minute.other++;
    if (record.status >= 500 || record.status === 0) minute.errors++;
    if (refused) this.#group(record, at);
  }

  hour(now: number = Date.now()): Hour {
    this.#forget(Math.floor(now / 60_000));
    return {
      minutes: this.#minutes.map((minute) => ({ ...minute })),
      refusals: [...this.#groups.values()]
        .map(({ minute: _minute, ...group }) => group)
        .sort((a, b) => b.count - a.count),
      ungrouped: this.#ungrouped,
    };
  }

  /** What another process counted. */
  add({ minutes, refusals, ungrouped }: Hour): void {
    for (const { at, ...counts } of minutes) {
      const minute = this.#minute(at);
      for (const name of ["allowed", "refused", "other", "errors"] as const)
        minute[name] += counts[name];
    }
    for (const group of refusals) this.#join(group, Math.floor(Date.parse(group.last) / 60_000));
    this.#ungrouped += ungrouped;
  }

  #minute(at: number): Writable<Minute> {
    const last = this.#minutes.at(-1);
    if (last?.at === at) return last;
    const known = this.#minutes.find((minute) => minute.at === at);
    if (known !== undefined) return known;
    const fresh = { at, allowed: 0, refused: 0, other: 0, errors: 0 };
    this.#minutes.push(fresh);
    this.#minutes.sort((a, b) => a.at - b.at);
    this.#forget(at);
    return fresh;
  }

  #forget(now: number): void {
    while (this.#minutes.length > 0 && this.#minutes[0]!.at <= now - kept) this.#minutes.shift();
    for (const [key, { minute }] of this.#groups)
      if (minute <= now - kept) this.#groups.delete(key);
  }

  #group(record: AccessRecord, minute: number): void {
    const { server, location = "", policy = "", origin = "", refusal, error, time } = record;
    const group = {
      reason: refusal ?? error ?? "",
      origin: cut(shownOrigin(origin), 256),
      server,
      location,
      policy,
      count: 1,
      last: time,
    };
    this.#join(group, minute);
  }

  #join(group: RefusalGroup, minute: number): void {
    const { reason, origin, server, location, policy, count, last } = group;
    const key = `${reason}\n${origin}\n${server}\n${location}\n${policy}`;
    const known = this.#groups.get(key);
    if (known === undefined) {
      if (this.#groups.size < mostGroups) this.#groups.set(key, { ...group, minute });
      else this.#ungrouped += count;
      return;
    }
    known.count += count;
    if (last > known.last) known.last = last;
    known.minute = Math.max(known.minute, minute);
  }
}
