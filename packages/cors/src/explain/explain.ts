// Where everything meets: a request of a page × the responses of a server, run in the standard and in three engines; the
// result, the reason, and what fixes it. Data only; print.ts and json.ts turn it into text.

import type { AsyncResponder } from "../standard/message.ts";
import type { Engine, EngineName } from "../browser/engine.ts";
import { engines as everyEngine } from "../browser/engines/engines.ts";
import { consoleMessage } from "../browser/console-message.ts";
import type { PageRequest } from "../browser/request.ts";
import { run, runSync } from "../browser/run.ts";
import type { AsyncBrowserResponder, BrowserResponder, Sending } from "../browser/sending.ts";
import type { BlockDetail, ReasonCode, Verdict } from "../browser/verdict.ts";
import type { BlockFacts } from "./block-facts.ts";
import { AnswerBook } from "./answer-book.ts";
import { listedOrigins, type PolicySource } from "./remedy/policy-remedy.ts";
import { remediesOf } from "./remedy/remedies.ts";
import type { Remedy } from "./remedy/remedy.ts";
import { ruleOf, type Rule } from "./rule.ts";
import { nearestOrigin } from "./origin-difference.ts";
import { sentenceOf, type Sentence } from "./sentence.ts";

/** Advice where no policy decided. `why`: what the configuration does instead, if the response has no CORS header. */
export type Unruled = Remedy & { readonly why?: string };

/** Which browser to model, and what the remedy may change. */
export interface ExplainOptions {
  /** Only one engine; by default all, with the standard's verdict first. */
  readonly engine?: EngineName;
  /**
   * If the server is a policy: the policy that decided, for the remedy to change; or advice, if no policy decided.
   */
  readonly policyOf?: (verdict: Verdict) => PolicySource | Unruled | undefined;
}

/** One engine's result for the request. */
export interface EngineView {
  readonly verdict: Verdict;
  /** What its console prints; no lines if it prints nothing. */
  readonly message: readonly string[];
}

/**
 * Everything that is known about one request: the verdict, each engine's result, the rule that decided, and what fixes
 * it.
 */
export interface Explanation {
  readonly request: PageRequest;
  /** The engine whose verdict is shown first. */
  readonly engine: EngineName;
  readonly verdict: Verdict;
  /** Present exactly if blocked. */
  readonly sentence?: Sentence & Rule;
  readonly engines: Readonly<Partial<Record<EngineName, EngineView>>>;
  readonly remedies: readonly Remedy[];
}

/** Explains with an asynchronous server. Each request is sent once, however many engines make it. */
export async function explain(
  request: PageRequest,
  responder: AsyncBrowserResponder | AsyncResponder,
  options: ExplainOptions = {},
): Promise<Explanation> {
  const book = new AnswerBook();
  const ask: AsyncBrowserResponder = async (head, sending) => {
    const known = book.find(head, sending);
    if (known !== undefined) return known;
    const answer = await (responder as AsyncBrowserResponder)(head, sending);
    book.note(head, sending, answer);
    return answer;
  };
  const verdicts = new Map<Engine, Verdict>();
  for (const engine of enginesOf(options))
    verdicts.set(engine, await run(request, ask, { engine }));
  return explanationOf(request, verdicts, book, options);
}

/** The same with a synchronous server. */
export function explainSync(
  request: PageRequest,
  responder: BrowserResponder,
  options: ExplainOptions = {},
): Explanation {
  const book = new AnswerBook();
  const ask = (head: Parameters<BrowserResponder>[0], sending: Sending) => {
    const known = book.find(head, sending);
    if (known !== undefined) return known;
    const answer = responder(head, sending);
    book.note(head, sending, answer);
    return answer;
  };
  const verdicts = new Map<Engine, Verdict>();
  for (const engine of enginesOf(options)) verdicts.set(engine, runSync(request, ask, { engine }));
  return explanationOf(request, verdicts, book, options);
}

function enginesOf({ engine }: ExplainOptions): readonly Engine[] {
  return engine === undefined ? Object.values(everyEngine) : [everyEngine[engine]];
}

function explanationOf(
  request: PageRequest,
  verdicts: ReadonlyMap<Engine, Verdict>,
  book: AnswerBook,
  options: ExplainOptions,
): Explanation {
  // The standard comes first where all are asked.
  const [[leading, verdict]] = verdicts as unknown as [[Engine, Verdict]];
  const engines: Partial<Record<EngineName, EngineView>> = {};
  for (const [engine, verdict] of verdicts)
    engines[engine.name] = { verdict, message: consoleMessage(request, verdict, engine) };
  const { detail } = verdict;
  const source = options.policyOf?.(verdict);
  const facts = detail === undefined ? undefined : factsOf(detail, verdict, source, request);
  return {
    request,
    engine: leading.name,
    verdict,
    ...(facts === undefined ? {} : { sentence: { ...sentenceOf(facts), ...ruleOf(facts) } }),
    engines,
    remedies:
      facts === undefined
        ? []
        : remediesOf(request, verdict, [...verdicts.keys()], book, source, facts),
  };
}

/** The data of the deciding step, and what the response also shows about the cause. */
function factsOf(
  detail: BlockDetail,
  { wire }: Verdict,
  source: PolicySource | Unruled | undefined,
  { initiator, origin }: PageRequest,
): BlockFacts {
  const last = wire.at(-1)?.response;
  const before = wire.findLast(({ kind, hop }) => kind === "actual" && hop === detail.hop - 1);
  const ruling = source === undefined ? undefined : rulingOf(detail.reason, source, origin);
  return {
    ...detail,
    ...(last === undefined || "kind" in last || detail.at === "request"
      ? {}
      : { seen: last.headers, status: last.status }),
    ...(initiator === "manifest" ? { api: initiator } : {}),
    ...(before === undefined ? {} : { redirectedFrom: before.request.url }),
    ...(ruling === undefined ? {} : { ruling }),
  };
}

function rulingOf(
  reason: ReasonCode,
  source: PolicySource | Unruled,
  origin: string,
): BlockFacts["ruling"] {
  if (!("serverWith" in source)) {
    const isBare = reason === "acao-missing" || reason === "preflight-status";
    return source.why === undefined || !isBare
      ? undefined
      : { refusal: "no-policy", why: source.why };
  }
  const refusal = refusals[reason];
  if (refusal === undefined) return undefined;
  const { name } = source;
  const near =
    refusal === "origin-not-allowed" ? nearestOrigin(listedOrigins(source), origin) : undefined;
  return {
    refusal,
    ...(name === undefined ? {} : { policy: name }),
    ...(near === undefined ? {} : { near }),
  };
}

/** What a policy's refusal means in a browser. */
const refusals: Readonly<
  Partial<Record<ReasonCode, NonNullable<BlockFacts["ruling"]>["refusal"]>>
> = {
  "acao-missing": "origin-not-allowed",
  "acao-mismatch": "origin-not-allowed",
  // A policy responds 403 to a preflight for no other reason.
  "preflight-status": "origin-not-allowed",
  "method-not-allowed": "method-not-allowed",
  "header-not-allowed": "header-not-allowed",
};
