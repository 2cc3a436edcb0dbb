// Every configuration that was served: when, why, what it changed, and the way back to it.

import { useSignal } from "@preact/signals";
import { ApiFault, call } from "../api/client.ts";
import type { Checked, ConfigFile, ConfigText, HistoryEntry } from "../api/shapes.ts";
import { ChangesView } from "../policies/changes-view.tsx";
import { DifferenceView } from "../policies/difference-view.tsx";
import { draft } from "../policies/draft.ts";
import { Await, Failed, useLoaded } from "../shell/loaded.tsx";

const causes: Readonly<Record<string, string>> = {
  start: "the gateway started",
  file: "the file was changed",
  console: "saved in the console",
  rollback: "went back",
};

export function History() {
  const list = useLoaded(() => call<readonly HistoryEntry[]>("GET", "/api/history"), 5000);
  const opened = useSignal<number | undefined>(undefined);
  const said = useSignal<string | undefined>(undefined);
  return (
    <>
      <h1>History</h1>
      {said.value !== undefined && (
        <p class="card alert good" role="status">
          {said.value}
        </p>
      )}
      <Await of={list} what="the history">
        {(entries) =>
          entries.length === 0 ? (
            <p class="card quiet">Nothing was served yet.</p>
          ) : (
            <ol class="history" reversed>
              {entries.map((entry, index) => (
                <li key={entry.number} class="card" data-home>
                  <div class="heading">
                    <div>
                      <h2>{when(entry.at)}</h2>
                      <div class="quiet">
                        {causes[entry.by] ?? entry.by}, revision {entry.number}{" "}
                        <code>{entry.hash.slice(0, 12)}</code>
                        {index === 0 && <span class="tag">served now</span>}
                      </div>
                    </div>
                    <button
                      type="button"
                      aria-expanded={opened.value === entry.number}
                      onClick={() =>
                        (opened.value = opened.value === entry.number ? undefined : entry.number)
                      }
                    >
                      {opened.value === entry.number
                        ? "Close"
                        : index === 0
                          ? "What changed"
                          : "Review and go back"}
                    </button>
                  </div>
                  {opened.value === entry.number && (
                    <Revision
                      number={entry.number}
                      before={entries[index + 1]?.number}
                      isServed={index === 0}
                      gone={(say) => {
                        said.value = say;
                        opened.value = undefined;
                        void list.reload();
                      }}
                    />
                  )}
                </li>
              ))}
            </ol>
          )
        }
      </Await>
    </>
  );
}

function when(iso: string): string {
  return new Date(iso).toLocaleString([], { dateStyle: "medium", timeStyle: "medium" });
}

type Files = { readonly files: readonly ConfigFile[] };

interface Compared {
  readonly files: readonly ConfigFile[];
  readonly earlier: readonly ConfigFile[];
  readonly now: ConfigText;
  readonly checked: Checked;
}

async function compare(number: number, before: number | undefined): Promise<Compared> {
  const [{ files }, earlier, now] = await Promise.all([
    call<Files>("GET", `/api/history/${number}`),
    before === undefined
      ? { files: [] as readonly ConfigFile[] }
      : call<Files>("GET", `/api/history/${before}`),
    call<ConfigText>("GET", "/api/config"),
  ]);
  const checked = await call<Checked>("POST", "/api/check", { body: { files } });
  return { files, earlier: earlier.files, now, checked };
}

function Revision({
  number,
  before,
  isServed,
  gone,
}: {
  readonly number: number;
  readonly before: number | undefined;
  readonly isServed: boolean;
  readonly gone: (say: string) => void;
}) {
  const compared = useLoaded(() => compare(number, before));
  const fault = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const back = async (etag: string): Promise<void> => {
    isBusy.value = true;
    try {
      await call("POST", `/api/history/${number}/rollback`, { body: {}, etag });
      void draft.open();
      gone(`Revision ${number} is served again.`);
    } catch (error) {
      if (error instanceof ApiFault && error.status === 409) {
        fault.value = "Somebody else has just changed the files. Look at the difference again.";
        void compared.reload();
      } else fault.value = error instanceof Error ? error.message : String(error);
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <Await of={compared} what="the revision">
      {({ files, earlier, now, checked }) => (
        <>
          {fault.value !== undefined && <Failed says={fault.value} />}
          {before === undefined ? (
            <p class="quiet">The first one that is kept: there is nothing to compare it with.</p>
          ) : (
            files.map(({ name, text }) => (
              <div key={name}>
                <h3>What it changed in {name}</h3>
                <DifferenceView
                  before={earlier.find((file) => file.name === name)?.text ?? ""}
                  after={text}
                  label={`What revision ${number} changed in ${name}`}
                />
              </div>
            ))
          )}
          {!isServed && (
            <section class="back">
              <h3>Going back to it</h3>
              {checked.ok ? (
                <ChangesView changes={checked.changes ?? []} />
              ) : (
                <p class="bad">It has errors by today's rules, so it cannot be served.</p>
              )}
              <button
                type="button"
                class="primary"
                disabled={!checked.ok || isBusy.value}
                onClick={() => void back(now.etag)}
              >
                Go back to revision {number}
              </button>
            </section>
          )}
        </>
      )}
    </Await>
  );
}
