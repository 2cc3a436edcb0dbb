// The register of the faults of a configuration file: `toml/…` for the text itself, `config/…` for
// its content, `pingap/…` for Pingap's own files. (`policy/…` belongs to the library.) A code is
// public and is never reused for anything different.

import type { Severity } from "@corsway/cors/diagnostics";

export const codes = {
  "toml/unreadable": { severity: "error", title: "a file or directory that cannot be read" },
  "toml/too-large": { severity: "error", title: "a file larger than 1 MiB" },
  "toml/encoding": { severity: "error", title: "a file that is not UTF-8" },
  "toml/syntax": { severity: "error", title: "text that is not TOML" },
  "toml/too-deep": { severity: "error", title: "values nested too deeply" },
  "toml/duplicate-key": { severity: "error", title: "a key or table written twice in one file" },

  "config/defined-twice": { severity: "error", title: "a table defined in two files" },
  "config/unknown-key": { severity: "error", title: "a key that has no meaning" },
  "config/wrong-type": { severity: "error", title: "a value of the wrong type" },
  "config/unknown-value": { severity: "error", title: "a word that is not one of those known" },
  "config/out-of-range": { severity: "error", title: "a number outside its bounds" },
  "config/required": { severity: "error", title: "a missing required key" },
  "config/duration": { severity: "error", title: "text that is not a duration" },
  "config/size": { severity: "error", title: "text that is not a size" },
  "config/address": { severity: "error", title: "text that is not an address" },
  "config/host": { severity: "error", title: "text that is not a host" },
  "config/path": { severity: "error", title: "a path that can never match" },
  "config/regex": { severity: "error", title: "a regular expression that RE2 does not accept" },
  "config/rewrite": { severity: "error", title: "a rewrite that cannot work" },
  "config/method": { severity: "error", title: "text that is not an HTTP method" },
  "config/header": { severity: "error", title: "a header that must not be set" },
  "config/health-check": { severity: "error", title: "a health check that cannot work" },
  "config/network": { severity: "error", title: "text that is not an IP address or network" },
  "config/tls-files": { severity: "error", title: "a certificate or key that cannot be used" },
  "config/no-servers": { severity: "error", title: "no server is defined" },
  "config/unknown-name": { severity: "error", title: "a name that is not defined" },
  "config/name-taken": { severity: "error", title: "a policy and a plugin with the same name" },
  "config/duplicate-address": { severity: "error", title: "two listeners on one address" },
  "config/admin-open": { severity: "error", title: "an open admin listener" },
  "config/two-policies": { severity: "error", title: "a location with two policies" },
  "config/rule": { severity: "error", title: "a rule that is not a policy" },
  "config/no-rules": { severity: "error", title: "a list without a rule" },
  "config/rule-path": { severity: "error", title: "a rule with a path" },
  "config/merged-rules": { severity: "error", title: "rules where levels are merged" },
  "config/interpolation": { severity: "error", title: "a variable in a value" },
  "config/unknown-env": { severity: "error", title: "an environment without a file" },
  "config/shadowed-location": { severity: "warning", title: "a location that is never reached" },
  "config/shadowed-rule": { severity: "warning", title: "a rule that is never reached" },
  "config/open-writes": { severity: "info", title: "writes of pages that are not allowed" },
  "config/unused-policy": { severity: "warning", title: "a policy that nothing uses" },
  "config/unused-upstream": { severity: "warning", title: "an upstream that nothing uses" },
  "config/open-hosts": { severity: "info", title: "a server that answers to every name" },
  "config/unused-location": { severity: "warning", title: "a location that no server serves" },
  "config/login-redirect": { severity: "warning", title: "a 401 for pages that none can read" },
  "config/ambiguous-paths": { severity: "info", title: "a location where ambiguous paths pass" },

  "pingap/ignored-key": { severity: "info", title: "a Pingap key that Corsway does not have" },
  "pingap/ignored-plugin": { severity: "info", title: "a plugin that is not CORS" },
  "pingap/ignored-guard": { severity: "warning", title: "a guard that is ignored" },
  "pingap/read-as-meant": { severity: "info", title: "a value that Pingap ignores silently" },
  "pingap/raw-prefix": { severity: "info", title: "prefixes without a segment boundary" },
  "pingap/condition": { severity: "error", title: "a Pingap key that controls access" },
  "pingap/storage": { severity: "error", title: "an include that cannot be applied" },
} as const satisfies Record<string, { readonly severity: Severity; readonly title: string }>;

export type Code = keyof typeof codes;
