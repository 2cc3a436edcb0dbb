// A note that says the same of many places is told once, at the first, and names the others: a
// configuration that moves in has one such key in every location.

import type { Diagnostic } from "@corsway/cors/diagnostics";

const LISTED = 4;

export function tellOnce(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const groups = new Map<string, Diagnostic[]>();
  const told: Diagnostic[][] = [];
  for (const diagnostic of diagnostics) {
    const { code, message, why } = diagnostic;
    const key = JSON.stringify([code, message, why]);
    const known = code === "pingap/ignored-key" ? groups.get(key) : undefined;
    if (known !== undefined) {
      known.push(diagnostic);
      continue;
    }
    const group = [diagnostic];
    groups.set(key, group);
    told.push(group);
  }
  return told.map(asOne);
}

function asOne([first, ...others]: readonly Diagnostic[]): Diagnostic {
  if (others.length === 0) return first!;
  const paths = others.slice(0, LISTED).map(({ path }) => `\`${path}\``);
  const more = others.length > LISTED ? ` and ${others.length - LISTED} more` : "";
  return { ...first!, also: [{ say: `the same holds for ${paths.join(", ")}${more}` }] };
}
