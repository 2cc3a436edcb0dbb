// One diagnostic: where, what, why, and the fix; as a button where there is exactly one safe change.

import type { Diagnostic } from "@corsway/cors/diagnostics";
import { Prose } from "./prose.tsx";

interface Props {
  readonly diagnostic: Diagnostic;
  /** Absent: the fix is only said. */
  readonly onFix?: (diagnostic: Diagnostic) => void;
}

const tones = { error: "bad", warning: "warn", info: "quiet" } as const;

export function DiagnosticView({ diagnostic, onFix }: Props) {
  const { code, severity, message, why, fix, at } = diagnostic;
  return (
    <div class={`diagnostic ${severity}`}>
      <p>
        <strong class={tones[severity]}>{severity}</strong> <Prose text={message} />{" "}
        <span class="quiet">
          {at !== undefined && `${at.file}:${at.line}:${at.column} `}
          <code>{code}</code>
        </span>
      </p>
      <p class="quiet">
        <Prose text={why} />
      </p>
      {fix !== undefined && (
        <p>
          {onFix !== undefined && fix.edit !== undefined ? (
            <button type="button" onClick={() => onFix(diagnostic)}>
              Fix: <Prose text={fix.say} />
            </button>
          ) : (
            <span class="good">
              Fix: <Prose text={fix.say} />
            </span>
          )}
        </p>
      )}
    </div>
  );
}
