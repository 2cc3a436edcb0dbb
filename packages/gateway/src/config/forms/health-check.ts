// health_check: a URL whose query says how often and how strictly to check. This is Pingap's form;
// parameters that are not ours stay in the requested path.

import { parseDuration } from "@corsway/cors/policy";
import type { HealthCheck } from "../config.ts";
import { unknownWord, wrongType, type Form } from "./form.ts";
import { quote } from "@corsway/cors/diagnostics";
import type { Spot } from "../tree/spot.ts";
import { suggestion } from "../tree/suggestion.ts";

const schemes = ["tcp", "http", "https"] as const;
const durations = ["check_frequency", "connection_timeout", "read_timeout"] as const;
const counts = ["success", "failure"] as const;
const ours: readonly string[] = [...durations, ...counts];
const pingapOnly = new Set(["reuse", "parallel"]);

export const healthCheck: Form<HealthCheck> = {
  schema: {
    type: "string",
    pattern: "^\\s*([hH][tT][tT][pP][sS]?|[tT][cC][pP])://",
    examples: ["http://api/ping?check_frequency=10s&success=1&failure=2", "tcp://api"],
  },
  read(value, spot) {
    if (typeof value !== "string") return wrongType(spot, value, "a URL");
    const parts = /^([a-z]+):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?$/i.exec(value.trim());
    if (parts === null || parts[2] === "") {
      return spot.fault("config/health-check", {
        message: `${quote(value)} is not a URL to check`,
        why: "a health check is scheme://host/path; the host is sent as the Host header",
        fix: 'write for example "http://api/ping?check_frequency=10s"',
      });
    }
    const scheme = schemes.find((word) => word === parts[1]!.toLowerCase());
    if (scheme === undefined)
      return unknownWord(
        spot.within(value.indexOf(parts[1]!), parts[1]!.length),
        parts[1]!,
        schemes,
      );
    const said = readParameters(parts[4] ?? "", spot);
    if (said === undefined) return undefined;
    const query = said.rest.length === 0 ? "" : `?${said.rest.join("&")}`;
    return {
      scheme,
      host: parts[2]!,
      path: `${parts[3] || "/"}${query}`,
      frequency: said.values["check_frequency"] ?? 10_000,
      success: said.values["success"] ?? 1,
      failure: said.values["failure"] ?? 2,
      connectionTimeout: said.values["connection_timeout"] ?? 3000,
      readTimeout: said.values["read_timeout"] ?? 3000,
    };
  },
};

function readParameters(
  query: string,
  spot: Spot,
): { readonly values: Record<string, number>; readonly rest: readonly string[] } | undefined {
  const values: Record<string, number> = {};
  const rest: string[] = [];
  let good = true;
  const bad = (message: string, why: string, fix: string): void => {
    good = false;
    spot.fault("config/health-check", { message, why, fix });
  };
  for (const pair of query.split("&")) {
    const [name = "", text = ""] = pair.split("=", 2);
    if (pair === "" || pingapOnly.has(name)) continue;
    const meant = ours.includes(name) ? name : suggestion(name, ours);
    if (meant !== name) {
      if (meant === undefined) rest.push(pair);
      else
        bad(
          `\`${name}\` is not a parameter of a health check`,
          "it would be sent to the upstream",
          `did you mean \`${meant}\`?`,
        );
      continue;
    }
    const isCount = (counts as readonly string[]).includes(name);
    const read = isCount ? (/^\d{1,4}$/.test(text) ? Number(text) : 0) : (parseDuration(text) ?? 0);
    if (read >= 1) values[name] = read;
    else {
      const wanted = isCount ? "a whole number from 1" : "a duration such as 10s";
      bad(
        `${quote(pair)} is not ${wanted}`,
        "the check could not be scheduled",
        `write ${name}=${isCount ? 2 : "10s"}`,
      );
    }
  }
  return good ? { values, rest } : undefined;
}
