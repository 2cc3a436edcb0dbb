// The form of a question. Every field changes the answer at once; there is no button to forget.

import type { Question, Server } from "./question.ts";

interface Props {
  readonly question: Question;
  /** Names of policies that a gateway serves. */
  readonly policies: readonly string[];
  readonly onChange: (question: Question) => void;
}

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"];

export function QuestionForm({ question, policies, onChange }: Props) {
  const set = (part: Partial<Question>): void => onChange({ ...question, ...part });
  return (
    <form class="card" onSubmit={(event) => event.preventDefault()}>
      <div class="pair">
        <Text label="Page's origin" value={question.origin} set={(origin) => set({ origin })} />
        <Choice
          label="Method"
          value={question.method}
          of={methods.includes(question.method) ? methods : [question.method, ...methods]}
          set={(method) => set({ method })}
        />
      </div>
      <Text label="URL that it asks for" value={question.url} set={(url) => set({ url })} />
      <Area
        label="Request headers (Name: value)"
        value={question.headers}
        rows={2}
        set={(headers) => set({ headers })}
      />
      <Choice
        label="Body"
        value={question.body}
        of={["none", "text", "stream"]}
        set={(value) => set({ body: value as Question["body"] })}
      />
      <div class="pair">
        <Choice
          label="credentials"
          value={question.credentials}
          of={["omit", "same-origin", "include"]}
          set={(value) => set({ credentials: value as Question["credentials"] })}
        />
        <Choice
          label="mode"
          value={question.mode}
          of={["cors", "no-cors", "same-origin"]}
          set={(value) => set({ mode: value as Question["mode"] })}
        />
      </div>
      <ServerFields
        server={question.server}
        policies={policies}
        set={(server) => set({ server })}
      />
    </form>
  );
}

function ServerFields({
  server,
  policies,
  set,
}: {
  readonly server: Server;
  readonly policies: readonly string[];
  readonly set: (server: Server) => void;
}) {
  const kinds: readonly (readonly [Server["kind"], string, Server])[] = [
    ["answer", "response headers", { kind: "answer", preflight: "", actual: "HTTP/1.1 200 OK\n" }],
    [
      "policy",
      "a policy",
      { kind: "policy", text: 'allow_origins = ["https://app.example.com"]\n' },
    ],
    ...(policies.length > 0
      ? [["gateway", "this gateway", { kind: "gateway", policy: policies[0]! }] as const]
      : []),
  ];
  return (
    <fieldset>
      <legend>The server answers with</legend>
      <div class="tabs">
        {kinds.map(([kind, title, fresh]) => (
          <label key={kind}>
            <input
              type="radio"
              name="server"
              checked={server.kind === kind}
              onChange={() => set(fresh)}
            />
            {title}
          </label>
        ))}
      </div>
      {server.kind === "answer" && (
        <>
          <Area
            label="Response to the request"
            value={server.actual}
            rows={5}
            set={(actual) => set({ ...server, actual })}
          />
          <Area
            label="Response to the preflight (OPTIONS); empty: the same"
            value={server.preflight}
            rows={4}
            set={(preflight) => set({ ...server, preflight })}
          />
        </>
      )}
      {server.kind === "policy" && (
        <Area
          label="Policy (TOML or JSON)"
          value={server.text}
          rows={8}
          set={(text) => set({ kind: "policy", text })}
        />
      )}
      {server.kind === "gateway" && (
        <Choice
          label="Policy"
          value={server.policy}
          of={policies}
          set={(policy) => set({ kind: "gateway", policy })}
        />
      )}
    </fieldset>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
}

function Text({ label, value, set }: FieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        value={value}
        spellcheck={false}
        autocapitalize="off"
        onInput={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
}

function Area({ label, value, rows, set }: FieldProps & { readonly rows: number }) {
  return (
    <label class="field">
      <span>{label}</span>
      <textarea
        rows={rows}
        spellcheck={false}
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
}

function Choice({ label, value, of, set }: FieldProps & { readonly of: readonly string[] }) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        {of.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
