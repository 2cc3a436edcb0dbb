// A duration in words: "10s", "1h 30m", "500ms". Always with its unit: nginx reads `30` as seconds,
// Node as milliseconds, and nobody should have to know which of the two this is.

import { wrongType, type Form } from "./form.ts";
import { quote } from "./show.ts";

const SECOND = 1000;
const units: Readonly<Record<string, number>> = {
  ms: 1,
  msec: 1,
  millis: 1,
  s: SECOND,
  sec: SECOND,
  secs: SECOND,
  second: SECOND,
  seconds: SECOND,
  m: 60 * SECOND,
  min: 60 * SECOND,
  mins: 60 * SECOND,
  minute: 60 * SECOND,
  minutes: 60 * SECOND,
  h: 3600 * SECOND,
  hr: 3600 * SECOND,
  hrs: 3600 * SECOND,
  hour: 3600 * SECOND,
  hours: 3600 * SECOND,
  d: 86_400 * SECOND,
  day: 86_400 * SECOND,
  days: 86_400 * SECOND,
};
const LONGEST = 20 * 86_400 * SECOND; // a timer of the runtime ends at 2^31 ms

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
    if (read >= 1 && read <= LONGEST) return Math.round(read);
    return spot.fault("config/out-of-range", {
      message: `${quote(value)} is ${read < 1 ? "no time at all" : "more than 20 days"}`,
      why: read < 1 ? "every request would run out of time" : "no timer reaches that far",
      fix: "write a duration between 1ms and 20 days",
    });
  },
};
