// The fields of a policy and every way to write their names. There is one table, so that the reader of
// levels (the gateway's configuration) and the reader of a policy agree on which names are the same field.

import type { Policy, policyBrand } from "./policy.ts";

/** The TypeScript name of a field: `allowOrigins`. */
export type PolicyField = Exclude<keyof Policy, typeof policyBrand>;

/** How a table spells its keys: in TypeScript's style, or in TOML's. */
export type FieldStyle = "camel" | "snake";

/** Every way to write the name of one field. */
export interface FieldSpelling {
  /** TypeScript's form, and the name of the field in a Policy. */
  readonly camel: PolicyField;
  /** TOML's form. */
  readonly snake: string;
  /** The header that the field corresponds to, in canonical case. */
  readonly header?: string;
  /** Further accepted spellings. */
  readonly also?: readonly string[];
}

/** In the order in which a policy is read and printed. */
export const policyFields: readonly FieldSpelling[] = Object.freeze<FieldSpelling[]>([
  {
    camel: "allowOrigins",
    snake: "allow_origins",
    header: "Access-Control-Allow-Origin",
    also: ["allowOrigin", "allow_origin"],
  },
  { camel: "allowMethods", snake: "allow_methods", header: "Access-Control-Allow-Methods" },
  { camel: "allowHeaders", snake: "allow_headers", header: "Access-Control-Allow-Headers" },
  { camel: "exposeHeaders", snake: "expose_headers", header: "Access-Control-Expose-Headers" },
  {
    camel: "allowCredentials",
    snake: "allow_credentials",
    header: "Access-Control-Allow-Credentials",
  },
  { camel: "maxAge", snake: "max_age", header: "Access-Control-Max-Age" },
  { camel: "preflightStatus", snake: "preflight_status" },
  { camel: "onMismatch", snake: "on_mismatch" },
  { camel: "timingAllowOrigin", snake: "timing_allow_origin" },
  { camel: "dangerouslyAllowNullOrigin", snake: "dangerously_allow_null_origin" },
  { camel: "dangerouslyAllowInsecureOrigins", snake: "dangerously_allow_insecure_origins" },
  {
    camel: "dangerouslyAllowPublicSuffixSubdomains",
    snake: "dangerously_allow_public_suffix_subdomains",
  },
  {
    camel: "dangerouslyAllowAnyOriginWithCredentials",
    snake: "dangerously_allow_any_origin_with_credentials",
  },
]);

const byKey: ReadonlyMap<string, PolicyField> = new Map(
  policyFields.flatMap((field) =>
    [field.camel, field.snake, ...(field.also ?? [])].map((key) => [key, field.camel] as const),
  ),
);

const byHeader: ReadonlyMap<string, PolicyField> = new Map(
  policyFields.flatMap((field) =>
    field.header === undefined ? [] : [[field.header.toLowerCase(), field.camel] as const],
  ),
);

/**
 * The field that a key stands for: camelCase, snake_case, the singular `allow_origin`, or the name of
 * the header in any case. undefined if the key is not a field of a policy.
 */
export function fieldOfKey(key: string): PolicyField | undefined {
  return byKey.get(key) ?? (isHeaderKey(key) ? byHeader.get(key.toLowerCase()) : undefined);
}

/** Whether the key is the name of a header. Its value is then written as in the header: `"true"`. */
export function isHeaderKey(key: string): boolean {
  return key.length < 64 && byHeader.has(key.toLowerCase());
}

/** The spelling that matches the table's other keys: snake_case, unless the table is camelCase. */
export function spellField(field: PolicyField, style: FieldStyle): string {
  if (style === "camel") return field;
  return policyFields.find((spelling) => spelling.camel === field)?.snake ?? field;
}
