// A running gateway: it serves the current generation, applies a new one, drains. Everything it applies,
// including the first configuration, is prepared completely before any of it is served.

import type { Config } from "../config/config.ts";
import type { Loaded } from "../config/load.ts";
import { openAdmin, type AdminListener, type State } from "../admin/admin.ts";
import type { Status } from "../admin/status.ts";
import { readCertificates } from "../engine/certificate.ts";
import { configHash } from "../load/config-hash.ts";
import { drainGrace, type Crew, type Prepared } from "../crew/crew.ts";
import { named, type Listening } from "../crew/door.ts";
import type { FileControl } from "./file-control.ts";
import type { Gateway, GatewayOptions, ReloadOutcome } from "./gateway.ts";
import { gatewayStatus } from "./gateway-status.ts";
import type { Blueprint } from "../crew/generation.ts";
import type { LoadedAside } from "../load/load-aside.ts";
import { describeSystemError } from "../crew/system-error.ts";
import { watchPath } from "../load/watch.ts";

export interface RunningOptions extends Pick<GatewayOptions, "admin" | "onReload"> {
  /** Reads the configuration again. */
  load(): Promise<LoadedAside>;
  /** Aborted when the gateway closes: the configuration being loaded is no longer needed. */
  readonly ending: AbortController;
  /** The console's control, for a gateway that runs from files. Made with the first admin listener. */
  readonly control?: (gateway: RunningGateway, crew: Crew) => FileControl;
}

/** A configuration that was loaded and can be served. */
export type LoadedConfig = Loaded & { readonly config: Config };

/** A configuration that needs only to be assigned. */
interface Ready {
  readonly blueprint: Blueprint;
  readonly loaded: LoadedConfig;
  readonly prepared: Prepared;
  /** Present if the admin listener changes. */
  readonly admin?: { readonly listener: AdminListener | undefined };
}

export class RunningGateway implements Gateway {
  readonly #crew: Crew;
  readonly #options: RunningOptions;
  readonly #started = new Date().toISOString();
  readonly #reloads = { taken: 0, refused: 0 };
  #blueprint: Blueprint;
  #loaded: Loaded;
  #addresses: readonly Listening[] = [];
  #since = this.#started;
  #reloadProblem: string | undefined;
  #adminConfig: Config["admin"];
  #admin: AdminListener | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** A reload that has not begun yet: it will read whatever changes until then. */
  #waiting: Promise<ReloadOutcome> | undefined;
  #stopWatching: (() => void) | undefined;
  #closed = false;
  #control: FileControl | undefined;

  constructor(crew: Crew, options: RunningOptions, first: LoadedConfig, hash?: string) {
    this.#crew = crew;
    this.#options = options;
    this.#blueprint = draw(1, first.config, hash);
    this.#loaded = first;
  }

  get addresses(): readonly Listening[] {
    return this.#addresses;
  }

  get admin(): Listening | undefined {
    if (this.#admin === undefined) return undefined;
    return named("admin", "http", this.#admin.host, this.#admin.port);
  }

  get generation(): Gateway["generation"] {
    return { number: this.#blueprint.number, hash: this.#blueprint.hash };
  }

  get config(): Config {
    return this.#blueprint.config;
  }

  get diagnostics(): Gateway["diagnostics"] {
    return this.#loaded.diagnostics;
  }

  get sources(): Gateway["sources"] {
    return this.#loaded.sources;
  }

  /** Rejects with the system's error if an address is not available; everything is then closed. */
  async start(): Promise<void> {
    let ready: Ready;
    try {
      ready = await this.#prepare(this.#blueprint, this.#loaded as LoadedConfig);
    } catch (error) {
      await this.#crew.close(0);
      throw error;
    }
    await this.#commit(ready);
  }

  /** Applies changes of the file or directory automatically. */
  async watch(path: string): Promise<void> {
    const stop = await watchPath(path, () => void this.reload());
    if (this.#closed) stop();
    else this.#stopWatching = stop;
  }

  async close(grace = drainGrace): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWatching?.();
    this.#options.ending.abort(new Error(closing));
    await this.#turn;
    await this.#crew.close(grace);
    this.#admin?.close();
    this.#control?.close();
  }

  async status(): Promise<Status> {
    return gatewayStatus({
      started: this.#started,
      since: this.#since,
      processes: this.#crew.processes,
      ready: this.#state() === "ok",
      reloadProblem: this.#reloadProblem,
      reloads: this.#reloads,
      tally: await this.#crew.tally(),
      blueprint: this.#blueprint,
      addresses: this.#addresses,
      loaded: this.#loaded,
    });
  }

  reload(): Promise<ReloadOutcome> {
    return (this.#waiting ??= this.#inTurn(() => {
      this.#waiting = undefined;
      return this.#options.load();
    }));
  }

  // One after the other: two at once would bind the same address twice.
  #inTurn(load: () => Promise<LoadedAside>): Promise<ReloadOutcome> {
    const result = this.#turn
      .then(load)
      .catch((error: unknown) => unreadable(describeSystemError(error)))
      .then((loaded) => this.#take(loaded));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #take({ loaded, hash }: LoadedAside): Promise<ReloadOutcome> {
    if (this.#closed) return this.#outcome(loaded, false, closing);
    const { config } = loaded;
    if (config === undefined) return this.#outcome(loaded, false, loaded.unreadable);
    let ready: Ready;
    try {
      const blueprint = draw(this.#blueprint.number + 1, config, hash);
      ready = await this.#prepare(blueprint, { ...loaded, config });
    } catch (error) {
      return this.#outcome(loaded, false, describeSystemError(error));
    }
    await this.#commit(ready);
    return this.#outcome(loaded, true);
  }

  /** Changes nothing. Rejects with the reason if the configuration cannot be served. */
  async #prepare(blueprint: Blueprint, loaded: LoadedConfig): Promise<Ready> {
    const prepared = await this.#crew.prepare(blueprint);
    try {
      if (this.#closed) throw new Error(closing);
      const { admin: wanted } = loaded.config;
      if (isSameAdmin(this.#adminConfig, wanted)) return { blueprint, loaded, prepared };
      return { blueprint, loaded, prepared, admin: { listener: await this.#openAdmin(wanted) } };
    } catch (error) {
      prepared.abort();
      throw error;
    }
  }

  /** Assigned at once; resolves when every process serves it. */
  async #commit({ blueprint, loaded, prepared, admin }: Ready): Promise<void> {
    const committed = prepared.commit();
    this.#blueprint = blueprint;
    this.#loaded = loaded;
    this.#addresses = prepared.addresses;
    this.#since = new Date().toISOString();
    if (admin !== undefined) {
      this.#admin?.close();
      this.#admin = admin.listener;
      this.#adminConfig = loaded.config.admin;
    }
    this.#control?.committed();
    await committed;
  }

  async #openAdmin(config: Config["admin"]): Promise<AdminListener | undefined> {
    if (config === undefined || this.#options.admin === false) return undefined;
    const control = (this.#control ??= this.#options.control?.(this, this.#crew));
    return openAdmin(config, {
      state: () => this.#state(),
      status: () => this.status(),
      ...(control && { control }),
    });
  }

  #outcome(loaded: Loaded, ok: boolean, problem?: string): ReloadOutcome {
    const { diagnostics, sources } = loaded;
    if (ok) this.#reloads.taken++;
    else this.#reloads.refused++;
    this.#reloadProblem = ok
      ? undefined
      : (problem ?? diagnostics.find(({ severity }) => severity === "error")?.message);
    const outcome = {
      ok,
      generation: this.generation,
      diagnostics,
      sources,
      ...(problem !== undefined && { problem }),
    };
    this.#options.onReload?.(outcome);
    return outcome;
  }

  #state(): State {
    if (this.#closed) return "draining";
    return this.#crew.processes.length > 0 ? "ok" : "down";
  }
}

const closing = "the gateway is closing";

function draw(number: number, config: Config, hash = configHash(config)): Blueprint {
  return { number, hash, config, certificates: readCertificates(config) };
}

function unreadable(reason: string): LoadedAside {
  return { loaded: { diagnostics: [], sources: new Map(), unreadable: reason } };
}

function isSameAdmin(a: Config["admin"], b: Config["admin"]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
