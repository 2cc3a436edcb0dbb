// Asking: the browser's algorithms run in this page, against whoever the question says answers.
// Loaded when the first question is asked.

import {
  applyDecision,
  compilePolicy,
  readPolicy,
  type Diagnostic,
  type Policy,
} from "@corsway/cors";
import type { BrowserResponder, PageBody, PageRequest } from "@corsway/cors/browser";
import {
  explainSync,
  sequenceDiagram,
  type Explanation,
  type PolicySource,
} from "@corsway/cors/explain";
import { answeredTwice, givenAnswers, missingAnswer, toWire } from "corsway/paste";
import { parse as parseToml } from "smol-toml";
import { readAnswers } from "./answer-text.ts";
import type { Question } from "./question.ts";

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
    if (colon > 0)
      headers.push([line.slice(0, colon).trim(), toWire(line.slice(colon + 1).trim())]);
    else headers.push([line.trim(), "x"]);
  }
  const body = bodies[question.body];
  const page: PageRequest = { origin, url, method, headers, body, credentials, mode };
  const server = serverOf(question, policies, notes);
  if ("kind" in server) return server;
  try {
    const explanation = explainSync(
      page,
      server.respond,
      server.source === undefined ? {} : { policyOf: () => server.source },
    );
    const lacking = explanation.verdict.reason === "network-error" && server.lacking?.(page);
    if (lacking) return fault(lacking);
    if (server.isDoubled?.() === true) notes.push(answeredTwice);
    return { kind: "explained", explanation, diagram: sequenceDiagram(explanation), notes };
  } catch (error) {
    return fault(error instanceof Error ? error.message : String(error));
  }
}

/** As `fetch()` sends them: a string has a type of its own, which a Content-Type among the headers replaces. */
const bodies: Readonly<Record<Question["body"], PageBody>> = {
  none: { kind: "none" },
  text: { kind: "bytes", length: 1, contentType: "text/plain;charset=UTF-8" },
  stream: { kind: "stream" },
};

interface Answering {
  readonly respond: BrowserResponder;
  readonly source?: PolicySource;
  /** The answer that the question does not hold, after a request found none. */
  readonly lacking?: (page: PageRequest) => string | undefined;
  /** One answer was used for the preflight and for the request. */
  readonly isDoubled?: () => boolean;
}

function serverOf(
  { server }: Question,
  policies: Policies,
  notes: string[],
): Answering | Extract<Answer, { kind: "fault" }> {
  if (server.kind === "answer") {
    const read = readAnswers(server);
    if (read.kind === "unreadable") return fault(read.message);
    const { respond, missing, isDoubled } = givenAnswers(read.exchanges);
    const lacking = (page: PageRequest): string | undefined => {
      const request = missing();
      if (request === undefined) return undefined;
      const { say, why, fix } = missingAnswer(page, request, read.exchanges);
      return `${say}: ${why}; ${fix}`;
    };
    return { respond, lacking, isDoubled };
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
