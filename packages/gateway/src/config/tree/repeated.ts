// Equal notes about many places become one, at the first place, which names the others: files from Pingap
// have the same key in every location.

import type { Diagnostic } from "@corsway/cors/diagnostics";

const mostListed = 4;

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
  const paths = others.slice(0, mostListed).map(({ path }) => `\`${path}\``);
  const more = others.length > mostListed ? ` and ${others.length - mostListed} more` : "";
  return { ...first!, also: [{ say: `the same applies to ${paths.join(", ")}${more}` }] };
}
