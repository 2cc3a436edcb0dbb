// @corsway/cors: read a policy, decide requests with it, put the decision on a response.
export * from "./diagnostics/diagnostic.ts";
export type * from "./policy/policy.ts";
export type * from "./policy/origin-pattern.ts";
export type * from "./policy/decision.ts";
export type * from "./standard/message.ts";
