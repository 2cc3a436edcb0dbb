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
                  <Says change={change} /> <span class="quiet">at {places.join(", ")}</span>
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
    const { field, before, after, server, location, origins, withCredentials } = change;
    const key = JSON.stringify([field, before, after, withCredentials]);
    const place =
      (location ?? `${server}, anything else`) +
      (origins === undefined ? "" : ` (pages of ${origins.map(originsOf).join(", ")})`);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { key, change, places: [place] });
    else known.places.push(place);
  }
  return [...groups.values()];
}

const originsOf = (pattern: string): string => (pattern === "*" ? "every other origin" : pattern);

function Says({ change }: { readonly change: EffectiveChange }) {
  const { field, what, before, after, examples = [], withCredentials } = change;
  const listed = Array.isArray(after) ? after : Array.isArray(before) ? before : undefined;
  if (field === "allow_origins" && listed !== undefined) {
    const pattern = listed.findIndex((one) => String(one).includes("*") && one !== "*");
    return (
      <>
        Pages of <Codes values={listed.map((one) => originsOf(String(one)))} />{" "}
        {what === "opens" ? "can read responses" : "can no longer read responses"}
        {withCredentials === true && ", with credentials"}
        {pattern >= 0 && examples[pattern] !== undefined && (
          <>
            , for example <code>{examples[pattern].origin}</code>
          </>
        )}
      </>
    );
  }
  if (what !== "changes" && listed !== undefined && (before === null || after === null))
    return (
      <>
        <code>{field}</code> {what === "opens" ? "gains" : "loses"} <Codes values={listed} />
      </>
    );
  if ((field === "location" || field === "server") && (before === null || after === null))
    return (
      <>
        This {field} is {before === null ? "new" : "gone"}
      </>
    );
  return (
    <>
      {field === "on_mismatch" && "For pages that are not allowed, "}
      <code>{field}</code> was <code>{writtenValue(before)}</code>, becomes{" "}
      <code>{writtenValue(after)}</code>
    </>
  );
}

function Codes({ values }: { readonly values: readonly unknown[] }) {
  return (
    <>
      {values.map((value, index) => (
        <span key={String(value)}>
          {index > 0 && ", "}
          <code>{String(value)}</code>
        </span>
      ))}
    </>
  );
}
