// A regular expression, in RE2's syntax: it runs on a request's path, so its cost has to be linear
// in the path whatever the pattern.

import { RE2JS, RE2JSException } from "re2js";
import { wrongType, type Form } from "./form.ts";
import { quote } from "@corsway/cors/diagnostics";
import type { Spot } from "../tree/spot.ts";

const longest = 4096;

/** The source, once RE2 takes it. */
export const regex: Form<string> = {
  schema: { type: "string", format: "regex" },
  read(value, spot) {
    if (typeof value !== "string") return wrongType(spot, value, "a regular expression");
    return compileRegex(value, spot) && value;
  },
};

export function compileRegex(source: string, spot: Spot): RE2JS | undefined {
  if (source.length > longest) {
    return spot.fault("config/regex", {
      message: `a regular expression of ${source.length} characters`,
      why: `beyond ${longest} characters it is refused, so that its cost stays bounded`,
      fix: "split it over several locations or policies",
    });
  }
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const reason = error instanceof RE2JSException ? error.message : String(error);
    const look = /\(\?(?:[=!]|<[=!])/.test(source);
    return spot.fault("config/regex", {
      message: `${quote(source)} is not a regular expression of RE2: ${explained(reason)}`,
      why: look
        ? "look-ahead and look-behind can take exponential time, RE2 leaves them out"
        : "a pattern that cannot be read matches nothing",
      fix: look ? "write what is to match, without look-around" : hint(source),
    });
  }
}

/** `error parsing regexp: missing closing ): …` → `missing closing )`. */
function explained(message: string): string {
  return message.replace(/^error parsing regexp: /, "").replace(/: `[\s\S]*`$/, "");
}

function hint(source: string): string {
  if (/(?:^|[(|])[*+?]/.test(source))
    return "a `*` repeats what is before it; for anything write `.*`";
  return "close what is open, or escape it with a backslash (a single-quoted TOML string keeps it)";
}
