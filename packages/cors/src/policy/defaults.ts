// The default of each field of a policy. There is no default for allowOrigins: only the owner of a
// server can decide who may read.

import type { UnbrandedPolicy } from "./policy.ts";

export const policyDefaults: Omit<UnbrandedPolicy, "allowOrigins"> = Object.freeze({
  allowMethods: Object.freeze(["GET", "HEAD", "POST"]),
  allowHeaders: Object.freeze({
    any: false,
    names: Object.freeze([]),
    families: Object.freeze([]),
  }),
  exposeHeaders: Object.freeze({ any: false, names: Object.freeze([]) }),
  allowCredentials: false,
  preflightStatus: 204,
  onMismatch: "omit",
  timingAllowOrigin: false,
  dangerouslyAllowNullOrigin: false,
  dangerouslyAllowInsecureOrigins: false,
  dangerouslyAllowPublicSuffixSubdomains: false,
  dangerouslyAllowAnyOriginWithCredentials: false,
});
