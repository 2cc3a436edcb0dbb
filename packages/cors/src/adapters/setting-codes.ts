// The register of settings/* codes: faults of the second argument of `cors()`. A test joins them with
// docs/reference/diagnostics.md.

import type { RegisteredCode } from "../diagnostics/codes.ts";

const register = {
  "settings/unknown-key": { severity: "error", title: "a key that is not a setting" },
  "settings/wrong-type": { severity: "error", title: "a setting of the wrong type" },
  "settings/host": { severity: "error", title: "a host that no request can have" },
  "settings/not-called": { severity: "error", title: "`cors` itself used as the middleware" },
  "settings/second-function": {
    severity: "error",
    title: "a function for the origins of more than one rule",
  },
} as const;

/** A code that `cors()` may raise in addition to those of a policy: `settings/host`. */
export type SettingCode = keyof typeof register;

/** Every code that `cors()` may raise in addition to those of a policy. */
export const settingCodes: Readonly<Record<SettingCode, RegisteredCode>> = Object.freeze(register);
