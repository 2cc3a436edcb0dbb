// The JSON Schema of the file, for editors (`#:schema ./corsway.schema.json`): generated from the one
// definition, so that an editor reports what `check` reports.

import { policyFields } from "@corsway/cors/policy";
import {
  adminSection,
  globalSection,
  limitsSection,
  locationSection,
  serverSection,
  upstreamSection,
} from "./definition.ts";
import type { JsonSchema } from "../forms/form.ts";
import { ignoredKeys } from "../pingap/pingap-keys.ts";
import { sectionSchema, type Section } from "./section.ts";

const list = (description: string): JsonSchema => ({
  description,
  anyOf: [{ type: "array", items: { type: "string" } }, { type: "string" }],
});
/** A single origin; only check reads a comma-separated list. */
const origin = {
  type: "string",
  pattern: "^(\\*|null|\\$http_origin|\\{\\$http_origin\\}|[a-z][a-z0-9+.-]*://[^/\\s]+)$",
};
const flag = (description: string): JsonSchema => ({ description, type: "boolean" });

/** The library reads a policy; this describes the purpose of each field. */
const policy: Readonly<Record<string, JsonSchema>> = {
  allow_origins: {
    description:
      'who may read: exact origins, "https://*.example.com", "http://localhost:*", "chrome-extension://*", or "*" (required)',
    anyOf: [
      { type: "array", items: origin, minItems: 1 },
      { type: "string", pattern: "[^\\s,]" },
    ],
  },
  allow_methods: list('the methods of preflighted requests, or "*" (default: GET, HEAD, POST)'),
  allow_headers: list(
    'the request headers a page may set: names, families such as "X-Amz-*", or "*"; neither a family nor "*" covers Authorization (default: none)',
  ),
  expose_headers: list('the response headers a page may read, or "*" (default: none)'),
  allow_credentials: flag(
    "whether requests may carry cookies and HTTP authentication (default: false)",
  ),
  max_age: {
    description:
      "how long a preflight response may be cached: seconds, or a duration (default: no header)",
    anyOf: [
      { type: "integer", minimum: 0 },
      { type: "string", examples: ["24h", "1h 30m"] },
    ],
  },
  preflight_status: {
    description: "the status of a preflight response (default: 204)",
    enum: [200, 204],
  },
  on_mismatch: {
    description:
      'what pages that the policy does not allow may do: everything but read, nothing but GET, HEAD and OPTIONS, or nothing; what they may not do gets 403 (default: "omit")',
    enum: ["omit", "reject-writes", "reject"],
  },
  timing_allow_origin: flag("send Timing-Allow-Origin to allowed origins (default: false)"),
  dangerously_allow_null_origin: flag(
    "allow the origin `null`: sandboxed frames, files, and anyone who imitates them",
  ),
  dangerously_allow_insecure_origins: flag("allow http origins with credentials"),
  dangerously_allow_public_suffix_subdomains: flag(
    "let `*.` of a public suffix in with credentials",
  ),
  dangerously_allow_any_origin_with_credentials: flag(
    "allow every origin with credentials: every page may act as your user",
  ),
  path: {
    description: "RE2 on the canonical path; if it does not match, there is no policy",
    type: "string",
    format: "regex",
  },
};

/** JSON Schema 2020-12. */
export function configSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Corsway's configuration",
    type: "object",
    properties: {
      global: sectionSchema(globalSection),
      policies: named(
        { $ref: "#/$defs/policy" },
        "policies that [global], servers and locations refer to",
      ),
      servers: named(withPingap("servers", serverSection), "where the gateway listens"),
      upstreams: named(withPingap("upstreams", upstreamSection), "where requests are sent"),
      locations: named(
        withPingap("locations", locationSection),
        "which requests go where, and under which policy",
      ),
      admin: sectionSchema(adminSection),
      limits: sectionSchema(limitsSection),
      plugins: {
        description: "Pingap's plugins; those of category `cors` are policies",
        type: "object",
      },
      storages: { description: "Pingap's: texts that `includes` adds", type: "object" },
      basic: { description: "Pingap's: ignored", type: "object" },
      certificates: { description: "Pingap's: ignored", type: "object" },
    },
    additionalProperties: false,
    $defs: { policy: policySchema() },
  };
}

/** A section of Pingap's files may have keys that are ignored. */
function withPingap(name: string, section: Section): JsonSchema {
  const schema = sectionSchema(section);
  const left = [...ignoredKeys(name)].map(([key, why]) => [
    key,
    { description: `Pingap's, and ignored: ${why}`, deprecated: true },
  ]);
  const includes = {
    description: "Pingap's: the names of [storages] whose text is merged over this table",
    type: "array",
    items: { type: "string" },
  };
  const own = schema["properties"] as JsonSchema;
  return { ...schema, properties: { ...own, includes, ...Object.fromEntries(left) } };
}

function named(entry: JsonSchema, description: string): JsonSchema {
  return { description, type: "object", additionalProperties: entry };
}

/** Every spelling of every field: `allow_origins`, `allow_origin`, `Access-Control-Allow-Origin`. */
function policySchema(): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const { snake, header, also } of policyFields) {
    const schema = policy[snake];
    if (schema === undefined) throw new Error(`the schema does not know the field ${snake}`);
    const spellings = [snake, ...(also ?? []).filter((name) => name.includes("_"))];
    for (const name of spellings) properties[name] = schema;
    if (header !== undefined) {
      properties[header] = {
        description: String(schema["description"]),
        type: ["string", "array", "boolean", "integer"],
      };
    }
  }
  properties["path"] = policy["path"]!;
  // Other cases and styles of the names are also accepted; an editor does not need to offer them.
  const patternProperties: Record<string, JsonSchema> = {};
  for (const { camel, snake, header } of policyFields) {
    patternProperties[`^${camel}$`] = policy[snake]!;
    if (header !== undefined) patternProperties[anyCase(header)] = properties[header]!;
  }
  return { type: "object", properties, patternProperties, additionalProperties: false };
}

/** A JSON Schema pattern has no flags. */
function anyCase(header: string): string {
  const letters = header.replaceAll(
    /[A-Za-z]/g,
    (one) => `[${one.toUpperCase()}${one.toLowerCase()}]`,
  );
  return `^${letters}$`;
}
