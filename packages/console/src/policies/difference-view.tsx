// A difference of two texts, with a few lines around each change.

import { lineDifference, type DifferenceLine } from "./line-difference.ts";

const around = 2;
const signs = { same: " ", removed: "−", added: "+" } as const;

export function DifferenceView({
  before,
  after,
  label,
}: {
  readonly before: string;
  readonly after: string;
  readonly label: string;
}) {
  if (before === after) return <p class="quiet">No difference.</p>;
  const shown = nearChanges(lineDifference(before, after));
  return (
    <pre class="difference" tabIndex={0} role="region" aria-label={label}>
      {shown.map((line, index) =>
        line === undefined ? (
          <span key={index} class="gap">
            {"⋯\n"}
          </span>
        ) : (
          <span key={index} class={line.kind}>
            <span class="sign">{signs[line.kind]}</span> {line.text}
            {"\n"}
          </span>
        ),
      )}
    </pre>
  );
}

/** Undefined: lines were left out here. */
function nearChanges(lines: readonly DifferenceLine[]): readonly (DifferenceLine | undefined)[] {
  const keep = lines.map((_, index) =>
    lines
      .slice(Math.max(0, index - around), index + around + 1)
      .some(({ kind }) => kind !== "same"),
  );
  return lines.flatMap((line, index) =>
    keep[index] === true ? [line] : index > 0 && keep[index - 1] === true ? [undefined] : [],
  );
}
