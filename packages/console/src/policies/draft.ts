// The configuration as it is being edited: the files as they were read, the texts as they are now, what
// they would mean, and what became of saving. The texts are the truth; the form is read from them. It
// lives as long as the page, so that looking at another view loses nothing.

import { computed, signal } from "@preact/signals";
import { ApiFault, call } from "../api/client.ts";
import type { Checked, ConfigFile, ConfigText, Diagnostic } from "../api/shapes.ts";
import { bringTogether } from "./three-way.ts";

export interface ValueEdit {
  readonly path: readonly (string | number)[];
  /** Absent: the key is removed. */
  readonly value?: unknown;
}

const pause = 300;

class Draft {
  /** As on disk when they were read. */
  readonly base = signal<ConfigText | undefined>(undefined);
  readonly files = signal<readonly ConfigFile[]>([]);
  readonly checked = signal<Checked | undefined>(undefined);
  /** `checked` is about texts that have changed since. */
  readonly isChecking = signal(false);
  readonly isSaving = signal(false);
  readonly fault = signal<string | undefined>(undefined);
  /** Somebody else's files, where they changed since ours were read. */
  readonly conflict = signal<ConfigText | undefined>(undefined);
  readonly isSaved = signal(false);
  readonly isChanged = computed(() => {
    const base = this.base.value?.files ?? [];
    return this.files.value.some(({ text }, index) => text !== base[index]?.text);
  });
  #turn: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Reads the files, unless there are changes to lose. */
  async open(): Promise<void> {
    if (this.isChanged.value) return;
    try {
      this.#begin(await call<ConfigText>("GET", "/api/config"));
      this.fault.value = undefined;
      await this.#check();
    } catch (error) {
      this.fault.value = sayFault(error);
    }
  }

  setText(name: string, text: string): void {
    this.isSaved.value = false;
    this.files.value = this.files.value.map((file) => (file.name === name ? { name, text } : file));
    this.#checkSoon();
  }

  /** Changes values in place: comments, order and every other byte stay. One edit after the other. */
  edit(name: string, edits: readonly ValueEdit[]): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      const text = this.files.value.find((file) => file.name === name)?.text;
      if (text === undefined) return;
      try {
        const edited = await call<{ readonly text: string }>("POST", "/api/edit", {
          body: {
            text,
            edits: edits.map((edit) => ("value" in edit ? edit : { ...edit, remove: true })),
          },
        });
        this.fault.value = undefined;
        this.setText(name, edited.text);
      } catch (error) {
        this.fault.value = `This value could not be written: ${sayFault(error)}`;
      }
    });
    return this.#turn;
  }

  /** The one safe change that a diagnostic names. */
  applyFix({ fix }: Diagnostic): void {
    const edit = fix?.edit;
    const file = this.files.value.find(({ name }) => name === edit?.at.file);
    if (edit === undefined || file === undefined) return;
    const { line, column, endLine = line, endColumn = column } = edit.at;
    const from = offsetOf(file.text, line, column);
    const to = offsetOf(file.text, endLine, endColumn);
    this.setText(file.name, file.text.slice(0, from) + edit.text + file.text.slice(to));
  }

  discard(): void {
    this.conflict.value = undefined;
    this.files.value = this.base.value?.files ?? [];
    this.#checkSoon();
  }

  async save(): Promise<void> {
    const base = this.base.value;
    if (base === undefined) return;
    this.isSaving.value = true;
    try {
      await this.#turn;
      const changed = this.files.value.filter(({ text }, at) => text !== base.files[at]?.text);
      const saved = await call<ConfigText>("PUT", "/api/config", {
        body: { files: changed },
        etag: base.etag,
      });
      this.#begin(saved);
      this.conflict.value = undefined;
      this.fault.value = undefined;
      this.isSaved.value = true;
      await this.#check();
    } catch (error) {
      if (error instanceof ApiFault && error.status === 409)
        this.conflict.value = error.body as ConfigText;
      else this.fault.value = `Nothing was saved: ${sayFault(error)}`;
    } finally {
      this.isSaving.value = false;
    }
  }

  /** Ours on top of theirs, by lines; undefined: both changed the same lines. */
  together(): readonly ConfigFile[] | undefined {
    const [base, theirs] = [this.base.value, this.conflict.value];
    if (base === undefined || theirs === undefined) return undefined;
    const files: ConfigFile[] = [];
    for (const { name, text } of theirs.files) {
      const was = base.files.find((file) => file.name === name)?.text;
      const mine = this.files.value.find((file) => file.name === name)?.text;
      const merged =
        was === undefined || mine === undefined ? text : bringTogether(was, mine, text);
      if (merged === undefined) return undefined;
      files.push({ name, text: merged });
    }
    return files;
  }

  /** Goes on from their files, with these texts as the draft. */
  settle(files: readonly ConfigFile[]): void {
    const theirs = this.conflict.value;
    if (theirs === undefined) return;
    this.base.value = theirs;
    this.files.value = theirs.files.map(
      (file) => files.find(({ name }) => name === file.name) ?? file,
    );
    this.conflict.value = undefined;
    this.#checkSoon();
  }

  #begin(config: ConfigText): void {
    this.base.value = { etag: config.etag, files: config.files };
    this.files.value = config.files;
  }

  #checkSoon(): void {
    this.isChecking.value = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), pause);
  }

  async #check(): Promise<void> {
    const files = this.files.value;
    this.isChecking.value = true;
    try {
      const checked = await call<Checked>("POST", "/api/check", { body: { files } });
      if (this.files.value !== files) return;
      this.checked.value = checked;
    } catch (error) {
      this.fault.value = `The texts could not be checked: ${sayFault(error)}`;
    }
    if (this.files.value === files) this.isChecking.value = false;
  }
}

export const draft: Draft = new Draft();

addEventListener("beforeunload", (event) => {
  if (draft.isChanged.value) event.preventDefault();
});

function sayFault(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Lines and columns count from 1. */
function offsetOf(text: string, line: number, column: number): number {
  let offset = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf("\n", offset);
    if (end < 0) return text.length;
    offset = end + 1;
  }
  return Math.min(offset + column - 1, text.length);
}
