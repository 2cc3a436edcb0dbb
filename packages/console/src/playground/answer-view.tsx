// An explanation: the verdict, the rule that decided, the smallest fix, then everything that led there.

import type { ComponentChildren } from "preact";
import type { Explanation } from "@corsway/cors/explain";
import { DiagnosticView } from "../look/diagnostic-view.tsx";
import { Prose } from "../look/prose.tsx";
import type { Answer } from "./answer.ts";

export function AnswerView({
  answer,
  more,
}: {
  readonly answer: Answer;
  /** What follows the verdict, where the page knows more about the server. */
  readonly more?: (explanation: Explanation) => ComponentChildren;
}) {
  if (answer.kind === "fault")
    return (
      <div class="card">
        <p class="bad">
          <strong>{answer.message}</strong>
        </p>
        {answer.diagnostics.map((one) => (
          <DiagnosticView key={one.code + one.path} diagnostic={one} />
        ))}
      </div>
    );
  const { explanation, diagram, notes } = answer;
  return (
    <>
      <Verdict explanation={explanation} notes={notes} />
      {more?.(explanation)}
      <Engines explanation={explanation} />
      <div class="card">
        <h3>The exchange</h3>
        <div
          class="diagram"
          tabIndex={0}
          role="group"
          aria-label="Sequence diagram of the exchange"
          ref={(element) => {
            if (element !== null) drawn(element, diagram);
          }}
        />
      </div>
      <Trace explanation={explanation} />
      <Wire explanation={explanation} />
    </>
  );
}

/** SVG of our own, in which every observed text was escaped; parsed as XML, so that no HTML rule applies. */
function drawn(element: HTMLElement, svg: string): void {
  const { documentElement } = new DOMParser().parseFromString(svg, "image/svg+xml");
  element.replaceChildren(document.importNode(documentElement, true));
}

const tone = { blocked: "bad", readable: "good", opaque: "warn" } as const;

function Verdict({
  explanation: { verdict, sentence, remedies, request },
  notes,
}: {
  readonly explanation: Explanation;
  readonly notes: readonly string[];
}) {
  return (
    <div class={`card verdict ${tone[verdict.outcome]}`}>
      <p class="headline">
        <strong>{verdict.outcome}</strong>{" "}
        <code>
          {request.method ?? "GET"} {request.url}
        </code>
      </p>
      {sentence !== undefined && (
        <>
          <p>
            <strong>{sentence.algorithm}:</strong> <Prose text={sentence.says} />
          </p>
          <p class="quiet">
            <Prose text={sentence.why} />
          </p>
        </>
      )}
      {verdict.outcome === "blocked" && (
        <p class="quiet">
          {verdict.sent
            ? "The server received the request; the page only cannot read the response."
            : "The request itself was never sent."}
        </p>
      )}
      {verdict.outcome === "readable" && (
        <p class="quiet">
          The page reads status {verdict.response?.status}, the body, and these headers:{" "}
          {verdict.exposedHeaders.join(", ") || "none"}.
        </p>
      )}
      {remedies.length > 0 && (
        <ul class="fixes">
          {remedies.map(({ side, say }) => (
            <li key={side + say}>
              <span class={`side ${side}`}>{side === "server" ? "server" : "page"}</span>
              <span class="change">
                <Prose text={say} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {sentence !== undefined && (
        <p>
          <a href={sentence.link} rel="noreferrer">
            The rule in the standard
          </a>
        </p>
      )}
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note}>
              <Prose text={note} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Engines({ explanation: { engines } }: { readonly explanation: Explanation }) {
  return (
    <div class="card">
      <h3>In each browser</h3>
      <table class="stack engines">
        <thead>
          <tr>
            <th scope="col">engine</th>
            <th scope="col">verdict</th>
            <th scope="col">what its console prints</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(engines).map(([name, { verdict, message }]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class={tone[verdict.outcome]}>{verdict.outcome}</td>
              {message.length > 0 ? (
                <td class="console">{message.join("\n")}</td>
              ) : (
                <td class="quiet">nothing</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Trace({ explanation: { verdict } }: { readonly explanation: Explanation }) {
  return (
    <details class="card">
      <summary>Every step of the standard ({verdict.trace.length})</summary>
      <ol class="trace">
        {verdict.trace.map((step, index) => (
          <li key={index} class={step.result}>
            <a href={step.link} rel="noreferrer">
              {step.algorithm} {step.step}
            </a>{" "}
            {step.says} <span class="result">{step.result}</span>
            {Object.keys(step.saw).length > 0 && (
              <div class="quiet">
                {Object.entries(step.saw).map(([name, value]) => (
                  <div key={name}>
                    {name}: <code>{JSON.stringify(value)}</code>
                  </div>
                ))}
              </div>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}

function Wire({ explanation: { verdict } }: { readonly explanation: Explanation }) {
  const text = verdict.wire
    .map(({ request, response }) =>
      [
        `${request.method} ${request.url}`,
        ...request.headers.map(([name, value]) => `${name}: ${value}`),
        "",
        ...("kind" in response
          ? [`(no answer: ${response.why})`]
          : [
              String(response.status),
              ...response.headers.map(([name, value]) => `${name}: ${value}`),
            ]),
      ].join("\n"),
    )
    .join("\n\n");
  return (
    <details class="card">
      <summary>On the wire ({verdict.wire.length})</summary>
      <pre>{text || "nothing was sent"}</pre>
    </details>
  );
}
