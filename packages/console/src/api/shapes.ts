// What the admin API answers with: the gateway's own types. Only types: none of its code runs here.

import type { EffectiveChange } from "../../../gateway/src/admin/effective-changes.ts";
import type { Checked as CheckedFiles } from "../../../gateway/src/admin/control.ts";
import type { Status } from "../../../gateway/src/admin/status.ts";
import type { EffectiveServer } from "../../../gateway/src/config/effective.ts";
import type { Diagnostic } from "@corsway/cors/diagnostics";

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
export type { Diagnostic, Status };

/** GET /api/overview. */
export type Overview = Status & {
  readonly effective: readonly EffectiveServer[];
  readonly diagnostics: readonly Diagnostic[];
};

/** POST /api/check. */
export type Checked = CheckedFiles & {
  readonly changes?: readonly EffectiveChange[];
};
