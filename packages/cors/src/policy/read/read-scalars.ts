// The fields with a single value: booleans, max_age, and those that accept a few words.

import type { PolicyCode } from "../../diagnostics/codes.ts";
import { parseSeconds } from "./duration.ts";
import { quoteValue } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { isHeaderKey } from "../field.ts";
import type { Written } from "./list.ts";
import { setting } from "./spelling.ts";

/** What was meant, even if it is written wrongly, so that checks between fields still see it. */
export function readBoolean({ key, path, value }: Written, faults: Faults): boolean {
  if (typeof value === "boolean") return value;
  const lower = typeof value === "string" ? value.trim().toLowerCase() : "";
  const meant = lower === "true" ? true : lower === "false" ? false : undefined;
  // Under the name of the header, a string value is written as in the header.
  if (meant !== undefined && isHeaderKey(key)) return meant;
  faults.add({
    code: "policy/wrong-type",
    path,
    message: `\`${key}\` is ${quoteValue(value)}, not a boolean`,
    why: "`true` and `false` are written without quotes, so that no other word can be mistaken for them",
    say: `write \`${meant ?? "true"}\`${meant === undefined ? " or `false`" : ""}`,
    replace: meant === undefined ? undefined : String(meant),
  });
  return meant ?? false;
}

/** No engine caches a preflight response for longer: this is Firefox's limit, the highest. */
const longestMaxAge = 86_400;

const engineCaps = [
  ["Chromium", 7200],
  ["WebKit", 600],
] as const;

/** Seconds; undefined if the value is faulty. */
export function readMaxAge({ key, path, value }: Written, faults: Faults): number | undefined {
  const seconds =
    typeof value === "string"
      ? parseSeconds(value)
      : typeof value === "bigint"
        ? Number(value)
        : value;
  const error = (code: PolicyCode, problem: string, why: string, say: string): undefined => {
    faults.add({ code, path, message: `\`${key}\` ${problem}`, why, say });
  };
  if (typeof seconds !== "number" || Number.isNaN(seconds))
    return error(
      typeof value === "string" || typeof value === "number"
        ? "policy/max-age-malformed"
        : "policy/wrong-type",
      `is ${quoteValue(value)}, not a duration`,
      "the header holds whole seconds",
      `write seconds (\`${setting(key, "3600")}\`) or a duration (\`"24h"\`, \`"1h 30m"\`)`,
    );
  if (seconds < 0)
    return error(
      "policy/max-age-negative",
      `is ${quoteValue(value)}`,
      "browsers treat a negative age differently",
      "write `0` to preflight every request again, or leave the field out for the browser's 5 seconds",
    );
  if (!Number.isSafeInteger(seconds))
    return error(
      "policy/max-age-malformed",
      `is ${quoteValue(value)}, which is not a whole number of seconds`,
      "the header holds whole seconds",
      "round it",
    );
  const capped = engineCaps.filter(([, cap]) => seconds > cap);
  if (seconds > longestMaxAge)
    faults.add({
      code: "policy/max-age-too-long",
      path,
      message: `\`${key}\` is ${seconds} seconds, more than a day`,
      why: `no browser caches a preflight response for longer than ${longestMaxAge} seconds`,
      say: "write `86400` or less",
    });
  else if (capped.length > 0)
    faults.add({
      code: "policy/max-age-capped",
      path,
      message: `\`${key}\` is ${seconds} seconds, and not every browser caches the response that long`,
      why: capped
        .map(([engine, cap]) => `${engine} caches it for at most ${cap} seconds`)
        .join("; "),
    });
  return seconds === 0 ? 0 : seconds; // `-0` is 0
}

/** One of a few values; undefined if it is none of them. */
export function readOneOf<const T extends string | number>(
  { key, path, value }: Written,
  choices: readonly T[],
  faults: Faults,
): T | undefined {
  const plain = typeof value === "bigint" ? Number(value) : value;
  const found = choices.find((choice) => choice === plain);
  if (found !== undefined) return found;
  const written = typeof value === "string" ? value.trim().toLowerCase() : undefined;
  const meant = choices.find((choice) => String(choice) === written);
  const shown = choices.map((choice) => `\`${JSON.stringify(choice)}\``).join(" or ");
  faults.add({
    code: "policy/not-one-of",
    path,
    message: `\`${key}\` is ${quoteValue(value)}, not ${shown}`,
    why: "no other value has a meaning here",
    say: `write ${meant === undefined ? shown : `\`${JSON.stringify(meant)}\``}`,
    replace: meant === undefined ? undefined : JSON.stringify(meant),
  });
  return undefined;
}
