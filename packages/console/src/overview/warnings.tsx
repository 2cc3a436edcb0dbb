// What the configuration's check says about what is served.

import type { Diagnostic } from "../api/shapes.ts";
import { DiagnosticView } from "../look/diagnostic-view.tsx";

export function Warnings({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) {
  const warnings = diagnostics.filter(({ severity }) => severity !== "info");
  const notes = diagnostics.filter(({ severity }) => severity === "info");
  if (diagnostics.length === 0) return null;
  if (warnings.length === 0)
    return (
      <details class="card">
        <summary>
          {notes.length === 1 ? "One note" : `${notes.length} notes`} about the policies
        </summary>
        <div>
          {notes.map((one) => (
            <DiagnosticView key={one.code + one.path} diagnostic={one} />
          ))}
        </div>
      </details>
    );
  return (
    <section class="card" aria-labelledby="warnings">
      <h2 id="warnings">{warnings.length === 1 ? "One warning" : `${warnings.length} warnings`}</h2>
      {warnings.map((one) => (
        <DiagnosticView key={one.code + one.path} diagnostic={one} />
      ))}
      {notes.length > 0 && (
        <details>
          <summary>{notes.length} notes</summary>
          {notes.map((one) => (
            <DiagnosticView key={one.code + one.path} diagnostic={one} />
          ))}
        </details>
      )}
      <p>
        <a href="#/policies">Open the policies</a>
      </p>
    </section>
  );
}
