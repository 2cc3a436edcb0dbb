// @corsway/cors/policy: what a gateway needs in addition, when it reads policies out of a larger
// configuration, compiles very large ones, or moves them between threads.
export { brandPolicy } from "./brand.ts";
export type { UnbrandedPolicy } from "./policy.ts";
export { fieldOfKey, policyFields } from "./field.ts";
export type { FieldSpelling, PolicyField } from "./field.ts";
export { parseDuration } from "./read/duration.ts";
export { compilePolicyInSteps } from "./decide/compile.ts";
export { runSteps, type Steps } from "./decide/steps.ts";
export { noAccess } from "./decide/no-access.ts";
