// The keys of a table → the fields they stand for. Unknown keys and fields in two spellings are
// reported. Each value is read once, so that a getter cannot return two different values.

import { quote } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { fieldOfKey } from "../field.ts";
import type { FieldStyle, PolicyField } from "../field.ts";
import { unreadable } from "./list.ts";
import type { Written } from "./list.ts";
import { meantField, spellLike } from "./spelling.ts";

export interface Fields {
  readonly written: ReadonlyMap<PolicyField, Written>;
  /** Fields whose value is undefined: an environment variable that is not set, most likely. */
  readonly unset: ReadonlySet<PolicyField>;
  /** The likely meanings of the unknown keys, which have been reported already. */
  readonly meant: ReadonlySet<PolicyField>;
  /** The name of a field in the spelling of this table. */
  readonly spell: (field: PolicyField) => string;
}

/** A table with more keys is not a policy; each key gets a line in the report, so there must be a limit. */
const keyLimit = 1000;

export function readFields(input: object, style: FieldStyle, faults: Faults): Fields | undefined {
  let keys: string[];
  try {
    keys = Object.keys(input);
  } catch {
    faults.add(unreadable("the policy", []));
    return undefined;
  }
  if (keys.length > keyLimit) {
    faults.add({
      code: "policy/not-a-table",
      path: [],
      message: `a table of ${keys.length} keys is not a policy`,
      why: "a policy has a dozen fields",
      say: "pass only the policy",
    });
    return undefined;
  }
  const written = new Map<PolicyField, Written>();
  const unset = new Set<PolicyField>();
  const unknown: string[] = [];
  for (const key of keys) {
    const field = fieldOfKey(key);
    if (field === undefined) {
      unknown.push(key);
      continue;
    }
    let value: unknown;
    try {
      value = (input as Record<string, unknown>)[key];
    } catch {
      faults.add(unreadable(key, [key]));
      continue;
    }
    // In TypeScript, the same as absent.
    if (value === undefined) {
      unset.add(field);
      continue;
    }
    const first = written.get(field);
    if (first === undefined) written.set(field, { key, path: [key], value });
    else
      faults.add({
        code: "policy/field-written-twice",
        path: [key],
        part: { key: true },
        message: `\`${key}\` and \`${first.key}\` are the same field`,
        why: "it would be a guess which of the two applies",
        say: "keep one of them",
        also: [{ path: first.path, part: { key: true }, say: `\`${first.key}\` is here` }],
      });
  }
  const spell = (field: PolicyField, key = ""): string => spellLike(field, key, keys, style);
  const meant = new Set<PolicyField>();
  for (const key of unknown) {
    const field = tellUnknown(key, spell, written, faults);
    if (field !== undefined) meant.add(field);
  }
  return { written, unset, meant, spell };
}

function tellUnknown(
  key: string,
  spell: (field: PolicyField, key: string) => string,
  written: ReadonlyMap<PolicyField, Written>,
  faults: Faults,
): PolicyField | undefined {
  const meant = meantField(key);
  const spelled = meant && spell(meant.field, key);
  const other = meant && written.get(meant.field);
  faults.add({
    code: "policy/unknown-key",
    path: [key],
    part: { key: true },
    message: `${quote(key)} is not a policy field`,
    why: "an ignored key would look like a rule and have no effect",
    say:
      spelled === undefined
        ? "remove it; the fields are listed in docs/reference/policy.md"
        : other !== undefined
          ? `remove it; \`${other.key}\` is already set`
          : `did you mean \`${spelled}\`?`,
    replace: meant?.sure && other === undefined ? spelled : undefined,
  });
  return meant?.field;
}
