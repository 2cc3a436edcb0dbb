// The gateway as a program has it: what it is started with, and what can be asked of it.

import type { Shortage } from "../engine/engine.ts";
import type { Diagnostic } from "@corsway/cors";
import type { LogForm, LogOutlet } from "../observe/access-log.ts";
import type { AccessRecord } from "../observe/access-record.ts";
import type { Status } from "../admin/status.ts";
import type { Listening } from "../crew/door.ts";

export interface GatewayOptions {
  /** `--env NAME`. */
  readonly env?: string;
  /** The directory that file names in diagnostics are relative to. Default: the process's. */
  readonly base?: string;
  /** Take changes of the file or directory by themselves. Default: true. */
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
  /** The first time that a connection is turned away. */
  readonly onShortage?: (shortage: Shortage) => void;
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
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** What the admin listener tells. */
  status(): Promise<Status>;
  /** Reads the path again. A configuration with faults changes nothing. */
  reload(): Promise<ReloadOutcome>;
  /** Drains: no new connections, requests under way are finished, at most `grace` ms (30 s). */
  close(grace?: number): Promise<void>;
}

/** The configuration has faults, or could not be read; nothing was started. */
export class UnusableConfig extends Error {
  override readonly name = "UnusableConfig";
  readonly diagnostics: readonly Diagnostic[];
  /** The text of each file that was read, by the name that diagnostics use. */
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
