// One field of a policy: its control, and what the check says about it.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Diagnostic } from "../api/shapes.ts";
import { DiagnosticView } from "../look/diagnostic-view.tsx";
import { shownText, writtenOf } from "./field-text.ts";
import type { FormField } from "./fields.ts";

interface Props {
  readonly field: FormField;
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined: the key is removed. */
  readonly set: (value: unknown) => void;
  readonly onFix: (diagnostic: Diagnostic) => void;
}

const pause = 400;

export function Field({ field, value, diagnostics, set, onFix }: Props) {
  const id = `field-${field.name}`;
  const isFaulty = diagnostics.some(({ severity }) => severity === "error");
  const described = `${id}-say`;
  return (
    <div class={`form-field${isFaulty ? " faulty" : ""}`} data-home>
      <div class="name">
        {field.kind === "switch" ? (
          <label class="switch">
            <input
              type="checkbox"
              id={id}
              aria-describedby={described}
              checked={value === true || value === "true"}
              onChange={(event) => set(switched(event.currentTarget.checked, value))}
            />{" "}
            <span>{field.label}</span>
          </label>
        ) : (
          <label for={id}>{field.label}</label>
        )}
        <code>{field.name}</code>
      </div>
      {typeof field.kind === "object" && (
        <select
          id={id}
          aria-describedby={described}
          value={value === undefined ? "" : String(value)}
          onChange={(event) => set(writtenOf("text", event.currentTarget.value, value))}
        >
          {field.kind.map((one) => (
            <option key={one} value={one}>
              {one === "" ? "default" : one}
            </option>
          ))}
        </select>
      )}
      {(field.kind === "lines" || field.kind === "list" || field.kind === "text") && (
        <Typed
          field={field}
          id={id}
          described={described}
          value={value}
          set={set}
          faulty={isFaulty}
        />
      )}
      <p class="quiet say" id={described}>
        {field.say}.
      </p>
      {diagnostics.map((one) => (
        <DiagnosticView key={one.code + one.path} diagnostic={one} onFix={onFix} />
      ))}
    </div>
  );
}

function switched(on: boolean, was: unknown): unknown {
  if (typeof was === "string") return String(on); // a header's name as key: its value is text
  return on ? true : was === undefined ? undefined : false;
}

/** What is typed is written after a pause; what arrives from the text is shown unless somebody types. */
function Typed({
  field: { kind },
  id,
  described,
  value,
  set,
  faulty,
}: Pick<Props, "field" | "value" | "set"> & {
  readonly id: string;
  readonly described: string;
  readonly faulty: boolean;
}) {
  const shown = shownText(kind, value);
  const text = useSignal(shown);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const last = useRef(shown);
  const latest = useRef({ set, value });
  latest.current = { set, value };
  useEffect(() => {
    if (timer.current !== undefined || shown === last.current) return;
    last.current = shown;
    if (shownText(kind, writtenOf(kind, text.value, value)) !== shown) text.value = shown;
  }, [shown]);
  const write = (): void => {
    if (timer.current === undefined) return;
    clearTimeout(timer.current);
    timer.current = undefined;
    const { value: was, set: put } = latest.current;
    const written = writtenOf(kind, text.value, was);
    if (JSON.stringify(written) === JSON.stringify(was)) return;
    last.current = shownText(kind, written);
    put(written);
  };
  useEffect(() => write, []);
  const type = (typed: string): void => {
    text.value = typed;
    clearTimeout(timer.current);
    timer.current = setTimeout(write, pause);
  };
  const common = {
    id,
    value: text.value,
    spellcheck: false,
    autocapitalize: "off",
    "aria-describedby": described,
    "aria-invalid": faulty,
    onBlur: write,
  } as const;
  return kind === "lines" ? (
    <textarea
      {...common}
      rows={Math.min(10, Math.max(3, text.value.split("\n").length + 1))}
      onInput={(event) => type(event.currentTarget.value)}
    />
  ) : (
    <input {...common} onInput={(event) => type(event.currentTarget.value)} />
  );
}
