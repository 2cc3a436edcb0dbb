// A duration in words: "10s", "1h 30m", "500ms". Always with its unit: nginx reads `30` as seconds,
// Node as milliseconds, and nobody should have to know which of the two this is.

import { wrongType, type Form } from "./form.ts";
import { quote } from "../tree/show.ts";

const second = 1000;
const units: Readonly<Record<string, number>> = {
  ms: 1,
  msec: 1,
  millis: 1,
  s: second,
  sec: second,
  secs: second,
  second: second,
  seconds: second,
  m: 60 * second,
  min: 60 * second,
  mins: 60 * second,
  minute: 60 * second,
  minutes: 60 * second,
  h: 3600 * second,
  hr: 3600 * second,
  hrs: 3600 * second,
  hour: 3600 * second,
  hours: 3600 * second,
  d: 86_400 * second,
  day: 86_400 * second,
  days: 86_400 * second,
};
const longest = 20 * 86_400 * second; // a timer of the runtime ends at 2^31 ms

/** Milliseconds, or undefined where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  let rest = text.trim().toLowerCase();
  if (rest === "" || rest.length > 64) return undefined;
  let total = 0;
  while (rest !== "") {
    const found = /^(\d+(?:\.\d+)?)\s*([a-z]+)\s*/.exec(rest);
    const unit = found && Object.hasOwn(units, found[2]!) ? units[found[2]!] : undefined;
    if (found === null || unit === undefined) return undefined;
    total += Number(found[1]) * unit;
    rest = rest.slice(found[0].length);
  }
  return total;
}

export const duration: Form<number> = {
  schema: {
    type: "string",
    pattern: "^\\s*(\\d+(\\.\\d+)?\\s*[a-zA-Z]+\\s*)+$",
    examples: ["10s", "1h 30m"],
  },
  read(value, spot) {
    if (typeof value === "number") {
      return wrongType(spot, value, `a duration with its unit, such as "${value}s"`);
    }
    if (typeof value !== "string") return wrongType(spot, value, 'a duration such as "10s"');
    const read = parseDuration(value);
    if (read === undefined) {
      const bare = /^\d+$/.test(value.trim());
      return spot.fault("config/duration", {
        message: `${quote(value)} is not a duration`,
        why: bare
          ? "without a unit it could be seconds or milliseconds"
          : "a duration is numbers with units: ms, s, m, h, d",
        fix: `write for example "${bare ? `${value.trim()}s` : "10s"}" or "1h 30m"`,
      });
    }
    if (read >= 1 && read <= longest) return Math.round(read);
    return spot.fault("config/out-of-range", {
      message: `${quote(value)} is ${read < 1 ? "no time at all" : "more than 20 days"}`,
      why: read < 1 ? "every request would run out of time" : "no timer reaches that far",
      fix: "write a duration between 1ms and 20 days",
    });
  },
};
