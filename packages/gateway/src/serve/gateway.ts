// A gateway with a life: it listens, serves the generation of the moment, takes a new one, drains.

import { hasErrors, type Diagnostic } from "@corsway/cors";
import type { Config } from "../config/config.ts";
import type { Loaded } from "../config/load.ts";
import { accessLog, type LogForm, type LogOutlet } from "../observe/access-log.ts";
import type { AccessRecord } from "../observe/access-record.ts";
import { Counters } from "../observe/counters.ts";
import { openAdmin, type AdminListener } from "../admin/admin.ts";
import type { Status } from "../admin/status.ts";
import { gatewayStatus } from "./gateway-status.ts";
import {
  drainDoor,
  listening,
  named,
  openDoors,
  point,
  type Door,
  type Listening,
} from "./door.ts";
import { compileGeneration, retire, type Generation } from "./generation.ts";
import { inSlices } from "./in-slices.ts";
import { loadAside, type LoadedAside } from "./load-aside.ts";
import { describeSystemError } from "./system-error.ts";
import { watchPath } from "./watch.ts";

export interface GatewayOptions {
  /** `--env NAME`. */
  readonly env?: string;
  /** The directory that file names in diagnostics are relative to. Default: the process's. */
  readonly base?: string;
  /** Take changes of the file or directory by themselves. Default: true where a path is given. */
  readonly watch?: boolean;
  /** Answers carry a Corsway-Decision header. */
  readonly debug?: boolean;
  /** Open the admin listener that the configuration names. Default: true. */
  readonly admin?: boolean;
  /** Form of the access log. Default: `off`. */
  readonly log?: LogForm;
  readonly color?: boolean;
  /**
   * Where the access log goes. Default: stdout. Its `error` events are the caller's to listen for.
   * Lines that it does not take are dropped, and counted on the admin listener.
   */
  readonly out?: LogOutlet;
  /** The first time that lines are dropped: by which error, or by none where nobody reads them. */
  readonly onLogLoss?: (error?: Error) => void;
  /** Each finished request, beside the log. */
  readonly onAccess?: (record: AccessRecord) => void;
  /** After each attempt to take a changed configuration. */
  readonly onReload?: (outcome: ReloadOutcome) => void;
}

export interface ReloadOutcome {
  readonly ok: boolean;
  readonly generation: { readonly number: number; readonly hash: string };
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** Why it could not be taken, where no diagnostic says it: an address in use, a missing file. */
  readonly problem?: string;
}

export interface Gateway {
  /** What listens where, with the ports that the system chose for 0. */
  readonly addresses: readonly Listening[];
  readonly admin: Listening | undefined;
  readonly generation: { readonly number: number; readonly hash: string };
  readonly config: Config;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** What the admin listener tells. */
  status(): Status;
  /** Reads the path again, or takes the configuration given. A bad one changes nothing. */
  reload(config?: Config): Promise<ReloadOutcome>;
  /** Drains: no new connections, requests under way are finished, at most `grace` ms (30 s). */
  close(grace?: number): Promise<void>;
}

/** The configuration has faults, or could not be read; nothing was started. */
export class UnusableConfig extends Error {
  readonly loaded: Loaded;
  constructor(loaded: Loaded) {
    super(
      loaded.unreadable ??
        loaded.diagnostics
          .filter(({ severity }) => severity === "error")
          .map(({ at, message }) =>
            at === undefined ? message : `${at.file}:${at.line}: ${message}`,
          )
          .join("\n"),
    );
    this.loaded = loaded;
  }
}

/**
 * Starts a gateway from a file or directory (absolute path) or from a configuration made already.
 * Rejects with UnusableConfig, or with the system's error where an address cannot be had.
 */
export async function startGateway(
  from: string | Config,
  options: GatewayOptions = {},
): Promise<Gateway> {
  const started = new Date().toISOString();
  const loadOptions = {
    ...(options.env !== undefined && { env: options.env }),
    ...(options.base !== undefined && { base: options.base }),
  };
  const ending = new AbortController();
  const load = async (): Promise<LoadedAside> =>
    typeof from === "string" ? loadAside(from, loadOptions, ending.signal) : given(from);
  const first = await load();
  let { loaded } = first;
  if (loaded.config === undefined || hasErrors(loaded.diagnostics))
    throw new UnusableConfig(loaded);

  const counters = new Counters();
  const log = accessLog(
    options.log ?? "off",
    options.out ?? process.stdout,
    options.color ?? false,
    (lines, error) => {
      if (counters.droppedLines === 0) options.onLogLoss?.(error);
      counters.droppedLines += lines;
    },
  );
  const setting = {
    debug: options.debug ?? false,
    access(record: AccessRecord) {
      counters.count(record);
      log.write(record);
      options.onAccess?.(record);
    },
  };
  let generation = await inSlices(compileGeneration(loaded.config, setting, undefined, first.hash));
  let since = started;
  let reloadProblem: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;
  const status = (): Status =>
    gatewayStatus({
      started,
      since,
      ready: !closed,
      reloadProblem,
      generation,
      addresses: addresses(),
      loaded,
      counters,
    });
  const wantsAdmin = options.admin ?? true;
  let doors: Door[] = [];
  let admin: AdminListener | undefined;
  const addresses = (): Listening[] => doors.map((door) => listening(door, generation));
  try {
    doors = await openDoors(generation, []);
    if (wantsAdmin && loaded.config.admin !== undefined)
      admin = await openAdmin(loaded.config.admin, status);
  } catch (error) {
    for (const { listener } of doors) listener.destroy();
    retire(generation);
    throw error;
  }

  async function take({ loaded: next, hash }: LoadedAside): Promise<ReloadOutcome> {
    const outcome = (ok: boolean, problem?: string): ReloadOutcome => {
      if (ok) counters.reloads++;
      else counters.failedReloads++;
      reloadProblem = ok
        ? undefined
        : (problem ?? next.diagnostics.find(({ severity }) => severity === "error")?.message);
      const result = {
        ok,
        generation: { number: generation.number, hash: generation.hash },
        diagnostics: next.diagnostics,
        sources: next.sources,
        ...(problem !== undefined && { problem }),
      };
      options.onReload?.(result);
      return result;
    };
    if (closed) return outcome(false, closing);
    if (next.config === undefined) return outcome(false, next.unreadable);
    const before = generation;
    let fresh: Generation | undefined;
    let opened: Door[] = [];
    try {
      fresh = await inSlices(compileGeneration(next.config, setting, before, hash));
      if (closed) throw new Error(closing);
      // New addresses are bound before anything else happens: where one cannot be had, all stays.
      opened = await openDoors(fresh, doors);
      const kept = new Set(opened);
      const gone = doors.filter((door) => !kept.has(door));
      const adminMoved = wantsAdmin && !isSameAdmin(before.config.admin, next.config.admin);
      const newAdmin =
        adminMoved && next.config.admin !== undefined
          ? await openAdmin(next.config.admin, status)
          : undefined;
      generation = fresh;
      loaded = next;
      since = new Date().toISOString();
      if (adminMoved) {
        admin?.close();
        admin = newAdmin;
      }
      for (const door of opened) point(door, fresh);
      doors = opened;
      for (const door of gone) void drainDoor(door, drainGrace);
      retire(before, fresh);
      return outcome(true);
    } catch (error) {
      for (const door of opened) if (!doors.includes(door)) door.listener.destroy();
      if (fresh !== undefined) retire(fresh, before);
      return outcome(false, describeSystemError(error));
    }
  }

  // One after the other: two at once would bind the same address twice.
  const inTurn = (read: () => Promise<LoadedAside>): Promise<ReloadOutcome> => {
    const result = turn
      .then(read)
      .catch((error: unknown) => unreadable(describeSystemError(error)))
      .then(take);
    turn = result.catch(() => undefined);
    return result;
  };
  /** One that has not begun: it will see whatever has changed until then. */
  let waiting: Promise<ReloadOutcome> | undefined;
  const reload = (config?: Config): Promise<ReloadOutcome> => {
    if (config !== undefined) {
      waiting = undefined; // what is asked for after this is to come after it
      return inTurn(async () => given(config));
    }
    return (waiting ??= inTurn(() => {
      waiting = undefined;
      return load();
    }));
  };

  const watching = typeof from === "string" && (options.watch ?? true);
  const stopWatching = watching ? watchPath(from, () => void reload()) : undefined;

  return {
    get addresses() {
      return addresses();
    },
    get admin() {
      if (admin === undefined) return undefined;
      return named("admin", "http", admin.host, admin.port);
    },
    get generation() {
      return { number: generation.number, hash: generation.hash };
    },
    get config() {
      return generation.config;
    },
    get diagnostics() {
      return loaded.diagnostics;
    },
    get sources() {
      return loaded.sources;
    },
    status,
    reload,
    async close(grace = drainGrace) {
      if (closed) return;
      closed = true;
      stopWatching?.();
      ending.abort(new Error(closing));
      await turn;
      await Promise.all(doors.map((door) => drainDoor(door, grace)));
      admin?.close();
      for (const upstream of generation.upstreams.values()) upstream.destroy();
      log.flush();
    },
  };
}

const drainGrace = 30_000;
const closing = "the gateway is closing";

function given(config: Config): LoadedAside {
  return { loaded: { config, diagnostics: [], sources: new Map() } };
}

function unreadable(reason: string): LoadedAside {
  return { loaded: { diagnostics: [], sources: new Map(), unreadable: reason } };
}

function isSameAdmin(a: Config["admin"], b: Config["admin"]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
