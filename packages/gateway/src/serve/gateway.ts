// A gateway with a life: it listens, serves the generation of the moment, takes a new one, drains.

import { hasErrors, type Diagnostic } from "@corsway/cors";
import type { Config } from "../config/config.ts";
import type { Loaded } from "../config/load.ts";
import type { LogForm, LogOutlet } from "../observe/access-log.ts";
import type { AccessRecord } from "../observe/access-record.ts";
import { openAdmin, type AdminListener, type State } from "../admin/admin.ts";
import type { Status } from "../admin/status.ts";
import { readCertificates } from "./certificate.ts";
import { configHash } from "./config-hash.ts";
import { crewOfOne } from "./crew-of-one.ts";
import { drainGrace, type Crew, type Prepared } from "./crew.ts";
import { named, type Listening } from "./door.ts";
import { gatewayStatus } from "./gateway-status.ts";
import type { Blueprint } from "./generation.ts";
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
  status(): Promise<Status>;
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
export function startGateway(
  from: string | Config,
  options: GatewayOptions = {},
): Promise<Gateway> {
  const { debug = false, log = "off", color = false, out = process.stdout } = options;
  return startGatewayOf(crewOfOne({ ...options, debug, log, color, out }), from, options);
}

/** As startGateway, with a crew that was made already, which has its own options for the log. */
export async function startGatewayOf(
  crew: Crew,
  from: string | Config,
  options: GatewayOptions,
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

  let blueprint = draw(1, loaded.config, first.hash);
  let addresses: readonly Listening[] = [];
  let since = started;
  const reloads = { taken: 0, refused: 0 };
  let reloadProblem: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;
  const state = (): State => (closed ? "draining" : crew.processes.length > 0 ? "ok" : "down");
  const status = async (): Promise<Status> =>
    gatewayStatus({
      started,
      since,
      processes: crew.processes,
      ready: state() === "ok",
      reloadProblem,
      reloads,
      tally: await crew.tally(),
      blueprint,
      addresses,
      loaded,
    });
  const telling = { state, status };
  const wantsAdmin = options.admin ?? true;
  const openWanted = async ({ admin: wanted }: Config): Promise<AdminListener | undefined> =>
    wantsAdmin && wanted !== undefined ? openAdmin(wanted, telling) : undefined;
  let admin: AdminListener | undefined;
  let prepared: Prepared | undefined;
  try {
    prepared = await crew.prepare(blueprint);
    ({ addresses } = prepared);
    admin = await openWanted(loaded.config);
  } catch (error) {
    prepared?.abort();
    await crew.close(0);
    throw error;
  }
  await prepared.commit();

  async function take({ loaded: next, hash }: LoadedAside): Promise<ReloadOutcome> {
    const outcome = (ok: boolean, problem?: string): ReloadOutcome => {
      if (ok) reloads.taken++;
      else reloads.refused++;
      reloadProblem = ok
        ? undefined
        : (problem ?? next.diagnostics.find(({ severity }) => severity === "error")?.message);
      const result = {
        ok,
        generation: { number: blueprint.number, hash: blueprint.hash },
        diagnostics: next.diagnostics,
        sources: next.sources,
        ...(problem !== undefined && { problem }),
      };
      options.onReload?.(result);
      return result;
    };
    if (closed) return outcome(false, closing);
    if (next.config === undefined) return outcome(false, next.unreadable);
    const adminMoved = !isSameAdmin(blueprint.config.admin, next.config.admin);
    let fresh: Blueprint;
    let prepared: Prepared | undefined;
    let newAdmin: AdminListener | undefined;
    try {
      fresh = draw(blueprint.number + 1, next.config, hash);
      prepared = await crew.prepare(fresh);
      if (closed) throw new Error(closing);
      if (adminMoved) newAdmin = await openWanted(next.config);
    } catch (error) {
      prepared?.abort();
      return outcome(false, describeSystemError(error));
    }
    const committed = prepared.commit();
    blueprint = fresh;
    loaded = next;
    ({ addresses } = prepared);
    since = new Date().toISOString();
    if (adminMoved) {
      admin?.close();
      admin = newAdmin;
    }
    await committed;
    return outcome(true);
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
  /** A reload that has not begun yet: it will read whatever has changed until it does. */
  let waiting: Promise<ReloadOutcome> | undefined;
  const reload = (config?: Config): Promise<ReloadOutcome> => {
    if (config !== undefined) {
      waiting = undefined; // a reload asked for later comes after this one
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
      return addresses;
    },
    get admin() {
      if (admin === undefined) return undefined;
      return named("admin", "http", admin.host, admin.port);
    },
    get generation() {
      return { number: blueprint.number, hash: blueprint.hash };
    },
    get config() {
      return blueprint.config;
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
      await crew.close(grace);
      admin?.close();
    },
  };
}

const closing = "the gateway is closing";

function draw(number: number, config: Config, hash = configHash(config)): Blueprint {
  return { number, hash, config, certificates: readCertificates(config) };
}

function given(config: Config): LoadedAside {
  return { loaded: { config, diagnostics: [], sources: new Map() } };
}

function unreadable(reason: string): LoadedAside {
  return { loaded: { diagnostics: [], sources: new Map(), unreadable: reason } };
}

function isSameAdmin(a: Config["admin"], b: Config["admin"]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
