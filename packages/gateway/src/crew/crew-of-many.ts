// `--workers N`: N processes serve the same addresses, and this one leads. Only the leader reads the
// configuration, and it keeps the one last applied: a process that replaces a dead one gets that, even if
// the file has changed since. For the reasons, and for why node:cluster is used, see decision 012.

import type { Shortage } from "../engine/engine.ts";
import cluster from "node:cluster";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import type { UpstreamStatus } from "../admin/status.ts";
import type { Address, Config } from "../config/config.ts";
import { pack } from "../load/pack.ts";
import type { LogForm, LogOutlet } from "../observe/access-log.ts";
import { Counters } from "../observe/counters.ts";
import { Timeline } from "../observe/timeline.ts";
import { doorKey } from "./door.ts";
import { CrewMember, Gone, type Cargo } from "./crew-member.ts";
import type { Crew, Prepared, Tally } from "./crew.ts";
import { describeSystemError } from "./system-error.ts";
import type { Blueprint } from "./generation.ts";
import { conditions, sibling } from "../load/sibling.ts";

export interface CrewOfManyOptions {
  readonly workers: number;
  readonly debug: boolean;
  readonly log: LogForm;
  readonly color: boolean;
  readonly out: LogOutlet;
  readonly onLogLoss: (error?: Error) => void;
  readonly onShortage: (shortage: Shortage) => void;
  readonly onMisdirected: (server: string, name: string) => void;
  /** Prints to stderr: a process ended or could not start, and why. */
  readonly say: (text: string) => void;
}

/** Delay before a dead process is replaced, doubled each time until one has lived long enough; ms. */
const firstPause = 100;
const longestPause = 5000;
const long = 10_000;

export function crewOfMany(options: CrewOfManyOptions): Crew {
  const { workers, debug, color, out, say } = options;
  // Not SCHED_RR, where the leader accepts connections and passes them on: one sent to a process that dies
  // stays open in the leader, and the client waits forever (decision 012).
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({
    exec: fileURLToPath(sibling("crew-process", import.meta.url)),
    args: [],
    execArgv: conditions,
    serialization: "advanced",
    // If they were inherited, a process that blocks on its stdout or stderr would also block this one.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const members = new Set<CrewMember>();
  let taken: Cargo | undefined;
  let doors: ReadonlySet<string> = new Set();
  /** The counts of processes that are gone, and lines of the log that could not be written here. */
  const counters = new Counters();
  const past = new Timeline();
  let pause = firstPause;
  let replacing: NodeJS.Timeout | undefined;
  let closing = false;
  let lossTold = false;
  const onLogLoss = (error?: Error): void => {
    if (!lossTold) options.onLogLoss(error);
    lossTold = true;
  };
  let shortageTold = false;
  const onShortage = (shortage: Shortage): void => {
    if (!shortageTold) options.onShortage(shortage);
    shortageTold = true;
  };

  const misdirected = new Set<string>();
  const onMisdirected = (server: string, name: string): void => {
    if (misdirected.has(server)) return;
    misdirected.add(server);
    options.onMisdirected(server, name);
  };

  function log(lines: string, done: () => void): void {
    out.write(lines, (error) => {
      if (error) {
        onLogLoss(error);
        counters.countDropped(lines.split("\n").length - 1);
      }
      done();
    });
  }

  const failed = (member: CrewMember) => (error: Error) =>
    say(`corsway: process ${member.pid} cannot serve: ${describeSystemError(error)}\n`);

  function fill(): void {
    if (closing) return;
    while (members.size < workers) {
      const begin = { kind: "begin", debug, log: options.log, color } as const;
      const member = new CrewMember({
        begin,
        log,
        onLogLoss,
        onShortage,
        onMisdirected,
        onGone,
        say,
      });
      members.add(member);
      if (taken !== undefined) void replace(member, taken);
    }
  }

  async function replace(member: CrewMember, cargo: Cargo): Promise<void> {
    await member.bring(cargo, failed(member));
    if (member.serving) say(`corsway: process ${member.pid} serves\n`);
  }

  function onGone(member: CrewMember, how: string): void {
    members.delete(member);
    if (member.tally !== undefined) {
      counters.add(member.tally.counts);
      past.add(member.tally.hour);
    }
    if (closing) return;
    if (performance.now() - member.born > long) pause = firstPause;
    say(`corsway: process ${member.pid} ended (${how}); a new one starts in ${pause} ms\n`);
    clearTimeout(replacing);
    replacing = setTimeout(fill, pause);
    pause = Math.min(pause * 2, longestPause);
  }

  const killAll = (): void => {
    for (const member of members) member.kill();
  };
  process.once("exit", killAll);

  async function prepare(next: Blueprint): Promise<Prepared> {
    const { config, ...rest } = next;
    const wanted = await tryAddresses(config, doors);
    const pieces = [...pack({ config, diagnostics: [], sources: new Map() })];
    const cargo: Cargo = { ...rest, pieces };
    fill();
    const asked = [...members];
    const answers = await Promise.all(
      asked.map((member) => member.prepare(cargo).catch((error: Error) => error)),
    );
    const abort = (): void => {
      for (const member of asked) member.abort();
    };
    const [addresses] = answers.flatMap((answer) => (answer instanceof Error ? [] : [answer]));
    const refusal = answers.find((answer) => answer instanceof Error && !(answer instanceof Gone));
    if (refusal !== undefined || addresses === undefined) {
      abort();
      throw refusal ?? new Error("no process was running to apply it");
    }
    return {
      addresses,
      abort,
      async commit() {
        taken = cargo;
        doors = wanted;
        await Promise.all(
          // One that started after `prepare` still has the previous configuration.
          [...members].map((member) =>
            asked.includes(member)
              ? member.commit(failed(member))
              : member.bring(cargo, failed(member)),
          ),
        );
      },
    };
  }

  return {
    prepare,
    get processes() {
      return [...members].flatMap(({ serving, pid }) =>
        serving && pid !== undefined ? [pid] : [],
      );
    },
    async tally(): Promise<Tally> {
      const tallies = (await Promise.all([...members].map((member) => member.count()))).filter(
        (tally) => tally !== undefined,
      );
      const all = new Counters();
      const timeline = new Timeline();
      all.add(counters.counts());
      timeline.add(past.hour());
      for (const { counts, hour } of tallies) {
        all.add(counts);
        timeline.add(hour);
      }
      return {
        counts: all.counts(),
        hour: timeline.hour(),
        connections: tallies.reduce((sum, { connections }) => sum + connections, 0),
        upstreams: sumUpstreams(tallies.map(({ upstreams }) => upstreams)),
      };
    },
    async recent(after) {
      const batches = await Promise.all([...members].map((member) => member.recent(after)));
      return batches.flat();
    },
    async close(grace) {
      closing = true;
      clearTimeout(replacing);
      await Promise.all([...members].map((member) => member.stop(grace)));
      process.off("exit", killAll);
    },
  };
}

/**
 * Are the new addresses available? The leader tries them before the others listen there, because
 * node:cluster cannot handle an address in use: it keeps the socket that it could not bind, and fails on
 * it when the address is requested again. Returns the keys of the doors; those in `held` are not tried.
 * Rejects with the system's error.
 */
async function tryAddresses(
  { servers }: Pick<Config, "servers">,
  held: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (const server of servers)
    for (const [index, address] of server.addresses.entries()) {
      const key = doorKey(server, address, index);
      keys.add(key);
      if (!held.has(key) && address.port !== 0) await tryAddress(address);
    }
  return keys;
}

function tryAddress({ host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    server.listen({ ...(host !== "" && { host }), port }, () => server.close(() => resolve()));
  });
}

/**
 * The upstreams as several processes see them, each with its own health checks and connections: requests
 * in progress are added up, and an address is healthy if every process considers it healthy.
 */
function sumUpstreams(seen: readonly (readonly UpstreamStatus[])[]): readonly UpstreamStatus[] {
  const [first = [], ...others] = seen;
  return first.map(({ name, checked, websocketsRefused, addresses }) => {
    const namesakes = others.flatMap((upstreams) => upstreams.filter((one) => one.name === name));
    return {
      name,
      checked,
      websocketsRefused: namesakes.reduce(
        (sum, one) => sum + one.websocketsRefused,
        websocketsRefused,
      ),
      addresses: addresses.map(({ address, healthy, active, websockets }) => {
        const same = namesakes.flatMap((upstream) =>
          upstream.addresses.filter((one) => one.address === address),
        );
        return {
          address,
          healthy: healthy && same.every((one) => one.healthy),
          active: same.reduce((sum, one) => sum + one.active, active),
          websockets: same.reduce((sum, one) => sum + one.websockets, websockets),
        };
      }),
    };
  });
}
