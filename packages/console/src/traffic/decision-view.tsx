// One decision, opened: what decided, what the page's developer sees, and the change that would allow it.
// The change goes to Policies for a review: nothing is allowed from here.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { call } from "../api/client.ts";
import type { AccessRecord, Overview } from "../api/shapes.ts";
import { Prose } from "../look/prose.tsx";
import { ProposalsView } from "../policies/proposals-view.tsx";
import { AnswerView } from "../playground/answer-view.tsx";
import { Failed } from "../shell/loaded.tsx";
import type { Explained } from "./explain-record.ts";
import { decisionInWords, outcomeOf } from "./outcome.ts";

export function DecisionView({
  record,
  close,
}: {
  readonly record: AccessRecord;
  readonly close: () => void;
}) {
  const explained = useSignal<Explained | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  const heading = useRef<HTMLHeadingElement>(null);
  const load = async (): Promise<void> => {
    try {
      const [{ explainRecord }, overview] = await Promise.all([
        import("./explain-record.ts"),
        call<Overview>("GET", "/api/overview"),
      ]);
      explained.value = explainRecord(record, overview.effective, overview);
      fault.value = undefined;
    } catch (error) {
      fault.value = error instanceof Error ? error.message : String(error);
    }
  };
  useEffect(() => {
    heading.current?.focus();
    void load();
  }, []);
  const refused = outcomeOf(record) === "refused";
  return (
    <section
      class="decision"
      aria-labelledby="decision"
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <div class="card">
        <div class="heading">
          <h2 id="decision" ref={heading} tabIndex={-1}>
            {record.method} <code>{record.path}</code> → {record.status}
          </h2>
          <button type="button" onClick={close}>
            Close
          </button>
        </div>
        <p class={refused ? "bad" : ""}>
          <Prose text={decisionInWords(record)} />
        </p>
        <dl class="facts">
          {facts(record).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ))}
        </dl>
      </div>
      {fault.value !== undefined && <Failed says={fault.value} again={() => void load()} />}
      {explained.value?.kind === "nothing" && <p class="card quiet">{explained.value.why}</p>}
      {explained.value?.kind === "explained" && (
        <>
          <ProposalsView proposals={explained.value.proposals} />
          <AnswerView answer={explained.value} />
        </>
      )}
    </section>
  );
}

function facts(record: AccessRecord): readonly (readonly [string, string])[] {
  const given: readonly (readonly [string, string | undefined])[] = [
    [
      "time",
      new Date(record.time).toLocaleString([], { dateStyle: "medium", timeStyle: "medium" }),
    ],
    ["page of", record.origin],
    ["host", record.host],
    ["server", record.server],
    ["location", record.location],
    ["policy", record.policy],
    ["upstream", record.upstream],
    ["kind", record.kind],
    ["asks for method", record.requested_method],
    ["asks for headers", record.requested_headers],
    ["error", record.error],
    ["cause", record.cause],
    ["took", `${record.duration_ms} ms`],
    ["request id", record.request_id],
  ];
  return given.filter((fact): fact is readonly [string, string] => fact[1] !== undefined);
}
