// What is wrong only in combination: credentials with origins that anyone could have. Each exception has
// a flag with a long name, off by default.

import type { ValuePath } from "../../diagnostics/diagnostic.ts";
import { isLoopbackHost } from "../../standard/loopback-host.ts";
import { quote } from "./faults.ts";
import type { Faults } from "./faults.ts";
import type { Entry } from "./list.ts";
import type { HostPattern, OriginPattern } from "../origin-pattern.ts";
import { isPublicSuffix, ownFormUnder } from "./public-suffix.ts";
import type { ReadOrigins } from "./read-origins.ts";
import { setting } from "./spelling.ts";

export interface CredentialsCheck {
  /** Path of the field that allows credentials. undefined: they are not allowed. */
  readonly credentialsAt: ValuePath | undefined;
  readonly nullOrigin: boolean;
  readonly insecureOrigins: boolean;
  readonly publicSuffixSubdomains: boolean;
  readonly anyOriginWithCredentials: boolean;
  /** How to spell a flag in this table. */
  readonly spell: (
    flag: "NullOrigin" | "InsecureOrigins" | "PublicSuffixSubdomains" | "AnyOriginWithCredentials",
  ) => string;
}

/** Reports each origin that may not be combined with credentials, or not without its flag. */
export function checkOrigins(origins: ReadOrigins, check: CredentialsCheck, faults: Faults): void {
  const { credentialsAt } = check;
  if (origins.any !== undefined && credentialsAt !== undefined && !check.anyOriginWithCredentials)
    tellAnyOrigin(origins.any, credentialsAt, check, faults);
  for (const { entry, pattern } of origins.patterns) {
    if (pattern.kind === "null") checkNull(entry, check, faults);
    else {
      checkScheme(entry, pattern, check, faults);
      if (pattern.host.kind === "any") checkWholeScheme(entry, pattern.scheme, check, faults);
      else if (pattern.host.kind !== "exact") checkPublicSuffix(entry, pattern.host, check, faults);
    }
  }
}

function tellAnyOrigin(
  entry: Entry,
  credentialsAt: ValuePath,
  check: CredentialsCheck,
  faults: Faults,
): void {
  const mirrors = entry.text !== "*";
  faults.add({
    code: "policy/credentials-with-any-origin",
    path: entry.path,
    part: entry.part,
    message: `${quote(entry.text)} allows every origin, with credentials`,
    why: mirrors
      ? "every page on the web could then read this server's answers as the user who visits it"
      : "a browser refuses `*` in the response to a request with credentials, so no page could read anything",
    say: `list the origins; or, if every page may act as its visitor, set \`${setting(check.spell("AnyOriginWithCredentials"), "true")}\``,
    also: [{ path: credentialsAt, say: "credentials are allowed here" }],
  });
}

function checkNull(entry: Entry, check: CredentialsCheck, faults: Faults): void {
  const { path, part } = entry;
  if (check.credentialsAt !== undefined)
    faults.add({
      code: "policy/credentials-with-null-origin",
      path,
      part,
      message: "`null` is listed, with credentials",
      why: "any page can get the origin `null` through a sandboxed frame, so any page could act as its visitor",
      say: "remove `null`, or do not allow credentials",
      also: [{ path: check.credentialsAt, say: "credentials are allowed here" }],
    });
  else if (!check.nullOrigin)
    faults.add({
      code: "policy/null-origin",
      path,
      part,
      message: "`null` is listed",
      why: "any page can get the origin `null` through a sandboxed frame, so this allows every page while appearing to allow one",
      say: `serve local pages from \`http://localhost:PORT\` and list that; or set \`${setting(check.spell("NullOrigin"), "true")}\``,
    });
}

function checkScheme(
  entry: Entry,
  pattern: Extract<OriginPattern, { kind: "tuple" }>,
  check: CredentialsCheck,
  faults: Faults,
): void {
  if (check.credentialsAt === undefined || check.insecureOrigins) return;
  if (pattern.scheme !== "http" || isLoopback(pattern.host)) return;
  const secure = entry.text.replace(/^http:/, "https:");
  faults.add({
    code: "policy/credentials-with-insecure-origin",
    path: entry.path,
    part: entry.part,
    message: `${quote(entry.text)} is http, with credentials`,
    why: "anyone on the visitor's network can serve an http page, and so act as the visitor",
    say: `write ${quote(secure)}; or set \`${setting(check.spell("InsecureOrigins"), "true")}\``,
    also: [{ path: check.credentialsAt, say: "credentials are allowed here" }],
  });
}

/** Traffic to these hosts never leaves the machine. */
function isLoopback(host: HostPattern): boolean {
  if (host.kind === "any") return false;
  return isLoopbackHost(host.kind === "exact" ? host.host : `any.${host.suffix}`);
}

function checkWholeScheme(
  entry: Entry,
  scheme: string,
  { credentialsAt }: CredentialsCheck,
  faults: Faults,
): void {
  if (credentialsAt === undefined) return;
  faults.add({
    code: "policy/credentials-with-whole-scheme",
    path: entry.path,
    part: entry.part,
    message: `${quote(entry.text)} allows every origin of its scheme, with credentials`,
    why: `anyone who gets a ${quote(`${scheme}:`)} page onto the visitor's machine, in any extension or app, could act as the visitor`,
    say: `list your own origins if they are fixed, such as \`${scheme}://ID\``,
    also: [{ path: credentialsAt, say: "credentials are allowed here" }],
  });
}

function checkPublicSuffix(
  entry: Entry,
  host: Extract<HostPattern, { readonly suffix: string }>,
  check: CredentialsCheck,
  faults: Faults,
): void {
  if (check.publicSuffixSubdomains || !isPublicSuffix(host.suffix)) return;
  const credentials = check.credentialsAt;
  const flag = `or set \`${check.spell("PublicSuffixSubdomains")} = true\``;
  faults.add({
    code:
      credentials === undefined ? "policy/public-suffix" : "policy/credentials-with-public-suffix",
    path: entry.path,
    part: entry.part,
    message:
      host.kind === "label"
        ? `${quote(entry.text)} allows every name of this form under the public suffix ${quote(host.suffix)}`
        : `${quote(entry.text)} allows every name under the public suffix ${quote(host.suffix)}`,
    why:
      host.kind === "label"
        ? `anyone can get such a name, whatever is around the \`*\`, so this is as open as \`*.${host.suffix}\``
        : "anyone can get such a name",
    say: `${ownFormUnder(host.suffix) ?? "put your own domain in the pattern"}; ${flag}`,
    ...(credentials !== undefined && {
      also: [{ path: credentials, say: "credentials are allowed here" }],
    }),
  });
}
