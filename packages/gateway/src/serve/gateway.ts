// A gateway with a life: it listens, serves the generation of the moment, takes a new one, drains.

import { hasErrors, type Diagnostic } from "@corsway/cors";
import type { Address, Config, ServerConfig } from "../config/config.ts";
import { loadConfig, type Loaded } from "../config/load.ts";
import { accessLog, type LogForm } from "../observe/access-log.ts";
import type { AccessRecord } from "../observe/access-record.ts";
import { Counters } from "../observe/counters.ts";
import { openAdmin, type AdminListener, type AdminSource } from "../admin/admin.ts";
import { renderPrometheus } from "../observe/prometheus.ts";
import { gatewayStatus } from "./gateway-status.ts";
import { listenNode } from "./engine-node.ts";
import type { Listener, Reception } from "./engine.ts";
import { compileGeneration, retire, type Generation } from "./generation.ts";
import { ownAnswer } from "./own-answer.ts";
import type { Site } from "./site.ts";
import { newRequestId } from "./request-id.ts";
import { Walk } from "./walk.ts";
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
  /** Form of the access log. Default: `off`. */
  readonly log?: LogForm;
  readonly color?: boolean;
  /** Where the access log goes. Default: stdout. */
  readonly out?: (text: string) => void;
  /** Each finished request, beside the log. */
  readonly onAccess?: (record: AccessRecord) => void;
  /** After each attempt to take a changed configuration. */
  readonly onReload?: (outcome: ReloadOutcome) => void;
}

export interface Listening {
  readonly server: string;
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
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
  readonly counters: Counters;
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

interface Door {
  readonly key: string;
  readonly server: string;
  readonly listener: Listener;
  site: Site;
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
  const load = (): Loaded =>
    typeof from === "string"
      ? loadConfig(from, loadOptions)
      : { config: from, diagnostics: [], sources: new Map() };
  let loaded = load();
  if (loaded.config === undefined || hasErrors(loaded.diagnostics))
    throw new UnusableConfig(loaded);

  const counters = new Counters();
  const log = accessLog(
    options.log ?? "off",
    options.out ?? ((text) => void process.stdout.write(text)),
    options.color ?? false,
  );
  const setting = {
    debug: options.debug ?? false,
    access(record: AccessRecord) {
      counters.count(record);
      log.write(record);
      options.onAccess?.(record);
    },
  };
  let generation = compileGeneration(loaded.config, setting);
  let since = started;
  let reloadProblem: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;
  const adminSource: AdminSource = {
    status: () =>
      gatewayStatus({
        started,
        since,
        ready: !closed,
        reloadProblem,
        generation,
        addresses: addresses(),
        loaded,
        counters,
      }),
    metrics: () => renderPrometheus(counters, generation.number),
  };
  let doors: Door[] = [];
  let admin: AdminListener | undefined;
  const addresses = (): Listening[] => doors.map((door) => listening(door, generation));
  try {
    doors = await openDoors(generation, []);
    if (loaded.config.admin !== undefined)
      admin = await openAdmin(loaded.config.admin, adminSource);
  } catch (error) {
    for (const { listener } of doors) listener.destroy();
    retire(generation);
    throw error;
  }

  async function take(next: Loaded): Promise<ReloadOutcome> {
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
    if (closed) return outcome(false, "the gateway is closing");
    if (next.config === undefined) return outcome(false, next.unreadable);
    const before = generation;
    let fresh: Generation | undefined;
    let opened: Door[] = [];
    try {
      fresh = compileGeneration(next.config, setting, before);
      // New addresses are bound before anything else happens: where one cannot be had, all stays.
      opened = await openDoors(fresh, doors);
      const kept = new Set(opened);
      const gone = doors.filter((door) => !kept.has(door));
      const adminMoved = !isSameAdmin(before.config.admin, next.config.admin);
      const newAdmin =
        adminMoved && next.config.admin !== undefined
          ? await openAdmin(next.config.admin, adminSource)
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
      return outcome(false, describe(error));
    }
  }

  const reload = (config?: Config): Promise<ReloadOutcome> => {
    // One after the other: two at once would bind the same address twice.
    const result = turn.then(() =>
      take(config === undefined ? load() : { config, diagnostics: [], sources: new Map() }),
    );
    turn = result.catch(() => undefined);
    return result;
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
    counters,
    reload,
    async close(grace = drainGrace) {
      if (closed) return;
      closed = true;
      stopWatching?.();
      await turn;
      await Promise.all(doors.map((door) => drainDoor(door, grace)));
      admin?.close();
      for (const upstream of generation.upstreams.values()) upstream.destroy();
      log.flush();
    },
  };
}

const drainGrace = 30_000;

async function drainDoor({ listener }: Door, grace: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, grace);
  });
  const drained = listener.drain();
  await Promise.race([drained, late]);
  clearTimeout(timer);
  listener.destroy();
}

/** The doors of a generation; those that are open already are used again. */
async function openDoors(generation: Generation, open: readonly Door[]): Promise<Door[]> {
  const result: Door[] = [];
  try {
    for (const server of generation.config.servers) {
      for (const [index, address] of server.addresses.entries()) {
        const key = doorKey(server, address, index);
        const known = open.find((door) => door.key === key);
        result.push(known ?? (await openDoor(generation, server, address, key)));
      }
    }
  } catch (error) {
    for (const door of result) if (!open.includes(door)) door.listener.destroy();
    throw error;
  }
  return result;
}

async function openDoor(
  generation: Generation,
  server: ServerConfig,
  address: Address,
  key: string,
): Promise<Door> {
  const door = { key, server: server.name } as { -readonly [K in keyof Door]: Door[K] };
  const reception: Reception = {
    visit: (arrival, reply) => new Walk(door.site, arrival, reply),
    unparsed(status) {
      // No head, hence no origin and no location; a policy that answers `*` answers it here too.
      const { site } = door;
      const decision = site.fallback.decide(
        { method: "GET", url: "http://0.0.0.0/", headers: [] },
        "/",
      );
      const [error, message] = unparsedText[status];
      const vary =
        decision === undefined || decision.vary.length === 0
          ? []
          : [["Vary", decision.vary.join(", ")] as const];
      return ownAnswer(status, error, message, newRequestId(), [
        ...vary,
        ...(decision?.headers ?? []),
      ]);
    },
  };
  door.listener = await listenNode({
    server,
    address,
    limits: generation.config.limits,
    reception,
  });
  door.site = generation.site(server, door.listener.address.port);
  return door;
}

function point(door: Door, generation: Generation): void {
  const server = generation.config.servers.find(({ name }) => name === door.server);
  if (server === undefined) return;
  door.listener.configure(server, generation.config.limits);
  door.site = generation.site(server, door.listener.address.port);
}

// Port 0 is another port each time, so such an address is known by its place.
function doorKey(server: ServerConfig, { host, port }: Address, index: number): string {
  const scheme = server.tls === undefined ? "http" : "https";
  return `${server.name} ${scheme} ${host} ${port === 0 ? `0#${index}` : port}`;
}

function listening(door: Door, generation: Generation): Listening {
  const { host, port } = door.listener.address;
  const server = generation.config.servers.find(({ name }) => name === door.server);
  return named(door.server, server?.tls === undefined ? "http" : "https", host, port);
}

function named(server: string, scheme: "http" | "https", host: string, port: number): Listening {
  const shown = host === "" ? "0.0.0.0" : host.includes(":") ? `[${host}]` : host;
  return { server, host, port, url: `${scheme}://${shown}:${port}` };
}

function isSameAdmin(a: Config["admin"], b: Config["admin"]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const unparsedText = {
  400: ["bad_request", "These bytes are no HTTP request that this gateway takes."],
  408: ["request_timeout", "The request's head did not come in time."],
  431: ["request_header_fields_too_large", "The request's head is larger than this gateway takes."],
} as const;
