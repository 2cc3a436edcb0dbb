// The same configuration as text. What is typed here is read into the form. The editor is loaded when the
// view is opened; until then, and where that fails, a plain field does the same.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { call } from "../api/client.ts";
import type { ConfigFile } from "../api/shapes.ts";
import { draft } from "./draft.ts";
import type { FileSchema } from "./schema-keys.ts";
import type { TextEditor } from "./text-editor.ts";
import { policyPlaces } from "./tree.ts";

export function TextPane({ file }: { readonly file: ConfigFile }) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<TextEditor | undefined>(undefined);
  const isOpen = useSignal(false);
  const { name } = file;
  const diagnostics = draft.checked.value?.diagnostics;
  useEffect(() => {
    let over = false;
    let schema: FileSchema | undefined;
    // Without it the editor works and offers less.
    call<FileSchema>("GET", "/api/schema").then(
      (read) => (schema = read),
      () => undefined,
    );
    import("./text-editor.ts").then(
      ({ openEditor }) => {
        if (over || place.current === null) return;
        const text = draft.files.value.find((one) => one.name === name)?.text ?? "";
        editor.current = openEditor(place.current, {
          name,
          text,
          typed: (typed) => draft.setText(name, typed),
          schema: () => schema,
          names: () => policyPlaces(draft.files.value).map(({ title }) => title),
        });
        isOpen.value = true;
      },
      () => undefined,
    );
    return () => {
      over = true;
      editor.current?.end();
    };
  }, []);
  useEffect(() => editor.current?.show(file.text), [file.text, isOpen.value]);
  useEffect(() => editor.current?.mark(diagnostics ?? []), [diagnostics, isOpen.value]);
  return (
    <>
      <div ref={place} />
      {!isOpen.value && (
        <textarea
          class="toml"
          aria-label={`Text of ${name}`}
          spellcheck={false}
          autocapitalize="off"
          rows={30}
          value={file.text}
          onInput={(event) => draft.setText(name, event.currentTarget.value)}
        />
      )}
    </>
  );
}
