// What the admin API accepts and answers with, as schemas for its OpenAPI document. The source is the types that
// the code uses: a member that a type gains, loses or makes optional does not compile here until it is described.
// Every object is closed, so that a test can find a member that is sent and not described.

import { z } from "@hono/zod-openapi";
import type { PolicyRequest, Refusal } from "@corsway/cors";
import type { Diagnostic, Edit, Fix, Place } from "@corsway/cors/diagnostics";
import type {
  EffectiveCors,
  EffectiveField,
  EffectiveLocation,
  EffectiveServer,
  WrittenAt,
} from "../config/effective.ts";
import type { AccessRecord } from "../observe/access-record.ts";
import type { DecisionCount } from "../observe/counters.ts";
import type { Hour, Minute, RefusalGroup } from "../observe/timeline.ts";
import type { Checked, ConfigFile, ConfigText, HistoryEntry } from "./control.ts";
import type { DecisionEvent } from "./decision-feed.ts";
import type { EffectiveChange } from "./effective-changes.ts";
import type { ServerStatus, Status, UpstreamStatus } from "./status.ts";

/** A schema for each member of T, optional exactly where T is. */
type Members<T> = {
  readonly [K in keyof T]-?: {} extends Pick<T, K>
    ? z.ZodOptional<z.ZodType<T[K]>>
    : z.ZodType<T[K]>;
};

function object<T>(members: Members<T>): z.ZodType<T> {
  return z.strictObject(members) as unknown as z.ZodType<T>;
}

/** `name`: under `components/schemas`. */
function named<T>(name: string, members: Members<T>): z.ZodType<T> {
  return object(members).openapi(name);
}

/** All names of T: one that is missing or does not exist does not compile. */
function oneOf<T extends string>(names: Readonly<Record<T, true>>): z.ZodType<T> {
  return z.enum(Object.keys(names) as [T, ...T[]]) as unknown as z.ZodType<T>;
}

const text = z.string();
const texts = z.array(z.string());
const count = z.int().min(0);
const time = z.iso.datetime();
/** A value of the configuration. */
const written = z
  .union([z.null(), z.boolean(), z.number(), z.string(), texts])
  .openapi("Value", { description: "as in TOML; null: none" });

const place = named<Place>("Place", {
  file: text,
  line: count,
  column: count,
  endLine: count.optional(),
  endColumn: count.optional(),
});
const diagnostic = named<Diagnostic>("Diagnostic", {
  code: text,
  severity: oneOf<Diagnostic["severity"]>({ error: true, warning: true, info: true }),
  path: text,
  at: place.optional(),
  message: text,
  why: text,
  fix: object<Fix>({
    say: text,
    edit: object<Edit>({ at: place, text }).optional(),
  }).optional(),
  also: z
    .array(
      object<NonNullable<Diagnostic["also"]>[number]>({
        path: text.optional(),
        at: place.optional(),
        say: text,
      }),
    )
    .optional(),
});

const writtenAt = named<WrittenAt>("WrittenAt", {
  level: oneOf<WrittenAt["level"]>({ location: true, server: true, global: true }),
  path: text,
  at: object<NonNullable<WrittenAt["at"]>>({ file: text, line: count, column: count }).optional(),
});
const fields = z.record(
  text,
  named<EffectiveField>("EffectiveField", { value: written, from: writtenAt.optional() }),
);
const effectiveCors = named<EffectiveCors>("EffectiveCors", {
  kind: oneOf<EffectiveCors["kind"]>({
    absent: true,
    closed: true,
    upstream: true,
    policy: true,
    rules: true,
  }),
  policy: text.optional(),
  from: writtenAt.optional(),
  fields: fields.optional(),
  rules: z
    .array(object<NonNullable<EffectiveCors["rules"]>[number]>({ policy: text, fields }))
    .optional(),
});
const effectiveServer = named<EffectiveServer>("EffectiveServer", {
  name: text,
  addresses: texts,
  tls: z.boolean(),
  hosts: texts,
  ambiguousPaths: oneOf<EffectiveServer["ambiguousPaths"]>({ refused: true, harmless: true }),
  locations: z.array(
    named<EffectiveLocation>("EffectiveLocation", {
      name: text,
      hosts: texts,
      path: text,
      methods: texts.optional(),
      upstream: text.optional(),
      ambiguousPaths: z.literal("allow").optional(),
      cors: effectiveCors,
    }),
  ),
  fallback: effectiveCors,
});

const status: Members<Status> = {
  version: text,
  ready: z.boolean(),
  started: time,
  processes: z.array(count),
  generation: object<Status["generation"]>({ number: count, hash: text, since: time }),
  files: texts,
  reloadProblem: text.optional(),
  reloads: object<Status["reloads"]>({ taken: count, refused: count }),
  servers: z.array(
    object<ServerStatus>({
      name: text,
      urls: texts,
      locationCount: count,
      locations: z.array(
        object<ServerStatus["locations"][number]>({
          name: text,
          host: text,
          path: text,
          methods: text,
          upstream: text,
          cors: text,
        }),
      ),
    }),
  ),
  upstreams: z.array(
    object<UpstreamStatus>({
      name: text,
      checked: z.boolean(),
      websocketsRefused: count,
      addresses: z.array(
        object<UpstreamStatus["addresses"][number]>({
          address: text,
          healthy: z.boolean(),
          active: count,
          websockets: count,
        }),
      ),
    }),
  ),
  requests: object<Status["requests"]>({ total: count, byClass: z.record(text, count) }),
  errors: z.record(text, count),
  connections: object<Status["connections"]>({ open: count, refused: count }),
  decisions: z.array(
    object<DecisionCount>({
      location: text,
      policy: text,
      kind: text,
      outcome: text,
      reason: text,
      count,
    }),
  ),
  accessLog: object<Status["accessLog"]>({ dropped: count }),
  warnings: z.array(object<Status["warnings"][number]>({ code: text, message: text, at: text })),
};

/** GET /api/overview. */
export type Overview = Status & {
  readonly effective: readonly EffectiveServer[];
  readonly diagnostics: readonly Diagnostic[];
};
export const overview = named<Overview>("Overview", {
  ...status,
  effective: z.array(effectiveServer),
  diagnostics: z.array(diagnostic),
});

export const hour = named<Hour>("Hour", {
  minutes: z.array(
    object<Minute>({
      at: count.describe("minutes since 1970"),
      allowed: count,
      refused: count,
      other: count,
      errors: count,
    }),
  ),
  refusals: z.array(
    object<RefusalGroup>({
      reason: text,
      origin: text,
      server: text,
      location: text,
      policy: text,
      count,
      last: time,
    }),
  ),
  ungrouped: count.describe("refusals that found no place among the groups"),
});

const accessRecord = named<AccessRecord>("AccessRecord", {
  time,
  request_id: text,
  client: text,
  server: text,
  method: text,
  host: text,
  path: text.describe("canonical, without the query"),
  status: count.describe("0: no response was sent"),
  duration_ms: z.number(),
  bytes_in: count,
  bytes_out: count,
  location: text.optional(),
  upstream: text.optional(),
  origin: text.optional(),
  policy: text.optional(),
  kind: oneOf<NonNullable<AccessRecord["kind"]>>({
    "not-cors": true,
    "same-origin": true,
    preflight: true,
    actual: true,
  }).optional(),
  allowed: z.boolean().optional(),
  refusal: oneOf<Refusal>({
    "origin-not-allowed": true,
    "origin-malformed": true,
    "site-not-allowed": true,
    "method-not-allowed": true,
    "header-not-allowed": true,
    "headers-malformed": true,
  }).optional(),
  requested_method: text.optional(),
  requested_headers: text.optional(),
  removed: count.optional(),
  error: text.optional(),
  cause: text.optional(),
});
/** The JSON of one event's `data`. */
export const decisions = named<Omit<DecisionEvent, "id">>("Decisions", {
  records: z.array(accessRecord).describe("oldest first"),
  dropped: count.optional().describe("requests before these that are no longer known"),
  restarted: z.boolean().optional().describe("a process that was read before is gone"),
});
/** Not among the members that the library's type of a schema has. */
const decisionsAsText: object = {
  contentMediaType: "application/json",
  contentSchema: { $ref: "#/components/schemas/Decisions" },
};
/** The stream as an array of its events, as OpenAPI 3.2 reads a `text/event-stream`. */
export const decisionEvents = z.array(
  z.strictObject({
    event: z.literal("decisions"),
    id: text,
    data: text.openapi(decisionsAsText),
  }),
);

const configFile = named<ConfigFile>("ConfigFile", { name: text, text });
const configText: Members<ConfigText> = {
  etag: text.describe("changes with every byte of every file"),
  files: z.array(configFile),
};
export const config = named<ConfigText>("ConfigText", configText);
/** Its `properties` are those of the file, which are not described twice. */
export const jsonSchema = z
  .record(text, z.unknown())
  .openapi("JsonSchema", { description: "a schema of JSON Schema 2020-12" });

const change = named<EffectiveChange>("Change", {
  server: text,
  location: text.optional(),
  field: text,
  what: oneOf<EffectiveChange["what"]>({ opens: true, closes: true, changes: true }),
  before: written,
  after: written,
  origins: texts.optional(),
  examples: z
    .array(
      object<PolicyRequest>({
        origin: text,
        sameOrigin: z.boolean().optional(),
        method: text,
        headerNames: texts,
        credentials: z.boolean(),
      }),
    )
    .optional(),
  withCredentials: z.literal(true).optional(),
});
/** POST /api/check. */
export type CheckedChange = Checked & {
  /** Against what is served; absent where there are errors. */
  readonly changes?: readonly EffectiveChange[];
};
export const checked = named<CheckedChange>("Checked", {
  ok: z.boolean(),
  diagnostics: z.array(diagnostic),
  effective: z.array(effectiveServer).optional(),
  changes: z.array(change).optional(),
});

export const edited = z.strictObject({ text });

/** PUT /api/config, and a rollback. */
export type SavedText = ConfigText & { readonly diagnostics: readonly Diagnostic[] };
export const saved = named<SavedText>("Saved", {
  ...configText,
  diagnostics: z.array(diagnostic),
});

const historyEntry: Members<HistoryEntry> = {
  number: count,
  at: time,
  hash: text,
  by: oneOf<HistoryEntry["by"]>({ start: true, file: true, console: true, rollback: true }),
};
export const history = z.array(named<HistoryEntry>("HistoryEntry", historyEntry)).readonly();
export type Revision = HistoryEntry & Pick<ConfigText, "files">;
export const revision = named<Revision>("Revision", {
  ...historyEntry,
  files: configText.files,
});

/** An error: a stable code, and a sentence for a person. */
export function fault<C extends string>(code: C, ...more: C[]) {
  return z.strictObject({ error: z.enum([code, ...more]), message: text });
}
export const conflict = fault("conflict").extend({
  etag: text,
  files: z.array(configFile).readonly(),
});
export const refused = fault("refused").extend({ diagnostics: z.array(diagnostic).readonly() });

/** The body of a check and of a save. */
export const files = z.strictObject({ files: z.array(configFile).max(1000) });
/** The body of an edit. */
export const edits = z.strictObject({
  text,
  edits: z.array(
    z.strictObject({
      path: z.array(z.union([z.string(), z.number()])).min(1),
      value: z.unknown().optional().openapi({ description: "the new value, as in TOML" }),
      remove: z
        .boolean()
        .optional()
        .openapi({ description: "true: the key is removed, and `value` is not read" }),
    }),
  ),
});
