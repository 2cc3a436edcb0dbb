// The policies as forms, with the file's text at their side, what the check says, what a change opens and
// closes, and saving.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { locked } from "../api/client.ts";
import type { Checked, ConfigFile, Diagnostic } from "../api/shapes.ts";
import { CorsView, corsTitle, LevelOf } from "../look/cors-view.tsx";
import { DiagnosticView } from "../look/diagnostic-view.tsx";
import { Failed } from "../shell/loaded.tsx";
import { ChangesView } from "./changes-view.tsx";
import { ConflictView } from "./conflict-view.tsx";
import { DifferenceView } from "./difference-view.tsx";
import { draft } from "./draft.ts";
import { NewPolicy } from "./new-policy.tsx";
import { PolicyForm } from "./policy-form.tsx";
import { proposed, type ProposedChange } from "./proposed.ts";
import { TextPane } from "./text-pane.tsx";
import { corsPlaces, policyPlaces, printedPath, readTable, type PolicyPlace } from "./tree.ts";
import { Where } from "./where.tsx";

export function Policies() {
  const chosen = useSignal<string | undefined>(undefined);
  const file = useSignal<string | undefined>(undefined);
  const reviewed = useSignal(false);
  useEffect(() => {
    void draft.open().then(() => {
      const changes = proposed.value;
      proposed.value = [];
      for (const change of changes) {
        const place = takeUp(change);
        if (place !== undefined) {
          chosen.value = printedPath(place);
          file.value = place.file;
          reviewed.value = true;
        }
      }
    });
  }, [locked.value]);

  const files = draft.files.value;
  const checked = draft.checked.value;
  if (draft.base.value === undefined)
    return draft.fault.value === undefined ? (
      <p class="quiet late" role="status">
        Loading the configuration…
      </p>
    ) : (
      <Failed says={draft.fault.value} again={() => void draft.open()} />
    );
  const places = policyPlaces(files);
  const place = places.find((one) => printedPath(one) === chosen.value) ?? places[0];
  const shownFile = files.find(({ name }) => name === (file.value ?? place?.file)) ?? files[0];
  const broken = files.filter(({ text }) => readTable(text) === undefined);
  const diagnostics = checked?.diagnostics ?? [];
  return (
    <>
      <h1>Policies</h1>
      {draft.fault.value !== undefined && <Failed says={draft.fault.value} />}
      <ConflictView />
      {reviewed.value && draft.isChanged.value && (
        <p class="card alert warn" role="status">
          This is the change that would allow the request. Read what it opens before you save it.
        </p>
      )}
      <SaveBar checked={checked} broken={broken} />
      <div class="editor">
        <section aria-labelledby="form">
          <h2 id="form" class="unseen">
            Form
          </h2>
          <div class="card">
            <div class="toolbar">
              <label class="field grow">
                <span>Policy</span>
                <select
                  value={place === undefined ? "" : printedPath(place)}
                  onChange={(event) => {
                    chosen.value = event.currentTarget.value;
                    file.value = undefined;
                  }}
                >
                  {places.map((one) => (
                    <option key={printedPath(one)} value={printedPath(one)}>
                      {one.title}
                    </option>
                  ))}
                </select>
              </label>
              <NewPolicy
                names={places.map(({ title }) => title)}
                file={shownFile?.name ?? ""}
                made={(name) => (chosen.value = printedPath(madeNow(name)))}
              />
            </div>
            {broken.length > 0 ? (
              <p class="bad">
                The text is not TOML at the moment: the form comes back when it can be read.
              </p>
            ) : place === undefined ? (
              <p class="quiet">There is no policy yet. Add one: it says which pages may read.</p>
            ) : (
              <PolicyForm key={printedPath(place)} place={place} diagnostics={diagnostics} />
            )}
          </div>
          {broken.length === 0 && (
            <details class="card">
              <summary>Which policy applies where</summary>
              <Where
                places={corsPlaces(files)}
                names={places
                  .filter(({ path }) => path[0] === "policies")
                  .map(({ title }) => title)}
                merge={mergeOf(files)}
              />
            </details>
          )}
          <Elsewhere diagnostics={diagnostics} places={places} />
          <Effect checked={checked} place={place} />
        </section>
        <section class="card" aria-labelledby="text">
          <div class="toolbar">
            <h2 id="text">{shownFile?.name ?? "The file"}</h2>
            {files.length > 1 && (
              <label class="field">
                <span>File</span>
                <select
                  value={shownFile?.name}
                  onChange={(event) => (file.value = event.currentTarget.value)}
                >
                  {files.map(({ name }) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              </label>
            )}
          </div>
          {shownFile !== undefined && <TextPane key={shownFile.name} file={shownFile} />}
        </section>
      </div>
    </>
  );
}

/** A change that another view proposes becomes an edit of the draft. */
function takeUp({ policy, field, to, at }: ProposedChange): PolicyPlace | undefined {
  const places = policyPlaces(draft.files.value);
  const written = places.find((place) => at?.path.startsWith(`${printedPath(place)}.`) === true);
  const place =
    written ?? places.find(({ path, title }) => path[0] === "policies" && title === policy);
  if (place === undefined) return undefined;
  const key = written === undefined ? field : at!.path.slice(printedPath(place).length + 1);
  void draft.edit(place.file, [{ path: [...place.path, key], value: to }]);
  return place;
}

function madeNow(name: string): PolicyPlace {
  return { file: "", path: ["policies", name], title: name, fields: {} };
}

function mergeOf(files: readonly ConfigFile[]): string | undefined {
  for (const { text } of files) {
    const global = readTable(text)?.["global"] as { readonly merge?: unknown } | undefined;
    if (typeof global?.merge === "string") return global.merge;
  }
  return undefined;
}

function SaveBar({
  checked,
  broken,
}: {
  readonly checked: Checked | undefined;
  readonly broken: readonly ConfigFile[];
}) {
  const isChanged = draft.isChanged.value;
  const errors = checked?.diagnostics.filter(({ severity }) => severity === "error").length ?? 0;
  const isGood = checked?.ok === true && broken.length === 0 && !draft.isChecking.value;
  if (!isChanged)
    return draft.isSaved.value ? (
      <p class="card alert good" role="status">
        Saved, and served since. <a href="#/history">History</a>
      </p>
    ) : null;
  return (
    <section class="card save" aria-label="Your change">
      <div class="toolbar">
        <h2>Your change</h2>
        <div class="buttons">
          <button
            type="button"
            class="primary"
            disabled={!isGood || draft.conflict.value !== undefined}
            // Not disabled: it has the focus.
            aria-busy={draft.isSaving.value}
            onClick={() => {
              if (!draft.isSaving.value) void draft.save();
            }}
          >
            Save and serve
          </button>
          <button type="button" onClick={() => draft.discard()}>
            Discard
          </button>
        </div>
      </div>
      <div role="status">
        {draft.isChecking.value ? (
          <p class="quiet">Checking…</p>
        ) : isGood ? (
          <ChangesView changes={checked.changes ?? []} />
        ) : (
          <p class="bad">
            {errors === 1 ? "One error" : `${errors} errors`}: this cannot be saved.
          </p>
        )}
      </div>
      <details>
        <summary>The difference as text</summary>
        {draft.files.value.map(({ name, text }, index) => {
          const was = draft.base.value?.files[index]?.text ?? "";
          return was === text ? null : (
            <DifferenceView key={name} before={was} after={text} label={`Difference of ${name}`} />
          );
        })}
      </details>
    </section>
  );
}

/** What the check says about anything that is not a field of a policy. */
function Elsewhere({
  diagnostics,
  places,
}: {
  readonly diagnostics: readonly Diagnostic[];
  readonly places: readonly PolicyPlace[];
}) {
  const own = places.map((place) => printedPath(place));
  const rest = diagnostics.filter(
    ({ path }) => !own.some((one) => path === one || path.startsWith(`${one}.`)),
  );
  if (rest.length === 0) return null;
  return (
    <section class="card" aria-labelledby="elsewhere">
      <h3 id="elsewhere">Elsewhere in the configuration</h3>
      {rest.map((one) => (
        <DiagnosticView
          key={one.code + one.path}
          diagnostic={one}
          onFix={(fixed) => draft.applyFix(fixed)}
        />
      ))}
    </section>
  );
}

/** Where the policy applies, as it would be after saving. */
function Effect({
  checked,
  place,
}: {
  readonly checked: Checked | undefined;
  readonly place: PolicyPlace | undefined;
}) {
  if (checked?.effective === undefined || place === undefined) return null;
  const used = checked.effective.flatMap(({ name: server, locations, fallback }) =>
    [
      ...locations.map(({ name, path, cors }) => ({ key: `${server} ${name}`, name, path, cors })),
      { key: server, name: `${server}, anything else`, path: "", cors: fallback },
    ].filter(
      ({ cors }) =>
        cors.policy === place.title ||
        cors.rules?.some(({ policy }) => policy === place.title) === true ||
        Object.values(cors.fields ?? {}).some(
          ({ from }) => from?.path.startsWith(`${printedPath(place)}.`) === true,
        ),
    ),
  );
  return (
    <section class="card" aria-labelledby="effect">
      <h3 id="effect">What results, at each place that uses it</h3>
      {used.length === 0 && <p class="quiet">No location uses this policy.</p>}
      <ul class="places">
        {used.map(({ key, name, path, cors }) => (
          <li key={key}>
            <details>
              <summary>
                <span class="place-name">{name}</span> <code>{path}</code>
                <span class={`policy ${cors.kind}`}>{corsTitle(cors)}</span>
                <LevelOf at={cors.from} />
              </summary>
              <CorsView cors={cors} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
