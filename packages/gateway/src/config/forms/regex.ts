// A regular expression in RE2 syntax: it runs on the path of a request, so its cost must be linear in the
// path whatever the pattern.

import { compileRe2, type Re2 } from "../../regex/re2.ts";
import { wrongType, type Form } from "./form.ts";
import { quote } from "@corsway/cors/diagnostics";
import type { Spot } from "../tree/spot.ts";

const longest = 4096;

/**
 * Steps of the compiled program. RE2's time is the length of the path times this number: measured on a
 * path of 8 KiB and hostile text, a thousand steps take up to 0.2 s if only a match is needed. If groups
 * are extracted, as for a rewrite, each step costs several times as much.
 */
const mostSteps = 1000;
export const mostStepsWithGroups = 250;

/** The source, if RE2 accepts it. */
export const regex: Form<string> = {
  schema: { type: "string", format: "regex" },
  read(value, spot) {
    if (typeof value !== "string") return wrongType(spot, value, "a regular expression");
    return compileRegex(value, spot) && value;
  },
};

export function compileRegex(source: string, spot: Spot, most = mostSteps): Re2 | undefined {
  if (source.length > longest) {
    return spot.fault("config/regex", {
      message: `a regular expression of ${source.length} characters`,
      why: `longer than ${longest} characters is not allowed, so that the cost stays bounded`,
      fix: "split it over several locations or policies",
    });
  }
  try {
    const compiled = compileRe2(source);
    const steps = compiled.programSize();
    if (steps <= most) return compiled;
    return spot.fault("config/regex", {
      message: `${quote(source)} is a program of ${steps} steps; at most ${most} are accepted here`,
      why: "a long path runs through each of them, so one request could take the process for tenths of a second",
      fix: "use smaller counts, and none inside another: `{0,30}` is thirty steps, `+` and `*` are one",
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const look = /\(\?(?:[=!]|<[=!])/.test(source);
    return spot.fault("config/regex", {
      message: `${quote(source)} is not an RE2 regular expression: ${explained(reason)}`,
      why: look
        ? "look-ahead and look-behind can take exponential time, so RE2 does not support them"
        : "an invalid pattern matches nothing",
      fix: look ? "write the match without look-around" : hint(source),
    });
  }
}

/** `error parsing regexp: missing closing ): …` → `missing closing )`. */
function explained(message: string): string {
  return message.replace(/^error parsing regexp: /, "").replace(/: `[\s\S]*`$/, "");
}

function hint(source: string): string {
  if (/(?:^|[(|])[*+?]/.test(source))
    return "a `*` repeats what is before it; to match anything, write `.*`";
  return "close what is open, or escape it with a backslash (a single-quoted TOML string keeps it)";
}
