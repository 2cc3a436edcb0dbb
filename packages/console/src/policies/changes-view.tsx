// What a change means: what opens, what closes, at which places.

import type { EffectiveChange } from "../api/shapes.ts";
import { writtenValue } from "../look/written-value.ts";

const headings = {
  opens: "What opens",
  closes: "What closes",
  changes: "What else changes",
} as const;

interface Group {
  readonly key: string;
  readonly change: EffectiveChange;
  readonly places: string[];
}

export function ChangesView({ changes }: { readonly changes: readonly EffectiveChange[] }) {
  if (changes.length === 0) return <p class="quiet">No page can do more or less than before.</p>;
  return (
    <>
      {(["opens", "closes", "changes"] as const).map((what) => {
        const groups = grouped(changes.filter((change) => change.what === what));
        if (groups.length === 0) return null;
        return (
          <section key={what} class={`change-group ${what}`}>
            <h3>{headings[what]}</h3>
            <ul>
              {groups.map(({ key, change, places }) => (
                <li key={key}>
                  <Says change={change} />
                  <span class="quiet"> at {places.join(", ")}</span>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

/** One policy at many places is one change. */
function grouped(changes: readonly EffectiveChange[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const change of changes) {
    const { field, before, after, server, location } = change;
    const key = JSON.stringify([field, before, after]);
    const place = location ?? `${server}, anything else`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { key, change, places: [place] });
    else known.places.push(place);
  }
  return [...groups.values()];
}

function Says({ change: { field, what, before, after } }: { readonly change: EffectiveChange }) {
  const listed = before === null || after === null;
  const value = writtenValue(after ?? before);
  if (field === "allow_origins" && listed)
    return (
      <>
        Pages of <code>{value}</code>{" "}
        {what === "opens" ? "can read responses" : "can no longer read responses"}
      </>
    );
  if (listed && what !== "changes")
    return (
      <>
        <code>{field}</code> {what === "opens" ? "gains" : "loses"} <code>{value}</code>
      </>
    );
  return (
    <>
      <code>{field}</code> was <code>{writtenValue(before)}</code>, becomes{" "}
      <code>{writtenValue(after)}</code>
    </>
  );
}
