// A new policy: a name, and the smallest text that can be read.

import { useSignal } from "@preact/signals";
import { draft } from "./draft.ts";

interface Props {
  /** That are taken. */
  readonly names: readonly string[];
  readonly file: string;
  readonly made: (name: string) => void;
}

export function NewPolicy({ names, file, made }: Props) {
  const name = useSignal("");
  const trimmed = name.value.trim();
  const isTaken = names.includes(trimmed);
  const add = async (): Promise<void> => {
    await draft.edit(file, [
      { path: ["policies", trimmed, "allow_origins"], value: ["https://app.example.com"] },
    ]);
    made(trimmed);
    name.value = "";
  };
  return (
    <form
      class="inline"
      onSubmit={(event) => {
        event.preventDefault();
        if (trimmed !== "" && !isTaken) void add();
      }}
    >
      <label class="field">
        <span>New policy</span>
        <input
          value={name.value}
          placeholder="name"
          spellcheck={false}
          autocapitalize="off"
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </label>
      <button disabled={trimmed === "" || isTaken}>{isTaken ? "Taken" : "Add"}</button>
    </form>
  );
}
