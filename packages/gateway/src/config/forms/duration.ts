// A duration in words: "10s", "1h 30m", "500ms". The unit is required: nginx reads `30` as seconds, Node
// as milliseconds, and readers should not have to know which applies here.

import { parseDuration } from "@corsway/cors/policy";
import { wrongType, type Form } from "./form.ts";
import { quote } from "@corsway/cors/diagnostics";

const longest = 20 * 86_400_000; // a timer of the runtime ends at 2^31 ms

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
          : "a duration is one or more numbers with units: ms, s, m, h, d, w",
        fix: `write for example "${bare ? `${value.trim()}s` : "10s"}" or "1h 30m"`,
      });
    }
    if (read >= 1 && read <= longest) return Math.round(read);
    return spot.fault("config/out-of-range", {
      message: `${quote(value)} is ${read < 1 ? "zero" : "more than 20 days"}`,
      why: read < 1 ? "every request would time out" : "timers cannot run that long",
      fix: "write a duration between 1ms and 20 days",
    });
  },
};
