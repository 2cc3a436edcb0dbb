// Coarse timeouts, thousands of them for one system timer. A connection keeps one `Timeout` for its whole
// life and restarts it for each thing that it waits for; a start or a stop is a few assignments. Node's
// own timers cost an object, a list and a heap entry for each request.
// The times limit how long a peer may make us wait, so an additional tenth of a second does no harm.

/** One timeout at a time, which can be started as often as needed. Belongs to whatever waits. */
export class Timeout {
  /** Links and times belong to the wheel. */
  before: Timeout | undefined;
  after: Timeout | undefined;
  /** The tick at which it fires; 0: it is stopped. */
  due = 0;
  /** The tick at which the wheel checks it next. */
  at = 0;
  readonly #wheel: TimerWheel;
  readonly #fire: () => void;

  constructor(wheel: TimerWheel, fire: () => void) {
    this.#wheel = wheel;
    this.#fire = fire;
  }

  get running(): boolean {
    return this.due > 0;
  }

  /** Fires once, `ms` from now or up to two ticks later, never earlier. Replaces an earlier start. */
  start(ms: number): void {
    this.#wheel.start(this, ms);
  }

  stop(): void {
    if (this.due > 0) this.#wheel.stop(this);
  }

  /** For the wheel. */
  fire(): void {
    this.#fire();
  }
}

export class TimerWheel {
  readonly #tick: number;
  readonly #slots: (Timeout | undefined)[];
  #now = 1;
  #running = 0;
  #seen = 0; // ms of the monotonic clock up to which ticks were counted
  #interval: NodeJS.Timeout | undefined;

  /** `tick` in ms; `size` ticks are one turn: a longer timeout is checked once per turn. */
  constructor(tick = 100, size = 512) {
    this.#tick = tick;
    this.#slots = Array.from({ length: size });
  }

  start(timeout: Timeout, ms: number): void {
    // One tick more, because the current one is partly over.
    const due = this.#now + Math.ceil(ms / this.#tick) + 1;
    if (timeout.due > 0) {
      // Later than before is the usual case (more bytes arrived): the wheel will notice.
      if (timeout.at <= due) {
        timeout.due = due;
        return;
      }
      this.#unlink(timeout);
    } else if (++this.#running === 1) this.#turn();
    timeout.due = due;
    this.#link(timeout);
  }

  stop(timeout: Timeout): void {
    this.#unlink(timeout);
    timeout.due = 0;
    this.#running--;
  }

  /** Stops by itself at the first tick without a timeout, not at the last stop, because requests come again. */
  #turn(): void {
    if (this.#interval !== undefined) return;
    this.#seen = performance.now();
    this.#interval = setInterval(() => this.#advance(), this.#tick);
    // A socket should keep the process alive, not the timeout on it.
    this.#interval.unref();
  }

  #advance(): void {
    if (this.#running === 0) {
      clearInterval(this.#interval);
      this.#interval = undefined;
      return;
    }
    const ticks = Math.floor((performance.now() - this.#seen) / this.#tick);
    // A process that was busy for a second did not listen to its peers for that second. If it counted
    // against them, one long reload would time out everything in progress.
    const counted = Math.min(ticks, 2);
    this.#seen = counted < ticks ? performance.now() : this.#seen + counted * this.#tick;
    for (let i = 0; i < counted; i++) this.#step();
  }

  #step(): void {
    this.#now++;
    const slot = this.#now % this.#slots.length;
    for (let first = this.#slots[slot]; first !== undefined; first = this.#slots[slot]) {
      this.#unlink(first);
      if (first.due > this.#now) {
        this.#link(first);
        continue;
      }
      first.due = 0;
      this.#running--;
      first.fire();
    }
  }

  /** Never into the slot that is being emptied: `at` is one to `size - 1` ticks ahead. */
  #link(timeout: Timeout): void {
    timeout.at = Math.min(timeout.due, this.#now + this.#slots.length - 1);
    const slot = timeout.at % this.#slots.length;
    const first = this.#slots[slot];
    timeout.before = undefined;
    timeout.after = first;
    if (first !== undefined) first.before = timeout;
    this.#slots[slot] = timeout;
  }

  #unlink(timeout: Timeout): void {
    const { before, after } = timeout;
    if (before !== undefined) before.after = after;
    else this.#slots[timeout.at % this.#slots.length] = after;
    if (after !== undefined) after.before = before;
    timeout.before = undefined;
    timeout.after = undefined;
  }
}

/** The wheel of the process: connections of every kind share it. */
export const wheel: TimerWheel = new TimerWheel();
