// Anything → Policy, or every fault at once. Total: it returns for every input, including hostile
// objects. The order of work: keys to fields, then each field on its own, then what is wrong only in
// combination.

import type { Diagnostic, ValuePath } from "../../diagnostics/diagnostic.ts";
import { hasErrors } from "../../diagnostics/diagnostic.ts";
import { brandPolicy } from "../brand.ts";
import { checkOrigins } from "./check-credentials.ts";
import { policyDefaults } from "../defaults.ts";
import { collectFaults, isArray, quote } from "./faults.ts";
import type { Faults, Where } from "./faults.ts";
import { spellField, type FieldStyle, type PolicyField } from "../field.ts";
import type { Written } from "./list.ts";
import type { Policy } from "../policy.ts";
import { readFields } from "./read-fields.ts";
import type { Fields } from "./read-fields.ts";
import { readMethods } from "./read-methods.ts";
import { readRequestNames, readResponseNames } from "./read-names.ts";
import { readOrigins } from "./read-origins.ts";
import { readBoolean, readMaxAge, readOneOf } from "./read-scalars.ts";
import { setting } from "./spelling.ts";

/** A policy, and everything there is to report about it. */
export interface PolicyReading {
  /** Present exactly if no diagnostic is an error. Deeply frozen. */
  readonly policy?: Policy;
  readonly diagnostics: Diagnostic[];
}

/**
 * Reads a policy from plain data. Keys may be camelCase, snake_case or the names of the headers; lists
 * may be arrays or comma-separated strings. Never throws.
 * @param where finds the place in a file for a path in the value, for diagnostics and their edits
 */
export function readPolicy(input: unknown, where?: Where): PolicyReading {
  return readPolicyFrom("snake", input, where);
}

/** `style`: how fields are spelled in messages about a table whose own keys do not show a style. */
export function readPolicyFrom(style: FieldStyle, input: unknown, where?: Where): PolicyReading {
  const faults = collectFaults(where);
  const policy = read(input, style, faults);
  const { diagnostics } = faults;
  return policy === undefined || hasErrors(diagnostics) ? { diagnostics } : { policy, diagnostics };
}

function read(input: unknown, style: FieldStyle, faults: Faults): Policy | undefined {
  if (typeof input !== "object" || input === null || isArray(input)) {
    faults.add({
      code: "policy/not-a-table",
      path: [],
      message: `${quote(input)} is not a policy`,
      why: "a policy is a table of fields",
      say: `write \`${setting(spellField("allowOrigins", style), '"https://app.example.com"')}\` and whatever else you allow`,
    });
    return undefined;
  }
  const fields = readFields(input, style, faults);
  if (fields === undefined) return undefined;

  const { written, spell } = fields;
  const boolean = (field: PolicyField): boolean => {
    const found = written.get(field);
    return found !== undefined && readBoolean(found, faults);
  };
  const allowCredentials = boolean("allowCredentials");
  const timingAllowOrigin = boolean("timingAllowOrigin");
  const flags = {
    dangerouslyAllowNullOrigin: boolean("dangerouslyAllowNullOrigin"),
    dangerouslyAllowInsecureOrigins: boolean("dangerouslyAllowInsecureOrigins"),
    dangerouslyAllowPublicSuffixSubdomains: boolean("dangerouslyAllowPublicSuffixSubdomains"),
    dangerouslyAllowAnyOriginWithCredentials: boolean("dangerouslyAllowAnyOriginWithCredentials"),
  };

  const credentialsAt: ValuePath | undefined = allowCredentials
    ? written.get("allowCredentials")!.path
    : undefined;
  const allowOrigins = readAllowOrigins(fields, faults, (origins) =>
    checkOrigins(
      origins,
      {
        credentialsAt,
        nullOrigin: flags.dangerouslyAllowNullOrigin,
        insecureOrigins: flags.dangerouslyAllowInsecureOrigins,
        publicSuffixSubdomains: flags.dangerouslyAllowPublicSuffixSubdomains,
        anyOriginWithCredentials: flags.dangerouslyAllowAnyOriginWithCredentials,
        spell: (flag) => spell(`dangerouslyAllow${flag}`),
      },
      faults,
    ),
  );

  const field = <T>(
    name: PolicyField,
    reader: (found: Written) => T | undefined,
  ): T | undefined => {
    const found = written.get(name);
    return found === undefined ? undefined : reader(found);
  };
  const allowMethods = field("allowMethods", (found) => readMethods(found, faults));
  const allowHeaders = field("allowHeaders", (found) => readRequestNames(found, faults));
  const exposeHeaders = field("exposeHeaders", (found) => readResponseNames(found, faults));
  if (exposeHeaders?.any !== undefined && credentialsAt !== undefined)
    faults.add({
      code: "policy/credentials-with-any-exposed-header",
      path: exposeHeaders.any.path,
      part: exposeHeaders.any.part,
      message: "`*` exposes every response header, with credentials",
      why: "when credentials are sent, a browser treats `*` as the literal name of a header, so nothing would be exposed",
      say: "list the names",
      also: [{ path: credentialsAt, say: "credentials are allowed here" }],
    });
  const maxAge = field("maxAge", (found) => readMaxAge(found, faults));
  const preflightStatus = field("preflightStatus", (found) => readOneOf(found, [204, 200], faults));
  const onMismatch = field("onMismatch", (found) =>
    readOneOf(found, ["omit", "reject-writes", "reject"], faults),
  );

  if (allowOrigins === undefined) return undefined;
  if (
    allowOrigins === "*" &&
    !allowCredentials &&
    onMismatch !== undefined &&
    onMismatch !== "omit"
  )
    faults.add({
      code: "policy/mismatch-never",
      path: written.get("onMismatch")!.path,
      message: `\`${onMismatch}\` has no effect where every origin is allowed`,
      why: "it is for pages that the policy does not allow, and this policy allows every page",
      say: "list the origins that may write, or remove it",
      also: [{ path: written.get("allowOrigins")!.path, say: "every origin is allowed here" }],
    });
  return brandPolicy({
    allowOrigins,
    allowMethods: allowMethods ?? policyDefaults.allowMethods,
    allowHeaders: allowHeaders?.list ?? policyDefaults.allowHeaders,
    exposeHeaders: exposeHeaders?.list ?? policyDefaults.exposeHeaders,
    allowCredentials,
    ...(maxAge !== undefined && { maxAge }),
    preflightStatus: preflightStatus ?? policyDefaults.preflightStatus,
    onMismatch: onMismatch ?? policyDefaults.onMismatch,
    timingAllowOrigin,
    ...flags,
  });
}

function readAllowOrigins(
  { written, unset, meant, spell }: Fields,
  faults: Faults,
  check: (origins: NonNullable<ReturnType<typeof readOrigins>>) => void,
): Policy["allowOrigins"] | undefined {
  const found = written.get("allowOrigins");
  if (found === undefined) {
    if (meant.has("allowOrigins")) return undefined;
    const key = spell("allowOrigins");
    faults.add({
      code: "policy/missing-origins",
      path: [],
      message: unset.has("allowOrigins") ? `\`${key}\` is undefined` : `\`${key}\` is missing`,
      why: unset.has("allowOrigins")
        ? "an environment variable that is not set reads so, and there is no safe default"
        : "a policy says who may read, and there is no safe default",
      say: `write \`${setting(key, '"https://app.example.com"')}\`, or \`"*"\` for every origin`,
    });
    return undefined;
  }
  const origins = readOrigins(found, faults);
  if (origins === undefined) return undefined;
  check(origins);
  if (!origins.sound) return undefined;
  if (origins.any !== undefined) return "*";
  return Object.freeze(origins.patterns.map(({ pattern }) => pattern));
}
