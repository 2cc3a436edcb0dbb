// One entry of allow_origins: a pattern over the tuple (scheme, host, port), never a regular
// expression over the string.

/** A host: exact, `*.` and a suffix (one or more labels, never the apex), or `*` inside one label. */
export type HostPattern =
  | { readonly kind: "exact"; readonly host: string }
  | { readonly kind: "subdomains"; readonly suffix: string }
  | { readonly kind: "label"; readonly before: string; readonly after: string; readonly suffix: string };

/** A port: the scheme's default, any (also none), or one of a list. */
export type PortPattern = "default" | "any" | readonly number[];

export type OriginPattern =
  | { readonly kind: "null" }
  | {
      readonly kind: "tuple";
      readonly scheme: string;
      readonly host: HostPattern;
      readonly port: PortPattern;
    };
