// The editor of a file (CodeMirror). It lives in a shadow root: there its styles are constructed sheets,
// which the page's content security policy allows, and not <style> elements, which it does not.

import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState, type Text } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Diagnostic } from "../api/shapes.ts";
import { keysOf, valuesOf, type FileSchema, type Offer } from "./schema-keys.ts";

export interface TextEditor {
  /** Shows another text; what did not change keeps the cursor and the scroll position. */
  show(text: string): void;
  mark(diagnostics: readonly Diagnostic[]): void;
  end(): void;
}

interface Opened {
  readonly name: string;
  readonly text: string;
  /** What a person typed. */
  readonly typed: (text: string) => void;
  /** Names of policies, for what follows `cors =`. */
  readonly names: () => readonly string[];
  /** The schema of the file; absent where it is not there yet. */
  readonly schema: () => FileSchema | undefined;
}

const fromOutside = Annotation.define<boolean>();

const theme = EditorView.theme({
  "&": {
    color: "var(--ink)",
    backgroundColor: "var(--paper)",
    border: "1px solid var(--line)",
    borderRadius: "4px",
    fontSize: "13px",
    height: "calc(100vh - 9rem)",
    minHeight: "24rem",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": {
    color: "var(--quiet)",
    backgroundColor: "var(--card)",
    borderRight: "1px solid var(--line)",
  },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent) !important",
  },
  ".cm-tooltip": {
    color: "var(--ink)",
    backgroundColor: "var(--card)",
    border: "1px solid var(--line)",
    maxWidth: "30rem",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    color: "var(--card)",
    backgroundColor: "var(--accent)",
  },
});

const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.bool, tags.atom, tags.number], color: "var(--warn)" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: tags.heading, fontWeight: "600" },
]);

export function openEditor(
  place: HTMLElement,
  { name, text, typed, names, schema }: Opened,
): TextEditor {
  const root = place.shadowRoot ?? place.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        lintGutter(),
        autocompletion({ override: [(context) => completions(context, names(), schema())] }),
        // No Tab for indenting: whoever uses the keyboard must get out again.
        keymap.of([...defaultKeymap, ...historyKeymap]),
        StreamLanguage.define(toml),
        syntaxHighlighting(colours),
        theme,
        EditorView.contentAttributes.of({ "aria-label": `Text of ${name}`, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          const isOurs = update.transactions.some((one) => one.annotation(fromOutside) === true);
          if (update.docChanged && !isOurs) typed(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    show(next) {
      const now = view.state.doc.toString();
      if (now === next) return;
      let from = 0;
      while (from < now.length && from < next.length && now[from] === next[from]) from++;
      let [to, end] = [now.length, next.length];
      while (to > from && end > from && now[to - 1] === next[end - 1])
        [to, end] = [to - 1, end - 1];
      view.dispatch({
        changes: { from, to, insert: next.slice(from, end) },
        annotations: fromOutside.of(true),
      });
    },
    mark(diagnostics) {
      const { doc } = view.state;
      view.dispatch(
        setDiagnostics(
          view.state,
          diagnostics.flatMap(({ at, severity, message, why }) => {
            if (at === undefined || at.file !== name || at.line > doc.lines) return [];
            const from = offsetOf(doc, at.line, at.column);
            const to = offsetOf(doc, at.endLine ?? at.line, at.endColumn ?? at.column + 1);
            return [{ from, to: Math.max(from, to), severity, message: `${message}: ${why}` }];
          }),
        ),
      );
    },
    end: () => view.destroy(),
  };
}

/** Lines and columns count from 1; the text may have become shorter since. */
function offsetOf(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.min(line, doc.lines));
  return Math.min(at.from + column - 1, at.to);
}

/** The keys of the table, the words that a key takes, and names of policies after `cors =`. */
function completions(
  context: CompletionContext,
  names: readonly string[],
  schema: FileSchema = {},
): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const named = /\bcors\s*=\s*\[?(?:[^\]]*,)?\s*"([^"]*)$/.exec(before);
  if (named !== null)
    return {
      from: context.pos - named[1]!.length,
      options: [...names, "upstream"].map((label) => ({ label, type: "constant" })),
    };
  const table = tableAt(context.state.doc, line.number) ?? "";
  const header = /^\s*\[([a-z_]*)$/.exec(before);
  if (header !== null)
    return {
      from: context.pos - header[1]!.length,
      options: keysOf(schema, "").map((offer) => completion(offer, "namespace")),
    };
  const valued = /^\s*([a-z_]+)\s*=\s*("?[\w-]*)$/.exec(before);
  if (valued !== null)
    return {
      from: context.pos - valued[2]!.length,
      options: valuesOf(schema, table, valued[1]!).map((offer) => completion(offer, "constant")),
    };
  const key = /^\s*([a-z_]*)$/.exec(before);
  if (key === null || (key[1] === "" && !context.explicit)) return null;
  return {
    from: context.pos - key[1]!.length,
    options: keysOf(schema, table).map((offer) =>
      completion(offer, "property", `${offer.label} = `),
    ),
  };
}

function completion({ label, info }: Offer, type: string, apply: string = label): Completion {
  return { label, type, apply, ...(info !== undefined && { info }) };
}

function tableAt(doc: Text, line: number): string | undefined {
  for (let at = line; at > 0; at--) {
    const header = /^\s*\[([^[\]]+)\]/.exec(doc.line(at).text);
    if (header !== null) return header[1]!.trim();
  }
  return undefined;
}
