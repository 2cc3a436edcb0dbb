// @corsway/cors/explain: why a page may not read a response, and what fixes it.
export {
  explain,
  explainSync,
  type EngineView,
  type ExplainOptions,
  type Explanation,
  type Unruled,
} from "./explain.ts";
export { advised, type Assumption, type Loss, type Remedy } from "./remedy/remedy.ts";
export type { PolicySource } from "./remedy/policy-remedy.ts";
export type {
  Change,
  HeaderChange,
  PolicyChange,
  RequestChange,
  StatusChange,
} from "./remedy/change.ts";
export type { NotCorsReason, BlockFacts, MessageOnlyReason } from "./block-facts.ts";
export type { Sentence } from "./sentence.ts";
export type { Rule } from "./rule.ts";
export type { Advice } from "./recommendation.ts";
export { printExplanation, views, type PrintOptions, type View } from "./print.ts";
export { sequenceDiagram, type DiagramOptions } from "./sequence-diagram.ts";
export {
  preflightCost,
  printPreflightCost,
  type PreflightCost,
  type PreflightCount,
  type PreflightSaving,
  type SessionRequest,
} from "./preflight-cost.ts";
export { headerReading, type HeaderReading } from "./header-reading.ts";
export { explanationJson, type DecidedBy, type ExplanationJson } from "./json.ts";
export {
  decodeMessage,
  decodeMessages,
  isLongerThanRead,
  type DecodedMessage,
  type MessageContext,
} from "./messages/messages.ts";
export type { MessageEngine, MessageReason } from "./messages/wording.ts";
export { printMessage } from "./messages/print-message.ts";
export { isNotCors } from "./not-cors.ts";
export type { CulpritKind } from "./culprit/culprit.ts";
