// @corsway/cors/adapter: what an adapter for another framework is made of.
export { createWalk, withControls } from "./walk.ts";
export type {
  CorsControls,
  OriginList,
  PolicyChoice,
  UpgradeRequest,
  Walk,
  WalkReader,
  WrittenPolicy,
  WrittenRule,
} from "./walk.ts";
export type { Answer } from "./answer.ts";
export type { Settings } from "./settings.ts";
export type { CorsEvent, LookupFailure, Report } from "./report.ts";
export type {
  OriginFunction,
  OriginQuestion,
  HeaderNameText,
  OriginText,
  PolicyLiteral,
  RunTimePolicy,
} from "./policy-literal.ts";
export { isDecided, nodeReader, putOnHead, sendAnswer } from "./node-head.ts";
export type { NodeRequest, NodeResponse } from "./node-head.ts";
export { fetchReader, putOnHeaders, putOnResponse, responseOf } from "./fetch-head.ts";
export type { FetchRequest } from "./fetch-head.ts";
export { isOriginOf } from "./own-origin.ts";
