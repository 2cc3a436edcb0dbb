// One entry of allow_origins: a pattern over the tuple (scheme, host, port), never a regular
// expression over the string.

/**
 * A host: exact, any (not for `http` and `https`), `*.` and a suffix (one or more labels, never the
 * apex), or a first label that contains one `*`. A suffix has no leading dot. A `*` never matches the
 * empty string. It matches a-z, 0-9, `-` and `_`, and also dots if it can match several labels. A host
 * may contain other bytes, but then it must be listed exactly.
 */
export type HostPattern =
  | { readonly kind: "exact"; readonly host: string }
  | { readonly kind: "any" }
  | { readonly kind: "subdomains"; readonly suffix: string }
  | {
      readonly kind: "label";
      readonly before: string;
      readonly after: string;
      readonly suffix: string;
    };

/** A port: the scheme's default, any (or none), or one of a list. */
export type PortPattern = "default" | "any" | readonly number[];

/**
 * The origins that an entry matches: the opaque ones (`null`), or those whose scheme, host and port all
 * match.
 */
export type OriginPattern =
  | { readonly kind: "null" }
  | {
      readonly kind: "tuple";
      readonly scheme: string;
      readonly host: HostPattern;
      readonly port: PortPattern;
    };

/** Prints a pattern in its canonical form. `readPolicy` reads it back to an equal pattern. */
export function printOriginPattern(pattern: OriginPattern): string {
  if (pattern.kind === "null") return "null";
  return `${pattern.scheme}://${printHost(pattern.host)}${printPort(pattern.port)}`;
}

function printHost(host: HostPattern): string {
  switch (host.kind) {
    case "exact":
      return host.host;
    case "any":
      return "*";
    case "subdomains":
      return `*.${host.suffix}`;
    case "label":
      return `${host.before}*${host.after}.${host.suffix}`;
  }
}

function printPort(port: PortPattern): string {
  if (port === "default") return "";
  if (port === "any") return ":*";
  return port.length === 1 ? `:${port[0]}` : `:[${port.join(",")}]`;
}
