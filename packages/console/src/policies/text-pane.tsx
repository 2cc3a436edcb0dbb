// The same configuration as text. Typing here is read into the form.

import type { ConfigFile } from "../api/shapes.ts";
import { draft } from "./draft.ts";

export function TextPane({ file }: { readonly file: ConfigFile }) {
  return (
    <textarea
      class="toml"
      aria-label={`Text of ${file.name}`}
      spellcheck={false}
      autocapitalize="off"
      rows={30}
      value={file.text}
      onInput={(event) => draft.setText(file.name, event.currentTarget.value)}
    />
  );
}
