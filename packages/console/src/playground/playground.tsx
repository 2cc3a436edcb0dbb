// The playground: a question on the left, the answer on the right. The model is loaded with the
// first question, so that the form is there at once.

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { DecodedMessage, Explanation } from "@corsway/cors/explain";
import type { Answer, Policies } from "./answer.ts";
import { documents, frequent, type Example } from "./examples.ts";
import { QuestionForm } from "./question-form.tsx";
import { emptyQuestion, readQuestion, writeQuestion, type Question } from "./question.ts";
import { AnswerView } from "./answer-view.tsx";
import { MessageView } from "./message-view.tsx";

const longestLink = 32_000;
const noPolicies: Policies = new Map();
const question = signal<Question>(linkedQuestion() ?? emptyQuestion);

function linkedQuestion(): Question | undefined {
  return readQuestion(location.hash.replace(/^#(?:playground=)?/, ""));
}

interface Props {
  /** Of a gateway, by their names. */
  readonly policies?: Policies;
  /** What follows a verdict on one of them. */
  readonly more?: (policy: string, explanation: Explanation) => ComponentChildren;
}

export function Playground({ policies = noPolicies, more }: Props) {
  const answer = useSignal<Answer | undefined>(undefined);
  const messages = useSignal<readonly DecodedMessage[]>([]);
  const said = useSignal<readonly string[]>([]);
  const failed = useSignal(false);

  const ask = async (asked: Question): Promise<void> => {
    question.value = asked;
    messages.value = [];
    try {
      const model = await import("./answer.ts");
      failed.value = false;
      // Somebody who types fast has asked something else by now.
      if (question.value === asked) answer.value = model.answer(asked, policies);
    } catch {
      failed.value = true;
    }
    const hash = `#playground=${writeQuestion(asked)}`;
    // What no address bar takes is asked all the same, and is not linked.
    if (hash.length <= longestLink && location.hash !== hash) history.replaceState(null, "", hash);
  };

  const paste = async (text: string): Promise<void> => {
    let taker: typeof import("./take-paste.ts");
    try {
      taker = await import("./take-paste.ts");
      failed.value = false;
    } catch {
      failed.value = true;
      return;
    }
    const { takePaste } = taker;
    const taken = takePaste(text, question.value);
    if (taken.kind === "unknown") said.value = [taken.say];
    else if (taken.kind === "messages") {
      said.value = [];
      answer.value = undefined;
      messages.value = taken.messages;
      showAnswer();
    } else {
      said.value = taken.say;
      await ask(taken.question);
      showAnswer();
    }
  };

  useEffect(() => {
    void ask(linkedQuestion() ?? question.value);
    const moved = (): void => {
      const linked = linkedQuestion();
      if (linked !== undefined && writeQuestion(linked) !== writeQuestion(question.value))
        void ask(linked);
    };
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);

  const { server } = question.value;
  const moreOfAnswer =
    more !== undefined && server.kind === "gateway"
      ? (explanation: Explanation) => more(server.policy, explanation)
      : undefined;
  return (
    <div class="playground">
      <section aria-labelledby="ask">
        <h1 id="ask">Why is this blocked?</h1>
        <p class="lead">
          The browser's own rules, run in this page. What you paste is sent to nobody.
        </p>
        <PasteBox onPaste={(text) => void paste(text)} said={said.value} />
        <QuestionForm
          question={question.value}
          policies={[...policies.keys()]}
          onChange={(asked) => void ask(asked)}
        />
        <Examples onPick={(example) => void ask(example.question).then(showAnswer)} />
      </section>
      <section id="answers" aria-labelledby="answer" aria-live="polite">
        <h2 id="answer" class="unseen">
          The answer
        </h2>
        {failed.value && (
          <p class="card bad">
            The browser model could not be loaded. Reload the page to try again.
          </p>
        )}
        {messages.value.map((message, index) => (
          <MessageView key={index} message={message} />
        ))}
        {answer.value !== undefined && (
          <AnswerView answer={answer.value} {...(moreOfAnswer && { more: moreOfAnswer })} />
        )}
      </section>
    </div>
  );
}

/** In one column the answer is below the form: whoever pastes something wants to see it. */
function showAnswer(): void {
  if (matchMedia("(max-width: 900px)").matches)
    document.getElementById("answers")?.scrollIntoView();
}

function PasteBox({
  onPaste,
  said,
}: {
  readonly onPaste: (text: string) => void;
  readonly said: readonly string[];
}) {
  return (
    <div class="card">
      <label for="paste">Paste anything</label>
      <textarea
        id="paste"
        rows={3}
        spellcheck={false}
        placeholder="A console message, fetch(…), a cURL command or its output, response headers, a policy, a HAR"
        onInput={(event) => {
          const { value } = event.currentTarget;
          if (value.trim() !== "") onPaste(value);
        }}
      />
      {said.length > 0 && (
        <ul class="notes">
          {said.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Examples({ onPick }: { readonly onPick: (example: Example) => void }) {
  return (
    <details class="card">
      <summary>Examples</summary>
      {[
        ["The most frequent blocks", frequent] as const,
        ["From the source documents", documents] as const,
      ].map(([title, examples]) => (
        <div key={title}>
          <h3>{title}</h3>
          <ul class="plain">
            {examples.map((example) => (
              <li key={example.title}>
                <button type="button" class="link" onClick={() => onPick(example)}>
                  {example.title}
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </details>
  );
}
