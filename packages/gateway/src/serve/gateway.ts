// The gateway as a program uses it: its options, and what it offers.

import type { Shortage } from "../engine/engine.ts";
import type { Diagnostic } from "@corsway/cors";
import type { LogForm, LogOutlet } from "../observe/access-log.ts";
import type { AccessRecord } from "../observe/access-record.ts";
import type { Status } from "../admin/status.ts";
import type { Listening } from "../crew/door.ts";

/** How a gateway is started; every option may be left out. */
export interface GatewayOptions {
  /** `--env NAME`. */
  readonly env?: string;
  /**
   * The directory to which file names in diagnostics are relative.
   * @default the process's directory
   */
  readonly base?: string;
  /**
   * Whether to apply changes of the file or directory automatically.
   * @default true
   */
  readonly watch?: boolean;
  /**
   * Whether responses carry a Corsway-Decision header.
   * @default false
   */
  readonly debug?: boolean;
  /**
   * Whether to open the admin listener that the configuration names.
   * @default true
   */
  readonly admin?: boolean;
  /**
   * The SQLite file in which the console keeps the history of the configuration.
   * @default in memory, for as long as the gateway runs
   */
  readonly history?: string;
  /**
   * The format of the access log.
   * @default "off"
   */
  readonly log?: LogForm;
  readonly color?: boolean;
  /**
   * Where the access log is written. The caller must listen for its `error` events. Lines that it does
   * not accept are dropped, and counted on the admin listener.
   * @default stdout
   */
  readonly out?: LogOutlet;
  /** Called the first time that lines are dropped: with the error, or without one if the reader has stalled. */
  readonly onLogLoss?: (error?: Error) => void;
  /** Called the first time that a connection is rejected. */
  readonly onShortage?: (shortage: Shortage) => void;
  /** Called for each finished request, in addition to the log. */
  readonly onAccess?: (record: AccessRecord) => void;
  /** Called after each attempt to apply a changed configuration. */
  readonly onReload?: (outcome: ReloadOutcome) => void;
}

/** What became of one attempt to apply a changed configuration. */
export interface ReloadOutcome {
  readonly ok: boolean;
  readonly generation: { readonly number: number; readonly hash: string };
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** Why it could not be applied, if no diagnostic says so: an address in use, a missing file. */
  readonly problem?: string;
}

/** A running gateway, as startGateway gives it. */
export interface Gateway {
  /** The listening addresses, with the ports that the system chose for port 0. */
  readonly addresses: readonly Listening[];
  readonly admin: Listening | undefined;
  readonly generation: { readonly number: number; readonly hash: string };
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** What the admin listener shows. */
  status(): Promise<Status>;
  /** Reads the path again. A configuration with errors changes nothing. */
  reload(): Promise<ReloadOutcome>;
  /**
   * Drains: accepts no new connections and finishes requests in progress.
   * @param grace milliseconds to wait at most; 30 s by default
   */
  close(grace?: number): Promise<void>;
}

/** The configuration has errors, or could not be read; nothing was started. */
export class UnusableConfig extends Error {
  override readonly name = "UnusableConfig";
  readonly diagnostics: readonly Diagnostic[];
  /** The text of each file that was read, by its name in diagnostics. */
  readonly sources: ReadonlyMap<string, string>;
  /** Why the path itself could not be read (missing, no permission). */
  readonly unreadable?: string;

  constructor({ diagnostics, sources, unreadable }: Omit<UnusableConfig, keyof Error>) {
    super(
      unreadable ??
        diagnostics
          .filter(({ severity }) => severity === "error")
          .map(({ at, message }) =>
            at === undefined ? message : `${at.file}:${at.line}: ${message}`,
          )
          .join("\n"),
    );
    this.diagnostics = diagnostics;
    this.sources = sources;
    if (unreadable !== undefined) this.unreadable = unreadable;
  }
}
