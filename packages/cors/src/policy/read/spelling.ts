// Which key was meant? First names that other products give to the same field, then the nearest spelling.

import { editDistance } from "../../diagnostics/edit-distance.ts";
import { policyFields, spellField } from "../field.ts";
import type { FieldStyle, PolicyField } from "../field.ts";

/** Keys of other products, without case, `_` and `-`. */
const aliases: ReadonlyMap<string, PolicyField> = new Map<string, PolicyField>([
  ["origin", "allowOrigins"],
  ["origins", "allowOrigins"],
  ["allowedorigin", "allowOrigins"],
  ["allowedorigins", "allowOrigins"],
  ["alloworiginpatterns", "allowOrigins"],
  ["allowedoriginpatterns", "allowOrigins"],
  ["method", "allowMethods"],
  ["methods", "allowMethods"],
  ["allowmethod", "allowMethods"],
  ["allowedmethod", "allowMethods"],
  ["allowedmethods", "allowMethods"],
  ["headers", "allowHeaders"],
  ["allowheader", "allowHeaders"],
  ["allowedheader", "allowHeaders"],
  ["allowedheaders", "allowHeaders"],
  ["requestheaders", "allowHeaders"],
  ["exposeheader", "exposeHeaders"],
  ["exposed", "exposeHeaders"],
  ["exposedheaders", "exposeHeaders"],
  ["responseheaders", "exposeHeaders"],
  ["credential", "allowCredentials"],
  ["credentials", "allowCredentials"],
  ["credentialed", "allowCredentials"],
  ["allowcredential", "allowCredentials"],
  ["supportscredentials", "allowCredentials"],
  ["age", "maxAge"],
  ["maxageseconds", "maxAge"],
  ["maxageinseconds", "maxAge"],
  ["preflightmaxage", "maxAge"],
  ["optionssuccessstatus", "preflightStatus"],
  ["optionsstatus", "preflightStatus"],
  ["preflightcode", "preflightStatus"],
  ["mismatch", "onMismatch"],
  ["timing", "timingAllowOrigin"],
  ["allownullorigin", "dangerouslyAllowNullOrigin"],
  ["allowinsecureorigins", "dangerouslyAllowInsecureOrigins"],
]);

export interface MeantField {
  readonly field: PolicyField;
  /**
   * Nothing else can be meant: there is at most one typo. A more distant key may be another product's
   * with a different meaning (`min_age`), and dangerous options must be written by a person.
   */
  readonly sure: boolean;
}

/** The field that an unknown key most likely means. */
export function meantField(key: string): MeantField | undefined {
  if (key.length > 64) return undefined;
  const bare = bareKey(key);
  let best: PolicyField | undefined;
  let bestDistance = Math.min(3, Math.floor(bare.length / 3)) + 1;
  const consider = (name: string, field: PolicyField): void => {
    const distance = editDistance(bare, bareKey(name), bestDistance);
    // The first letter is rarely wrong, and `disallow_origins` is the opposite of `allow_origins`.
    const alike = distance < 2 || bare[0] === bareKey(name)[0];
    if (alike && distance < bestDistance) {
      best = field;
      bestDistance = distance;
    }
  };
  for (const { camel, header } of policyFields) {
    consider(camel, camel);
    if (header !== undefined) consider(header, camel);
  }
  for (const [name, field] of aliases) consider(name, field);
  if (best === undefined) return undefined;
  const quiet = best.startsWith("dangerously") && !bare.startsWith("dangerously");
  return { field: best, sure: bestDistance < 2 && !quiet };
}

/** In the style of the key itself, or of the other keys, or of the caller. */
export function spellLike(
  field: PolicyField,
  key: string,
  others: readonly string[],
  style: FieldStyle,
): string {
  const isCamel = (name: string): boolean => /^[a-z]+[A-Z]/.test(name);
  const camel =
    isCamel(key) ||
    (!key.includes("_") &&
      (style === "camel" || others.some(isCamel)) &&
      !others.some((name) => name.includes("_")));
  return spellField(field, camel ? "camel" : "snake");
}

/** `allow_origins = "*"` in a file, `allowOrigins: "*"` in a program: the key shows which one it is. */
export function setting(key: string, value: string): string {
  return /^[a-z]+[A-Z]/.test(key) ? `${key}: ${value}` : `${key} = ${value}`;
}

function bareKey(key: string): string {
  return key.toLowerCase().replaceAll(/[_\s-]/g, "");
}
