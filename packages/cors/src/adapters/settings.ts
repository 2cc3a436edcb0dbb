// How a middleware runs, as opposed to what its policy promises: the second argument of `cors()`.

import { printPath } from "../diagnostics/diagnostic.ts";
import type { Diagnostic, ValuePath } from "../diagnostics/diagnostic.ts";
import { parseSeconds } from "../policy/read/duration.ts";
import { isArray, quoteValue } from "../policy/read/faults.ts";
import { compileHostSet, hostFault, type HostSet } from "./host-set.ts";
import type { LookupLimits } from "./origin-lookup.ts";
import { guardReport, warnOnConsole, type CorsEvent, type Report } from "./report.ts";
import { settingCodes, type SettingCode } from "./setting-codes.ts";

/** How the middleware runs. Everything is optional. */
export interface Settings {
  /**
   * The host names that this server answers to, ignoring ports; any other gets 421. This protects against a page
   * whose own host name was pointed at your address (DNS rebinding).
   * - permitted: `["api.example.com", "*.example.com", "localhost", "127.0.0.1", "[::1]"]`
   * - prohibited: `"https://api.example.com"` (a scheme), `"api.example.com:8080"` (a port)
   * @default every name
   */
  readonly hosts?: string | readonly string[];
  /**
   * Whether to put `Corsway-Decision` on every response: what was decided, and why. Can be changed at run time:
   * `middleware.debug = true`.
   * - permitted: `true`, `process.env.NODE_ENV !== "production"`
   * - prohibited: `"true"` (a string)
   * @default false
   */
  readonly debug?: boolean;
  /**
   * Receives what a person should know but no request should fail for.
   * - permitted: `(event) => log.warn(event)`, `() => {}` (silence)
   * - prohibited: `log` (an object), `false`
   * @default a line on console.warn, at most one of each kind per minute
   */
  readonly report?: (event: CorsEvent) => void;
  /** How the answers of an origin function are kept. */
  readonly lookup?: {
    /**
     * How long an answer is valid: seconds, or `"5m"`.
     * - permitted: `60`, `"5m"`
     * - prohibited: `0`, `"2d"` (over a day)
     * @default 60
     */
    readonly ttl?: number | string;
    /**
     * How long an answer may take: seconds, or `"500ms"`. A later answer counts as a refusal.
     * - permitted: `2`, `"500ms"`
     * - prohibited: `0`, `Infinity`
     * @default 2
     */
    readonly timeout?: number | string;
    /**
     * How many answers are kept.
     * - permitted: `1000`
     * - prohibited: `0`, `1.5`
     * @default 1000
     */
    readonly entries?: number;
    /**
     * How many questions may be open at a time. Further origins are refused.
     * - permitted: `32`
     * - prohibited: `0`, `Infinity`
     * @default 32
     */
    readonly concurrency?: number;
  };
}

export interface ReadSettings {
  readonly hosts: HostSet | undefined;
  readonly debug: boolean;
  readonly report: Report;
  readonly lookup: LookupLimits;
}

const keys = ["hosts", "debug", "report", "lookup"];
const lookupDefaults: LookupLimits = { ttl: 60, timeout: 2, entries: 1000, concurrency: 32 };

/** Reads the settings; every fault goes into `diagnostics`. Never throws. */
export function readSettings(input: unknown, diagnostics: Diagnostic[]): ReadSettings {
  const fault = (
    code: SettingCode,
    path: ValuePath,
    message: string,
    why: string,
    say: string,
  ): void => {
    const { severity } = settingCodes[code];
    diagnostics.push({ code, severity, path: printPath(path), message, why, fix: { say } });
  };
  const wrongType = (path: string[], value: unknown, wanted: string): void => {
    fault(
      "settings/wrong-type",
      ["settings", ...path],
      `\`${path.at(-1) ?? "settings"}\` is ${quoteValue(value)}, not ${wanted}`,
      "an ignored value would look like a rule and have no effect",
      `give ${wanted}, or leave it out`,
    );
  };
  const table = (value: unknown, path: string[], known: string[]): Record<string, unknown> => {
    if (value === undefined) return {};
    if (typeof value !== "object" || value === null || isArray(value)) {
      wrongType(path, value, "a table");
      return {};
    }
    for (const key of Object.keys(value))
      if (!known.includes(key))
        fault(
          "settings/unknown-key",
          ["settings", ...path, key],
          `\`${key}\` is not a setting`,
          "an ignored key would look like a rule and have no effect",
          `the settings here are ${known.map((name) => `\`${name}\``).join(", ")}; what pages may do belongs in the first argument`,
        );
    return value as Record<string, unknown>;
  };

  const written = table(input, [], keys);
  const { debug, report } = written;
  if (debug !== undefined && typeof debug !== "boolean") wrongType(["debug"], debug, "a boolean");
  if (report !== undefined && typeof report !== "function")
    wrongType(["report"], report, "a function");

  const limits = { ...lookupDefaults };
  const lookup = table(written["lookup"], ["lookup"], Object.keys(limits));
  for (const name of ["ttl", "timeout"] as const) {
    const value = lookup[name];
    if (value === undefined) continue;
    const seconds = typeof value === "string" ? parseSeconds(value) : value;
    if (typeof seconds === "number" && seconds > 0 && seconds <= 86_400) limits[name] = seconds;
    else wrongType(["lookup", name], value, "a duration of at most a day");
  }
  for (const name of ["entries", "concurrency"] as const) {
    const value = lookup[name];
    if (value === undefined) continue;
    if (Number.isInteger(value) && (value as number) > 0 && (value as number) <= 1_000_000)
      limits[name] = value as number;
    else wrongType(["lookup", name], value, "a whole number from 1");
  }

  const { hosts } = written;
  const patterns = typeof hosts === "string" ? [hosts] : hosts;
  if (patterns !== undefined && !isArray(patterns)) wrongType(["hosts"], hosts, "a list of hosts");
  const sound: string[] = [];
  if (isArray(patterns) && patterns.length === 0)
    wrongType(["hosts"], hosts, "a list of at least one host");
  for (const [index, pattern] of (isArray(patterns) ? patterns : []).entries()) {
    const problem = typeof pattern === "string" ? hostFault(pattern) : undefined;
    if (typeof pattern !== "string") wrongType(["hosts"], pattern, "a list of hosts");
    else if (problem === undefined) sound.push(pattern);
    else
      fault(
        "settings/host",
        ["settings", "hosts", index],
        problem,
        "no request would be answered under it",
        "write the name that browsers send in `Host`, without its port: `api.example.com`, `*.example.com`, `127.0.0.1`",
      );
  }
  return {
    hosts: patterns === undefined || sound.includes("*") ? undefined : compileHostSet(sound),
    debug: debug === true,
    report: guardReport(typeof report === "function" ? (report as Report) : warnOnConsole()),
    lookup: limits,
  };
}
