// Somebody else changed the files meanwhile: what they changed, what we changed, and both together where
// that is possible. Nothing is lost: the draft stays until a person has decided.

import { draft } from "./draft.ts";
import { DifferenceView } from "./difference-view.tsx";

export function ConflictView() {
  const theirs = draft.conflict.value;
  const base = draft.base.value;
  if (theirs === undefined || base === undefined) return null;
  const together = draft.together();
  return (
    <section class="card alert warn" aria-labelledby="conflict" role="alert">
      <h2 id="conflict">Somebody else has changed the files</h2>
      <p>Nothing was saved, and your changes are still here.</p>
      {theirs.files.map(({ name, text }) => {
        const was = base.files.find((file) => file.name === name)?.text ?? "";
        const mine = draft.files.value.find((file) => file.name === name)?.text ?? "";
        if (was === text && was === mine) return null;
        return (
          <div key={name} class="columns">
            <div>
              <h3>What they changed in {name}</h3>
              <DifferenceView before={was} after={text} label={`What they changed in ${name}`} />
            </div>
            <div>
              <h3>What you changed</h3>
              <DifferenceView before={was} after={mine} label={`What you changed in ${name}`} />
            </div>
          </div>
        );
      })}
      <div class="buttons">
        {together === undefined ? (
          <>
            <p>Both changed the same lines. Choose whose text to go on with:</p>
            <button type="button" onClick={() => draft.settle(draft.files.value)}>
              Go on with mine
            </button>
          </>
        ) : (
          <button type="button" class="primary" onClick={() => draft.settle(together)}>
            Keep both changes
          </button>
        )}
        <button type="button" onClick={() => draft.settle([])}>
          Go on with theirs
        </button>
      </div>
      <p class="quiet">Nothing is saved by this either: you review the result and save it.</p>
    </section>
  );
}
