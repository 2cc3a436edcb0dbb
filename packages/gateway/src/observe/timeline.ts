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

type KeptGroup = Writable<RefusalGroup> & { minute: number };

const kept = 60;
const mostGroups = 500;

export class Timeline {
  readonly #minutes: Writable<Minute>[] = [];
  /** By origin: hardly any has more than one. A key made of all five names would be hashed anew for each refusal. */
  readonly #groups = new Map<string, KeptGroup[]>();
  #grouped = 0;
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
        .flat()
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
    for (const [origin, groups] of this.#groups) {
      const left = groups.filter(({ minute }) => minute > now - kept);
      this.#grouped -= groups.length - left.length;
      if (left.length === 0) this.#groups.delete(origin);
      else this.#groups.set(origin, left);
    }
  }

  #group(record: AccessRecord, minute: number): void {
    const { server, location = "", policy = "", origin = "", refusal, error, time } = record;
    const reason = refusal ?? error ?? "";
    const shown = cut(shownOrigin(origin), 256);
    const known = this.#find(reason, shown, server, location, policy);
    if (known === undefined)
      this.#keep({ reason, origin: shown, server, location, policy, count: 1, last: time, minute });
    else add(known, 1, time, minute);
  }

  #join(group: RefusalGroup, minute: number): void {
    const { reason, origin, server, location, policy, count, last } = group;
    const known = this.#find(reason, origin, server, location, policy);
    if (known === undefined) this.#keep({ ...group, minute });
    else add(known, count, last, minute);
  }

  #find(
    reason: string,
    origin: string,
    server: string,
    location: string,
    policy: string,
  ): KeptGroup | undefined {
    return this.#groups
      .get(origin)
      ?.find(
        (group) =>
          group.reason === reason &&
          group.location === location &&
          group.policy === policy &&
          group.server === server,
      );
  }

  #keep(group: KeptGroup): void {
    if (this.#grouped >= mostGroups) {
      this.#ungrouped += group.count;
      return;
    }
    this.#grouped++;
    const groups = this.#groups.get(group.origin);
    if (groups === undefined) this.#groups.set(group.origin, [group]);
    else groups.push(group);
  }
}

function add(group: KeptGroup, count: number, last: string, minute: number): void {
  group.count += count;
  if (last > group.last) group.last = last;
  group.minute = Math.max(group.minute, minute);
}
