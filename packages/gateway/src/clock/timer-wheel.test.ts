import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Timeout, TimerWheel } from "./timer-wheel.ts";

/** A wheel on a clock that the test moves. */
function clocked(tick: number, size: number) {
  let now = 0;
  mock.timers.enable({ apis: ["setInterval"] });
  const clock = mock.method(performance, "now", () => now);
  return {
    wheel: new TimerWheel(tick, size),
    /** Lets `ms` pass, tick by tick. */
    pass(ms: number): void {
      for (let i = 0; i < ms / tick; i++) {
        now += tick;
        mock.timers.tick(tick);
      }
    },
    /** The process does nothing for that long. */
    stall(ms: number): void {
      now += ms;
      mock.timers.tick(tick);
    },
    [Symbol.dispose](): void {
      clock.mock.restore();
      mock.timers.reset();
    },
  };
}

test("a timeout fires once, never early, and at most two ticks late", () => {
  using clock = clocked(10, 8);
  for (const ms of [1, 10, 15, 70, 80, 81, 1000]) {
    let fired = 0;
    const timeout = new Timeout(clock.wheel, () => fired++);
    timeout.start(ms);
    clock.pass(Math.floor(ms / 10) * 10);
    assert.equal(fired, 0, `${ms} ms: early`);
    clock.pass(20);
    assert.equal(fired, 1, `${ms} ms: late`);
    assert.equal(timeout.running, false);
    clock.pass(2000);
    assert.equal(fired, 1, `${ms} ms: again`);
  }
});

test("starting a timer again replaces its deadline, and stopping it cancels it", () => {
  using clock = clocked(10, 8);
  let fired = 0;
  const timeout = new Timeout(clock.wheel, () => fired++);
  timeout.start(50);
  clock.pass(30);
  timeout.start(500);
  clock.pass(490);
  assert.equal(fired, 0);
  timeout.start(20);
  clock.pass(40);
  assert.equal(fired, 1);
  timeout.start(20);
  timeout.stop();
  timeout.stop();
  clock.pass(1000);
  assert.equal(fired, 1);
});

test("a callback may start and stop any timer, including its own", () => {
  using clock = clocked(10, 8);
  const fired: string[] = [];
  const other = new Timeout(clock.wheel, () => fired.push("other"));
  const late = new Timeout(clock.wheel, () => fired.push("late"));
  const again = new Timeout(clock.wheel, () => {
    fired.push("again");
    other.stop();
    if (fired.length < 3) again.start(10);
    else late.start(80);
  });
  other.start(10);
  again.start(10);
  clock.pass(300);
  assert.deepEqual(fired, ["again", "again", "again", "late"]);
});

test("time during which the process was blocked does not count towards a timeout", () => {
  using clock = clocked(10, 8);
  let fired = 0;
  const timeout = new Timeout(clock.wheel, () => fired++);
  timeout.start(100);
  clock.pass(20);
  clock.stall(5000);
  assert.equal(fired, 0);
  clock.pass(80);
  assert.equal(fired, 1);
});

test("with random starts and stops, each timer fires within two ticks", () => {
  using clock = clocked(10, 16);
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  let now = 0;
  const entries = Array.from({ length: 50 }, () => {
    const entry = {
      due: undefined as number | undefined,
      timeout: new Timeout(clock.wheel, () => {
        assert.ok(entry.due !== undefined, "fired though it was stopped");
        assert.ok(now >= entry.due && now <= entry.due + 20, `due ${entry.due}, fired ${now}`);
        entry.due = undefined;
      }),
    };
    return entry;
  });
  for (let turn = 0; turn < 3000; turn++) {
    const entry = entries[random(entries.length)]!;
    if (random(3) === 0) {
      entry.timeout.stop();
      entry.due = undefined;
    } else {
      const ms = random(400);
      entry.timeout.start(ms);
      entry.due = now + ms;
    }
    if (random(2) === 0) {
      now += 10;
      clock.pass(10);
    }
    for (const { due } of entries) assert.ok(due === undefined || now <= due + 20, "never fired");
  }
});
