// `cors = false`: no page of another origin can read anything. This is its own decision and not an
// empty policy, because its result depends on no request header and so adds nothing to Vary.

import type { HeaderList, RequestHead } from "../../standard/message.ts";
import type { Decision } from "./decision.ts";
import { originRefusal } from "./origin-refusal.ts";
import { blankFacts, headReader, readFacts } from "./request-kind.ts";

const none: HeaderList = Object.freeze([]);
const noVary: readonly string[] = Object.freeze([]);
const optionsVary: readonly string[] = Object.freeze(["Origin", "Access-Control-Request-Method"]);

/**
 * Refuses every other origin: a preflight gets 403. An actual request proceeds, and its response
 * carries no CORS headers, so the browser withholds it from the page.
 */
export function noAccess(request: RequestHead): Decision {
  const facts = blankFacts();
  readFacts(request, headReader, facts);
  const { kind, origin } = facts;
  // Whether an OPTIONS request is answered here or by the application does depend on its headers.
  const vary = request.method === "OPTIONS" ? optionsVary : noVary;
  if (kind === "not-cors" || kind === "same-origin")
    return { kind, allowed: true, headers: none, vary };
  const refusal = originRefusal(origin);
  if (kind === "actual") return { kind, allowed: false, refusal, headers: none, vary };
  return { kind, allowed: false, refusal, status: 403, headers: none, vary };
}
