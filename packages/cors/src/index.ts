// @corsway/cors: read a policy, decide requests with it, put the decision on a response.
export * from "./diagnostics/diagnostic.ts";
export type * from "./policy/policy.ts";
export * from "./policy/origin-pattern.ts";
export type * from "./policy/decision.ts";
export type * from "./standard/message.ts";
export { policyFields, fieldOfKey } from "./policy/field.ts";
export type { FieldSpelling, PolicyField } from "./policy/field.ts";
export type { Part, Where } from "./policy/faults.ts";
export { readPolicy } from "./policy/read.ts";
export type { PolicyReading } from "./policy/read.ts";
export { writePolicy } from "./policy/write.ts";
export { definePolicy, PolicyError } from "./policy/define.ts";
export { permits, permitsOrigin } from "./policy/permits.ts";
export type { PageRequest } from "./policy/permits.ts";
export { compilePolicy } from "./policy/compile.ts";
export { noAccess } from "./policy/no-access.ts";
export { apply } from "./policy/apply.ts";
export type { Applied } from "./policy/apply.ts";
