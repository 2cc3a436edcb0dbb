// Asking: the browser's algorithms run in this page, against whoever the question says answers.
// Loaded when the first question is asked.

import {
  applyDecision,
  compilePolicy,
  readPolicy,
  type Diagnostic,
  type Policy,
  type ResponseHead,
} from "@corsway/cors";
import type { BrowserResponder } from "@corsway/cors/browser";
import {
  explainSync,
  sequenceDiagram,
  type Explanation,
  type PolicySource,
} from "@corsway/cors/explain";
import { parse as parseToml } from "smol-toml";
import type { Question } from "./question.ts";
import { readResponseText } from "./response-text.ts";

export type Answer =
  | {
      readonly kind: "explained";
      readonly explanation: Explanation;
      /** SVG text. */
      readonly diagram: string;
      readonly notes: readonly string[];
    }
  | {
      readonly kind: "fault";
      readonly message: string;
      readonly diagnostics: readonly Diagnostic[];
    };

/** Policies of a gateway by name; none on a page of its own. */
export type Policies = ReadonlyMap<string, unknown>;

/** Total: whatever was typed gives an explanation or a fault. */
export function answer(question: Question, policies: Policies): Answer {
  const { origin, url, method, credentials, mode } = question;
  const notes: string[] = [];
  const headers: [string, string][] = [];
  for (const line of question.headers.split("\n")) {
    if (line.trim() === "") continue;
    const colon = line.indexOf(":");
    if (colon > 0) headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
    else headers.push([line.trim(), "x"]);
  }
  const server = serverOf(question, policies, notes);
  if ("kind" in server) return server;
  try {
    const explanation = explainSync(
      { origin, url, method, headers, credentials, mode },
      server.respond,
      server.source === undefined ? {} : { policyOf: () => server.source },
    );
    return { kind: "explained", explanation, diagram: sequenceDiagram(explanation), notes };
  } catch (error) {
    return fault(error instanceof Error ? error.message : String(error));
  }
}

interface Answering {
  readonly respond: BrowserResponder;
  readonly source?: PolicySource;
}

function serverOf(
  { server }: Question,
  policies: Policies,
  notes: string[],
): Answering | Extract<Answer, { kind: "fault" }> {
  if (server.kind === "answer") {
    const actual = readResponseText(server.actual);
    const preflight = readResponseText(server.preflight);
    for (const line of [...actual.ignored, ...preflight.ignored])
      notes.push(`not read as a header: ${line}`);
    const alone = server.preflight.trim() === "";
    let asked = false;
    const respond: BrowserResponder = (_request, { kind }): ResponseHead => {
      if (kind !== "preflight") return actual.head;
      if (alone && !asked)
        notes.push("the preflight (OPTIONS) is taken to get the same headers, with status 200");
      asked = true;
      return alone ? { ...actual.head, status: 200 } : preflight.head;
    };
    return { respond };
  }
  const written = server.kind === "policy" ? parsePolicy(server.text) : policies.get(server.policy);
  if (written instanceof Error) return fault(written.message);
  const { policy, diagnostics } = readPolicy(written);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (policy === undefined) return fault("the policy has faults", errors);
  for (const { severity, message } of diagnostics)
    if (severity !== "info") notes.push(`${severity}: ${message}`);
  const source: PolicySource = {
    policy,
    spelling: (field) => field.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`),
    place: () => undefined,
    serverWith: responderOf,
  };
  return { respond: responderOf(policy), source };
}

function responderOf(policy: Policy): BrowserResponder {
  const decide = compilePolicy(policy);
  return (request) => {
    const decision = decide(request);
    return { status: decision.status ?? 200, headers: applyDecision(decision, []).headers };
  };
}

/** JSON, or TOML: the fields alone, or one `[policies.NAME]` table. */
function parsePolicy(text: string): unknown {
  try {
    return text.trim().startsWith("{") ? JSON.parse(text) : onlyPolicy(parseToml(text));
  } catch (error) {
    const message = error instanceof Error ? error.message.split("\n", 1)[0]! : String(error);
    return new Error(`the policy cannot be parsed: ${message}`);
  }
}

function onlyPolicy(table: Record<string, unknown>): unknown {
  const policies = table["policies"];
  if (typeof policies !== "object" || policies === null) return table;
  const named = Object.values(policies);
  return named.length === 1 ? named[0] : table;
}

function fault(
  message: string,
  diagnostics: readonly Diagnostic[] = [],
): Extract<Answer, { kind: "fault" }> {
  return { kind: "fault", message, diagnostics };
}
