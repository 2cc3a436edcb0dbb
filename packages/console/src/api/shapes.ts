// What the admin API answers with: the gateway's own types. Only types: none of its code runs here.

export type { AccessRecord } from "../../../gateway/src/observe/access-record.ts";
export type { ConfigFile, ConfigText, HistoryEntry } from "../../../gateway/src/admin/control.ts";
export type { EffectiveChange } from "../../../gateway/src/admin/effective-changes.ts";
export type {
  EffectiveCors,
  EffectiveField,
  EffectiveLocation,
  EffectiveServer,
  WrittenAt,
} from "../../../gateway/src/config/effective.ts";
export type { Hour, Minute, RefusalGroup } from "../../../gateway/src/observe/timeline.ts";
export type { Status } from "../../../gateway/src/admin/status.ts";
export type { Overview, CheckedChange as Checked } from "../../../gateway/src/admin/shapes.ts";
export type { Diagnostic } from "@corsway/cors/diagnostics";
