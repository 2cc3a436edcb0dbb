// Which policy applies where: for each level nothing, a policy, several by origin in their order, none for
// anybody, or the upstream's own headers.

import { draft } from "./draft.ts";
import type { CorsPlace } from "./tree.ts";

interface Props {
  readonly places: readonly CorsPlace[];
  /** Names of policies. */
  readonly names: readonly string[];
  /** `global.merge` as written. */
  readonly merge: string | undefined;
}

export function Where({ places, names, merge }: Props) {
  return (
    <div class="where">
      {places.map((place) => (
        <fieldset key={place.path.join(".")} class="place">
          <legend>{place.title}</legend>
          <Choice place={place} names={names} />
          {place.path[0] === "global" && <Merge place={place} merge={merge} />}
        </fieldset>
      ))}
    </div>
  );
}

function put({ file, path }: CorsPlace, key: string, value: unknown): void {
  void draft.edit(file, [{ path: [...path, key], ...(value !== undefined && { value }) }]);
}

function Merge({ place, merge = "replace" }: Pick<Props, "merge"> & { readonly place: CorsPlace }) {
  return (
    <label class="field">
      <span>Where a location or server has a policy too</span>
      <select value={merge} onChange={(event) => put(place, "merge", event.currentTarget.value)}>
        <option value="replace">the nearest policy alone (replace)</option>
        <option value="global-wins">field by field, global wins (global-wins)</option>
        <option value="location-wins">field by field, location wins (location-wins)</option>
      </select>
    </label>
  );
}

function Choice({
  place,
  names,
}: {
  readonly place: CorsPlace;
  readonly names: readonly string[];
}) {
  const { cors, title } = place;
  const set = (value: unknown): void => put(place, "cors", value);
  if (typeof cors === "object" && cors !== null && !Array.isArray(cors))
    return <p class="quiet">A policy of its own: see “{title}” in the list of policies.</p>;
  const rules = Array.isArray(cors) ? (cors as readonly unknown[]) : undefined;
  const isNamed = typeof cors === "string" && cors !== "upstream";
  const value =
    cors === undefined
      ? "unset"
      : cors === false
        ? "closed"
        : cors === "upstream"
          ? "upstream"
          : rules !== undefined
            ? "rules"
            : `policy ${String(cors)}`;
  return (
    <>
      <select
        aria-label={`Policy of ${title}`}
        value={value}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          if (chosen === "unset") set(undefined);
          else if (chosen === "closed") set(false);
          else if (chosen === "upstream") set("upstream");
          else if (chosen === "rules") set(isNamed ? [cors] : names.slice(0, 1));
          else set(chosen.slice("policy ".length));
        }}
      >
        <option value="unset">as the level above says</option>
        {isNamed && !names.includes(cors) && <option value={`policy ${cors}`}>{cors}</option>}
        {names.map((name) => (
          <option key={name} value={`policy ${name}`}>
            policy {name}
          </option>
        ))}
        {names.length > 0 && <option value="rules">several policies, by origin</option>}
        <option value="closed">no cross-origin access</option>
        <option value="upstream">the upstream's own headers</option>
      </select>
      {rules !== undefined && <Rules rules={rules} names={names} title={title} set={set} />}
    </>
  );
}

/** The first that allows the origin applies, so the order is part of the meaning. */
function Rules({
  rules,
  names,
  title,
  set,
}: {
  readonly rules: readonly unknown[];
  readonly names: readonly string[];
  readonly title: string;
  readonly set: (rules: readonly unknown[]) => void;
}) {
  const nameOf = (rule: unknown): string =>
    typeof rule === "string" ? rule : "a policy of its own";
  const moved = (from: number, to: number): readonly unknown[] => {
    const rest = rules.toSpliced(from, 1);
    return rest.toSpliced(to, 0, rules[from]);
  };
  const left = names.filter((name) => !rules.includes(name));
  return (
    <>
      <ol class="rule-list" data-home>
        {rules.map((rule, index) => (
          <li key={nameOf(rule)}>
            <span>{nameOf(rule)}</span>
            <span class="buttons">
              <button
                type="button"
                aria-label={`Move ${nameOf(rule)} up in ${title}`}
                disabled={index === 0}
                onClick={() => set(moved(index, index - 1))}
              >
                ↑
              </button>
              <button
                type="button"
                aria-label={`Move ${nameOf(rule)} down in ${title}`}
                disabled={index === rules.length - 1}
                onClick={() => set(moved(index, index + 1))}
              >
                ↓
              </button>
              <button
                type="button"
                aria-label={`Remove ${nameOf(rule)} from ${title}`}
                disabled={rules.length === 1}
                onClick={() => set(rules.toSpliced(index, 1))}
              >
                ×
              </button>
            </span>
          </li>
        ))}
      </ol>
      {left.length > 0 && (
        <select
          aria-label={`Add a policy to ${title}`}
          value=""
          onChange={(event) => {
            const { value } = event.currentTarget;
            event.currentTarget.value = "";
            if (value !== "") set([...rules, value]);
          }}
        >
          <option value="">add a policy…</option>
          {left.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </>
  );
}
