// `cors = false`: no page of another origin can read anything. This is its own decision and not an
// empty policy, because its result depends on no request header and so adds nothing to Vary.

import type { HeaderList, RequestHead } from "../../standard/message.ts";
import type { Decision } from "./decision.ts";
import { originRefusal, type OriginRefusal } from "./origin-refusal.ts";
import { answerByKind, headReader, type KindAnswers } from "./request-kind.ts";
import type { OriginAnswer } from "./rule.ts";

const none: HeaderList = Object.freeze([]);
const noVary: readonly string[] = Object.freeze([]);
const optionsVary: readonly string[] = Object.freeze(["Origin", "Access-Control-Request-Method"]);

/**
 * Refuses every other origin: a preflight gets 403. An actual request proceeds, and its response
 * carries no CORS headers, so the browser withholds it from the page.
 */
export function noAccess(request: RequestHead): Decision {
  return answerByKind(request, headReader, answers);
}

// Whether an OPTIONS request is answered here or by the application does depend on its headers.
function varyOn(method: string): readonly string[] {
  return method === "OPTIONS" ? optionsVary : noVary;
}

function proceeds(kind: "not-cors" | "same-origin", method: string): Decision {
  return { kind, allowed: true, headers: none, vary: varyOn(method) };
}

function refuse(refusal: OriginRefusal): OriginAnswer<Decision> {
  const refused = { allowed: false, refusal, headers: none } as const;
  return {
    sameOrigin: (method) => proceeds("same-origin", method),
    actual: (method) => ({ kind: "actual", ...refused, vary: varyOn(method) }),
    preflight: () => ({ kind: "preflight", ...refused, status: 403, vary: optionsVary }),
  };
}

const refusals: Readonly<Record<OriginRefusal, OriginAnswer<Decision>>> = {
  "origin-not-allowed": refuse("origin-not-allowed"),
  "origin-malformed": refuse("origin-malformed"),
};

const answers: KindAnswers<RequestHead, Decision> = {
  unnamed: (_request, method) => proceeds("not-cors", method),
  origin: (origin) => refusals[originRefusal(origin)],
};
