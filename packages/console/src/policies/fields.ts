// The fields of a policy as the form shows them: the four that everybody needs first.

export interface FormField {
  /** As in TOML. */
  readonly name: string;
  readonly label: string;
  readonly say: string;
  readonly kind: "lines" | "list" | "switch" | "text" | readonly string[];
}

export const firstFields: readonly FormField[] = [
  {
    name: "allow_origins",
    label: "Allowed origins",
    say: "The pages that may read responses, one a line: https://app.example.com, https://*.example.com, or *",
    kind: "lines",
  },
  {
    name: "allow_methods",
    label: "Allowed methods",
    say: "Separated by commas. Default: GET, HEAD, POST, which no list can take away",
    kind: "list",
  },
  {
    name: "allow_headers",
    label: "Allowed request headers",
    say: "Separated by commas. * does not cover Authorization",
    kind: "list",
  },
  {
    name: "allow_credentials",
    label: "Allow credentials",
    say: "Pages may ask with the visitor's cookies",
    kind: "switch",
  },
];

export const furtherFields: readonly FormField[] = [
  {
    name: "expose_headers",
    label: "Exposed response headers",
    say: "What a page can read in addition to the safelisted ones",
    kind: "list",
  },
  {
    name: "max_age",
    label: "Preflight cache",
    say: 'Seconds, or a duration such as "24h"; empty: what the browser does by default',
    kind: "text",
  },
  {
    name: "preflight_status",
    label: "Status of preflight responses",
    say: "Default: 204",
    kind: ["", "200", "204"],
  },
  {
    name: "on_mismatch",
    label: "Pages that are not allowed",
    say: "omit: they cannot read; reject-writes: nothing but GET, HEAD, OPTIONS; reject: nothing at all",
    kind: ["", "omit", "reject-writes", "reject"],
  },
  {
    name: "timing_allow_origin",
    label: "Allow timing",
    say: "Allowed origins see detailed timing (Timing-Allow-Origin)",
    kind: "switch",
  },
  {
    name: "path",
    label: "Only paths that match",
    say: "A regular expression (RE2) on the canonical path; empty: all",
    kind: "text",
  },
  {
    name: "dangerously_allow_null_origin",
    label: "Dangerous: the origin null",
    say: "Sandboxed frames and local files, which anybody can make",
    kind: "switch",
  },
  {
    name: "dangerously_allow_insecure_origins",
    label: "Dangerous: http: pages with credentials",
    say: "Whoever is on the visitor's network can write such a page",
    kind: "switch",
  },
  {
    name: "dangerously_allow_public_suffix_subdomains",
    label: "Dangerous: every name under a public suffix",
    say: "Such as https://*.github.io, where anybody can have a name",
    kind: "switch",
  },
  {
    name: "dangerously_allow_any_origin_with_credentials",
    label: "Dangerous: any origin with credentials",
    say: "Every page acts as its visitor",
    kind: "switch",
  },
];
