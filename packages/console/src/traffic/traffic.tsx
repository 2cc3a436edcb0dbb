// The decisions as they are made. One that is opened is explained by the browser's own rules.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { refusalInWords } from "../look/refusals.ts";
import { DecisionView } from "./decision-view.tsx";
import { Feed, type Gap, type Row } from "./feed.ts";
import { outcomeOf, type Outcome } from "./outcome.ts";

const firstShown = 200;
const tones: Readonly<Record<Outcome, string>> = {
  allowed: "good",
  refused: "bad",
  other: "quiet",
};

export function Traffic() {
  const feed = useMemo(() => new Feed(), []);
  const text = useSignal("");
  const outcome = useSignal<Outcome | "all">("all");
  const opened = useSignal<Row | undefined>(undefined);
  const all = useSignal(false);
  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, []);
  const matching = useComputed(() => {
    const wanted = text.value.trim().toLowerCase();
    return feed.rows.value.filter(
      (row) =>
        !("record" in row) ||
        ((outcome.value === "all" || outcomeOf(row.record) === outcome.value) &&
          (wanted === "" || searched(row.record).includes(wanted))),
    );
  });
  const rows = all.value ? matching.value : matching.value.slice(0, firstShown);
  const { state, paused, seen, waiting } = feed;
  return (
    <>
      <h1>Traffic</h1>
      <div class="card toolbar">
        <label class="field grow">
          <span>Filter by origin, path, method or reason</span>
          <input
            type="search"
            value={text.value}
            spellcheck={false}
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>Outcome</span>
          <select
            value={outcome.value}
            onChange={(event) => (outcome.value = event.currentTarget.value as Outcome | "all")}
          >
            {["all", "allowed", "refused", "other"].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <div class="buttons">
          <button
            type="button"
            aria-pressed={paused.value}
            onClick={() => feed.pause(!paused.value)}
          >
            {paused.value ? continueText(waiting.value) : "Pause"}
          </button>
          <button type="button" onClick={() => feed.clear()}>
            Clear
          </button>
        </div>
        <p class={`live ${state.value}`} role="status">
          {paused.value
            ? "paused"
            : state.value === "live"
              ? "live"
              : state.value === "connecting"
                ? "connecting…"
                : "connection lost, trying again…"}
        </p>
      </div>
      <div class={opened.value === undefined ? "" : "split"}>
        <section class="card list" aria-label="Decisions" data-home>
          {!rows.some((row) => "record" in row) ? (
            <p class="empty">
              {feed.rows.value.length === 0 ? (
                <>
                  <strong>No requests yet</strong> Send one through the gateway: it appears here at
                  once.
                </>
              ) : (
                <>
                  <strong>No decision matches the filter.</strong> {feed.rows.value.length} are
                  listed without it.
                </>
              )}
            </p>
          ) : (
            <div
              class="rows scroll"
              id="rows"
              tabIndex={0}
              role="region"
              aria-label="Live decisions: arrow keys move, Enter opens"
              onKeyDown={moveAmongRows}
            >
              <table class="decisions">
                <thead>
                  <tr>
                    <th scope="col">time</th>
                    <th scope="col">request</th>
                    <th scope="col">page of</th>
                    <th scope="col">kind</th>
                    <th scope="col">outcome</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) =>
                    "record" in row ? (
                      shownRow(row, opened.value?.id === row.id, open)
                    ) : (
                      <GapRow key={row.id} gap={row} />
                    ),
                  )}
                </tbody>
              </table>
            </div>
          )}
          <p class="quiet" hidden={seen.value === 0}>
            {seen.value.toLocaleString("en")} seen; the newest{" "}
            {Math.min(feed.rows.value.length, seen.value)} are listed. ↑ ↓ move among them, Enter
            opens one.{" "}
            {matching.value.length > rows.length && (
              <button type="button" class="link" onClick={() => (all.value = true)}>
                Show all {matching.value.length}
              </button>
            )}
          </p>
        </section>
        {opened.value !== undefined && (
          <DecisionView
            key={opened.value.id}
            record={opened.value.record}
            close={() => {
              const { id } = opened.value!;
              opened.value = undefined;
              requestAnimationFrame(() =>
                (
                  document.getElementById(`decision-${id}`) ?? document.getElementById("rows")
                )?.focus(),
              );
            }}
          />
        )}
      </div>
    </>
  );

  function open(row: Row): void {
    opened.value = row;
  }
}

function continueText(waiting: number): string {
  return waiting === 0 ? "Continue" : `Continue (${waiting.toLocaleString("en")} new)`;
}

/** One stop for Tab, however many rows there are; the arrow keys move among them. */
function moveAmongRows(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const { key, currentTarget } = event;
  if (key !== "ArrowDown" && key !== "ArrowUp" && key !== "Home" && key !== "End") return;
  const buttons = [...currentTarget.querySelectorAll<HTMLElement>("button")];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const to =
    key === "Home"
      ? 0
      : key === "End"
        ? buttons.length - 1
        : Math.max(0, Math.min(buttons.length - 1, at + (key === "ArrowDown" ? 1 : -1)));
  event.preventDefault();
  buttons[to]?.focus();
}

function GapRow({ gap: { missing } }: { readonly gap: Gap }) {
  return (
    <tr class="missing">
      <td colSpan={5}>
        {missing === undefined
          ? "A process of the gateway ended here. Its last decisions may be missing."
          : `${missing.toLocaleString("en")} ${missing === 1 ? "decision is" : "decisions are"} missing here: they came faster than they could be read.`}
      </td>
    </tr>
  );
}

type Shown = ReturnType<typeof rowView>;
const made = new WeakMap<Row, readonly [isOpen: boolean, shown: Shown]>();

/** A row never changes: the same element again is what the renderer skips. */
function shownRow(row: Row, isOpen: boolean, open: (row: Row) => void): Shown {
  const known = made.get(row);
  if (known !== undefined && known[0] === isOpen) return known[1];
  const shown = rowView(row, isOpen, open);
  made.set(row, [isOpen, shown]);
  return shown;
}

function rowView(row: Row, isOpen: boolean, open: (row: Row) => void) {
  const { record, id } = row;
  const outcome = outcomeOf(record);
  return (
    <tr key={id} class={isOpen ? "open" : ""}>
      <td class="time">{new Date(record.time).toLocaleTimeString("en-GB")}</td>
      <td>
        <button
          type="button"
          class="link"
          id={`decision-${id}`}
          tabIndex={-1}
          aria-expanded={isOpen}
          onClick={() => open(row)}
        >
          <code>
            {record.method} {shortened(record.path)}
          </code>
        </button>{" "}
        <span class="quiet">{record.status}</span>
      </td>
      <td>
        <code>{breakable(shortened(record.origin ?? "–"))}</code>
      </td>
      <td>{record.kind ?? "–"}</td>
      <td>
        <span class={tones[outcome]}>{outcome}</span>
        {record.refusal !== undefined && (
          <span class="quiet reason"> · {refusalInWords(record.refusal)}</span>
        )}
        {record.error !== undefined && <span class="warn reason"> · {record.error}</span>}
      </td>
    </tr>
  );
}

/** A row stays a row, whatever a page sends; opened, it has the whole text. */
function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** A line ends at a dot of the host, rather than inside of a label. */
function breakable(origin: string) {
  const [first, ...more] = origin.split(/(?<=\/\/)|(?=\.)/);
  return [first, ...more.flatMap((piece) => [<wbr />, piece])];
}

function searched({ origin, path, method, refusal, error, policy }: Row["record"]) {
  return [method, path, origin, refusal, error, policy].join(" ").toLowerCase();
}
