// This process serves: its doors, the generation behind them, the log and the counts. A reload is one
// assignment.

import { accessLog, type LogForm, type LogOutlet } from "../observe/access-log.ts";
import { copyRecord, type AccessRecord } from "../observe/access-record.ts";
import { Backlog } from "../observe/backlog.ts";
import { Counters } from "../observe/counters.ts";
import { Timeline } from "../observe/timeline.ts";
import { drainGrace, type Crew, type Prepared, type Tally } from "./crew.ts";
import type { Shortage } from "../engine/engine.ts";
import { drainDoor, listening, openDoors, point, type Door } from "./door.ts";
import { compileGeneration, retire, type Blueprint, type Generation } from "./generation.ts";
import { inSlices } from "../load/in-slices.ts";

export interface CrewOfOneOptions {
  readonly debug: boolean;
  readonly log: LogForm;
  readonly color: boolean;
  readonly out: LogOutlet;
  /** Called the first time that lines of the log are dropped. */
  readonly onLogLoss?: (error?: Error) => void;
  /** Called the first time that a connection is rejected. */
  readonly onShortage?: (shortage: Shortage) => void;
  readonly onAccess?: (record: AccessRecord) => void;
  /** Called on the first request to each server with a host name that it does not answer to. */
  readonly onMisdirected?: (server: string, name: string) => void;
}

export function crewOfOne(options: CrewOfOneOptions): Crew {
  const counters = new Counters();
  const timeline = new Timeline();
  const backlog = new Backlog();
  let generation: Generation | undefined;
  let lossTold = false;
  const log = accessLog(options.log, options.out, options.color, (lines, error) => {
    if (!lossTold) options.onLogLoss?.(error);
    lossTold = true;
    counters.countDropped(lines);
  });
  const misdirected = new Set<string>();
  const setting = {
    debug: options.debug,
    place: (location: string, policy: string) => counters.place(location, policy),
    access(record: AccessRecord, place: number) {
      counters.count(record, place);
      timeline.count(record);
      log.write(record);
      // Kept records are only ever asked for through the admin listener.
      const kept = generation?.config.admin !== undefined;
      if (!kept && options.onAccess === undefined) return;
      const copy = copyRecord(record);
      if (kept) backlog.add(copy);
      options.onAccess?.(copy);
    },
    misdirected(server: string, name: string) {
      if (misdirected.has(server)) return;
      misdirected.add(server);
      options.onMisdirected?.(server, name);
    },
  };
  let shortageTold = false;
  const refused = (shortage: Shortage): void => {
    counters.countRefused();
    if (!shortageTold) options.onShortage?.(shortage);
    shortageTold = true;
  };
  let doors: readonly Door[] = [];

  async function prepare(next: Blueprint): Promise<Prepared> {
    const before = generation;
    const fresh = await inSlices(compileGeneration(next, setting, before), before !== undefined);
    let opened: readonly Door[];
    try {
      // New addresses are bound first: if one is not available, nothing changes.
      opened = await openDoors(fresh, doors, refused);
    } catch (error) {
      retire(fresh, before);
      throw error;
    }
    return {
      addresses: opened.map((door) => listening(door, fresh)),
      abort() {
        for (const door of opened) if (!doors.includes(door)) door.listener.destroy();
        retire(fresh, before);
      },
      async commit() {
        const gone = doors.filter((door) => !opened.includes(door));
        generation = fresh;
        for (const door of opened) point(door, fresh);
        doors = opened;
        for (const door of gone) void drainDoor(door, drainGrace);
        if (before !== undefined) retire(before, fresh);
      },
    };
  }

  return {
    prepare,
    processes: [process.pid],
    tally: async (): Promise<Tally> => ({
      counts: counters.counts(),
      hour: timeline.hour(),
      connections: doors.reduce((sum, { listener }) => sum + listener.connections(), 0),
      upstreams: [...(generation?.upstreams.values() ?? [])].map(
        ({ config: { name, healthCheck }, websocketsRefused, backends }) => ({
          name,
          checked: healthCheck !== undefined,
          websocketsRefused,
          addresses: backends.map(({ key, healthy, active, websockets }) => ({
            address: key,
            healthy,
            active: active - websockets,
            websockets,
          })),
        }),
      ),
    }),
    recent: async (after) => [backlog.after(after.get(backlog.source) ?? 0)],
    async close(grace) {
      await Promise.all(doors.map((door) => drainDoor(door, grace)));
      for (const upstream of generation?.upstreams.values() ?? []) upstream.destroy();
      log.flush();
    },
  };
}
