// What applies to a place: a policy with each field's value and the level and line that set it.

import type { EffectiveCors, EffectiveField, WrittenAt } from "../api/shapes.ts";
import { writtenValue } from "./written-value.ts";

export function corsTitle({ kind, policy }: EffectiveCors): string {
  switch (kind) {
    case "absent":
      return "left to the upstream";
    case "upstream":
      return "the upstream's own headers";
    case "closed":
      return "no cross-origin access";
    case "policy":
      return policy ?? "a policy of its own";
    case "rules":
      return `by origin: ${policy ?? ""}`;
  }
}

export function LevelOf({ at }: { readonly at: WrittenAt | undefined }) {
  if (at === undefined) return <span class="level">not configured</span>;
  return (
    <span class="level" title={at.at === undefined ? at.path : `${at.at.file}:${at.at.line}`}>
      {at.level}
    </span>
  );
}

export function CorsView({ cors }: { readonly cors: EffectiveCors }) {
  switch (cors.kind) {
    case "absent":
      return (
        <p class="quiet">
          No level sets <code>cors</code>: the gateway changes nothing, and the upstream's headers
          decide.
        </p>
      );
    case "upstream":
      return <p class="quiet">The upstream's CORS headers pass through, on purpose.</p>;
    case "closed":
      return <p class="quiet">No page of another origin can read anything here.</p>;
    case "policy":
      return <Fields fields={cors.fields ?? {}} />;
    case "rules":
      return (
        <ol class="rules">
          {(cors.rules ?? []).map(({ policy, fields }) => (
            <li key={policy}>
              <strong>{policy}</strong>
              <Fields fields={fields} />
            </li>
          ))}
        </ol>
      );
  }
}

function Fields({ fields }: { readonly fields: Readonly<Record<string, EffectiveField>> }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Fields of the policy">
      <table class="fields stack">
        <thead>
          <tr>
            <th scope="col">field</th>
            <th scope="col">value</th>
            <th scope="col">from</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(fields).map(([name, { value, from }]) => (
            <tr key={name} class={from === undefined ? "quiet" : ""}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>
                <code>{writtenValue(value)}</code>
              </td>
              <td>
                {from === undefined ? (
                  "default"
                ) : (
                  <>
                    <LevelOf at={from} />{" "}
                    <span class="quiet">
                      {from.at === undefined ? from.path : `${from.at.file}:${from.at.line}`}
                    </span>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
