// The console's control over a gateway that runs from files: check, save, serve, go back.

import { createHash } from "node:crypto";
import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { quote, type Diagnostic } from "@corsway/cors/diagnostics";
import type { Checked, ConfigFile, ConfigText, Control, Saved } from "../admin/control.ts";
import type { Config } from "../config/config.ts";
import { describeEffective } from "../config/effective.ts";
import { loadConfig, type LoadOptions } from "../config/load.ts";
import type { Crew } from "../crew/crew.ts";
import { describeSystemError } from "../crew/system-error.ts";
import { History, type Cause } from "../store/history.ts";
import type { ReloadOutcome } from "./gateway.ts";

/** What the control needs of the gateway that it belongs to. */
export interface Controlled {
  readonly config: Config;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  readonly generation: { readonly hash: string };
  reload(): Promise<ReloadOutcome>;
}

export class FileControl implements Control {
  readonly #gateway: Controlled;
  readonly #crew: Crew;
  readonly #path: string;
  readonly #options: LoadOptions;
  readonly #history: History;
  /** One save at a time: two would each check against a state that the other changes. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Why the next generation is served. */
  #cause: Cause = "start";

  constructor(
    gateway: Controlled,
    crew: Crew,
    from: string,
    options: LoadOptions,
    historyFile: string | undefined,
  ) {
    this.#gateway = gateway;
    this.#crew = crew;
    this.#path = from;
    this.#options = options;
    this.#history = openHistory(historyFile);
  }

  /** A generation is served: it becomes history. */
  committed(): void {
    this.#history.add(this.#gateway.generation.hash, this.#cause, this.#served());
    this.#cause = "file";
  }

  close(): void {
    this.#history.close();
  }

  served(): ReturnType<Control["served"]> {
    const { config, diagnostics } = this.#gateway;
    return { effective: describeEffective(config), diagnostics };
  }

  async hour(): ReturnType<Control["hour"]> {
    return (await this.#crew.tally()).hour;
  }

  decisions(after: ReadonlyMap<string, number>): ReturnType<Control["decisions"]> {
    return this.#crew.recent(after);
  }

  config(): ConfigText {
    const files = [...this.#places()].map(([name, place]) => ({ name, text: textOf(place) }));
    return { files, etag: etagOf(files) };
  }

  check(files: readonly ConfigFile[]): Checked {
    const { config, diagnostics } = this.#load(files);
    return {
      ok: config !== undefined,
      diagnostics,
      ...(config && { effective: describeEffective(config) }),
    };
  }

  save(files: readonly ConfigFile[], etag: string): Promise<Saved> {
    return this.#inTurn(() => this.#save(files, etag, "console"));
  }

  history(): ReturnType<Control["history"]> {
    return this.#history.list();
  }

  revision(number: number): ReturnType<Control["revision"]> {
    return this.#history.find(number);
  }

  rollback(number: number, etag: string): Promise<Saved | undefined> {
    return this.#inTurn(async () => {
      const revision = this.#history.find(number);
      return revision && this.#save(revision.files, etag, "rollback");
    });
  }

  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(job);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #save(files: readonly ConfigFile[], etag: string, cause: Cause): Promise<Saved> {
    const before = this.config();
    if (before.etag !== etag) return { outcome: "conflict", config: before };
    const places = this.#places();
    const foreign = files.find(({ name }) => !places.has(name));
    if (foreign !== undefined)
      return {
        outcome: "refused",
        diagnostics: [],
        problem: `${quote(foreign.name)} is not a file of the configuration that is served`,
      };
    const { config, diagnostics } = this.#load(files);
    if (config === undefined) return { outcome: "refused", diagnostics };
    const written: ConfigFile[] = [];
    try {
      for (const file of files) {
        const place = places.get(file.name)!;
        const text = textOf(place);
        if (text === file.text) continue;
        replaceFile(place, file.text);
        written.push({ name: file.name, text });
      }
      this.#cause = cause;
      const { ok, problem, diagnostics: faults } = await this.#gateway.reload();
      if (ok) return { outcome: "saved", config: this.config(), diagnostics: faults };
      for (const { name, text } of written) replaceFile(places.get(name)!, text);
      return { outcome: "refused", diagnostics: faults, ...(problem !== undefined && { problem }) };
    } catch (error) {
      for (const { name, text } of written) replaceFile(places.get(name)!, text);
      return { outcome: "refused", diagnostics: [], problem: describeSystemError(error) };
    } finally {
      this.#cause = "file";
    }
  }

  #load(files: readonly ConfigFile[]): ReturnType<typeof loadConfig> {
    const places = this.#places();
    const texts = new Map<string, string>();
    for (const { name, text } of files) {
      const place = places.get(name);
      if (place !== undefined) texts.set(place, text);
    }
    return loadConfig(this.#path, { ...this.#options, texts });
  }

  /** Name → absolute path, of what is served. */
  #places(): ReadonlyMap<string, string> {
    const { config, sources } = this.#gateway;
    return new Map([...sources.keys()].map((name, index) => [name, config.files[index]!]));
  }

  #served(): readonly ConfigFile[] {
    return [...this.#gateway.sources].map(([name, text]) => ({ name, text }));
  }
}

/** In memory where the file is not available: a console without a history of yesterday still works. */
function openHistory(file: string | undefined): History {
  if (file === undefined) return new History();
  try {
    return new History(file);
  } catch {
    return new History();
  }
}

function etagOf(files: readonly ConfigFile[]): string {
  return createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 32);
}

function textOf(place: string): string {
  try {
    return readFileSync(place, "utf8");
  } catch {
    return ""; // removed meanwhile: the etag changes, so a save meets a conflict
  }
}

/** At once, whatever reads it meanwhile; a link stays a link, and the mode stays. */
function replaceFile(place: string, text: string): void {
  const real = realpathSync(place);
  const fresh = path.join(path.dirname(real), `.${path.basename(real)}.${process.pid}.tmp`);
  writeFileSync(fresh, text, { mode: statSync(real).mode & 0o777 });
  renameSync(fresh, real);
}
