// @corsway/cors: read a policy, decide requests with it, say what it means, print it and its faults.
export { readPolicy } from "./policy/read/read.ts";
export type { PolicyReading } from "./policy/read/read.ts";
export type { Part, Where } from "./policy/read/faults.ts";
export { definePolicy, PolicyError } from "./policy/read/define.ts";
export { appOrigins } from "./policy/read/app-origins.ts";
export type { AppOrigin } from "./policy/read/app-origins.ts";
export { shadowedRules } from "./policy/read/shadowed-rules.ts";
export type { ShadowedRule } from "./policy/read/shadowed-rules.ts";
export type {
  NameList,
  OnMismatch,
  Policy,
  PolicyInput,
  RequestNameList,
} from "./policy/policy.ts";
export type { PolicyRules } from "./policy/rules.ts";
export type { HostPattern, OriginPattern, PortPattern } from "./policy/origin-pattern.ts";
export { admits } from "./policy/admits.ts";
export { permits, permitsOrigin } from "./policy/permits.ts";
export type { PolicyRequest } from "./policy/permits.ts";
export { compilePolicy } from "./policy/decide/compile.ts";
export type { Decide, Decision, Refusal } from "./policy/decide/decision.ts";
export { applyDecision } from "./policy/decide/apply.ts";
export type { Applied } from "./policy/decide/apply.ts";
export { writePolicy } from "./policy/write.ts";
export { printOriginPattern } from "./policy/origin-pattern.ts";
export { hasErrors } from "./diagnostics/diagnostic.ts";
export type {
  Diagnostic,
  Edit,
  Fix,
  Place,
  Severity,
  ValuePath,
} from "./diagnostics/diagnostic.ts";
export { renderText } from "./diagnostics/render-text.ts";
export type { TextOptions } from "./diagnostics/render-text.ts";
export type {
  AsyncResponder,
  Header,
  HeaderList,
  RequestHead,
  Responder,
  ResponseHead,
} from "./standard/message.ts";
