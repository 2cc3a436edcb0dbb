// The options of another CORS middleware → a policy, and what there is to report: what they meant, what they really did, and what to
// write instead. Those middlewares check nothing, so their users hear most of this for the first time.

import type { OriginFunction } from "../adapters/policy-literal.ts";
import { printPath, type Diagnostic, type ValuePath } from "../diagnostics/diagnostic.ts";
import { editDistance } from "../diagnostics/edit-distance.ts";
import type { PolicyInput } from "../policy/policy.ts";
import { isArray, quote, quoteValue } from "../policy/read/faults.ts";
import { readPolicyFrom } from "../policy/read/read.ts";
import { migrationCodes, type MigrationCode } from "./codes.ts";
import { effectiveEntries } from "./effective-entries.ts";
import { libraries, type CorsLibrary, type Library, type Target } from "./library.ts";
import { fromFunction, type OldFunction } from "./origin-function.ts";
import { readRegexOrigin } from "./regex-origin.ts";

/** A policy as `cors()` accepts it, whose origins a function may decide. */
export type MigratedPolicy = Omit<PolicyInput, "allowOrigins"> & {
  readonly allowOrigins: PolicyInput["allowOrigins"] | OriginFunction;
};

/** The result for the options of another middleware. */
export interface Migration {
  /**
   * The nearest policy that means what the options meant, as you would write it. Absent if there is none: a `diagnostics` entry says why. It
   * is valid exactly if no diagnostic is an error.
   */
  readonly policy?: MigratedPolicy;
  readonly diagnostics: readonly Diagnostic[];
}

type Say = (
  code: MigrationCode,
  path: ValuePath,
  message: string,
  why: string,
  fix: string,
) => void;

/**
 * Turns the options of `cors` (or of another middleware) into a policy. Never throws, whatever the input.
 * @param options what was passed to the middleware; undefined: nothing
 * @param library the middleware: option names and defaults differ
 * @example
 * const { policy, diagnostics } = fromCorsOptions({ origin: /\.example\.com$/, credentials: true });
 */
export function fromCorsOptions(options: unknown, library: CorsLibrary = "cors"): Migration {
  const diagnostics: Diagnostic[] = [];
  const say: Say = (code, path, message, why, fix) => {
    const { severity } = migrationCodes[code];
    diagnostics.push({ code, severity, path: printPath(path), message, why, fix: { say: fix } });
  };
  const known = libraries[library];
  if (
    options !== undefined &&
    (typeof options !== "object" || options === null || isArray(options))
  ) {
    say(
      "migrate/unusable-value",
      [],
      typeof options === "function"
        ? "the options are a function"
        : `the options are ${quoteValue(options)}`,
      "what a function gives is only known at a request",
      "write a policy for each path or host, or a function for `allowOrigins`",
    );
    return { diagnostics };
  }
  const given = readOptions(options ?? {}, known, library, say);
  if (diagnostics.some(({ severity }) => severity === "error")) return { diagnostics };
  const credentials = readCredentials(given.get("credentials"), say);
  const allowOrigins = readOrigin(given.get("origin"), library, credentials, say);
  if (allowOrigins === undefined) return { diagnostics };
  const whole: Record<string, unknown> = {
    allowOrigins,
    ...readMethods(given.get("methods"), known, say),
    ...readRequestHeaders(given.get("requestHeaders"), credentials, say),
    ...readNames("exposeHeaders", given.get("responseHeaders"), say),
    ...(credentials && { allowCredentials: true }),
    ...readMaxAge(given.get("maxAge"), say),
    ...readStatus(given.get("status"), say),
  };
  const asked = typeof allowOrigins === "function" ? { allowOrigins: standIn } : {};
  const { policy: effective, left } = effectiveEntries({ ...whole, ...asked });
  for (const { field, name, fault } of left)
    say(
      "migrate/dropped-option",
      [given.get(targetOf[field]!)?.key ?? field],
      `${name === "" ? "an empty entry" : quote(name)} is not carried over`,
      `${fault.message}: it had no effect`,
      "leave it out",
    );
  const policy = {
    ...effective,
    allowOrigins: asked.allowOrigins ? allowOrigins : effective["allowOrigins"],
  };
  diagnostics.push(...readPolicyFrom("camel", effective).diagnostics);
  return { policy: policy as unknown as MigratedPolicy, diagnostics };
}

/** The option that each list came from. */
const targetOf: Readonly<Record<string, Target>> = {
  allowOrigins: "origin",
  allowMethods: "methods",
  allowHeaders: "requestHeaders",
  exposeHeaders: "responseHeaders",
};

/** An origin that no check objects to. */
const standIn = "https://decided-at-run-time.invalid";

/** An option as it was written. */
interface Given {
  readonly key: string;
  readonly value: unknown;
}

function readOptions(
  options: object,
  { options: names, dropped, undecided = {} }: Library,
  library: CorsLibrary,
  say: Say,
): ReadonlyMap<Target, Given> {
  const given = new Map<Target, Given>();
  let entries: [string, unknown][];
  try {
    entries = Object.entries(options);
  } catch {
    say(
      "migrate/unusable-value",
      [],
      "the options cannot be read",
      "reading them threw an exception",
      "pass plain data",
    );
    return given;
  }
  for (const [key, value] of entries) {
    if (value === undefined) continue;
    const target = Object.hasOwn(names, key) ? names[key] : undefined;
    if (target !== undefined) {
      if (!given.has(target)) given.set(target, { key, value });
    } else if (Object.hasOwn(undecided, key))
      say(
        "migrate/unusable-value",
        [key],
        `${quote(key)} gives the options of each request`,
        undecided[key]!,
        "write a policy for each path or host, or a function for `allowOrigins`",
      );
    else if (Object.hasOwn(dropped, key))
      say(
        "migrate/dropped-option",
        [key],
        `${quote(key)} is not carried over`,
        dropped[key]!,
        "leave it out",
      );
    else {
      const meant = nearest(key, Object.keys(names));
      say(
        "migrate/ignored-option",
        [key],
        `${quote(key)} is not an option of ${library}`,
        meant !== undefined && names[meant] === "origin"
          ? "it was ignored, so every origin was allowed"
          : "it was ignored",
        meant === undefined
          ? "leave it out"
          : `did you mean \`${meant}\`? What it should have done was never done`,
      );
    }
  }
  return given;
}

function nearest(key: string, names: readonly string[]): string | undefined {
  if (key.length > 40) return undefined;
  const lower = key.toLowerCase();
  const distance = (name: string): number =>
    bare(lower) === bare(name.toLowerCase()) ? 0 : editDistance(lower, name.toLowerCase(), 3);
  const [best] = names.toSorted((a, b) => distance(a) - distance(b));
  return best !== undefined && distance(best) < 3 ? best : undefined;
}

/** `allowedorigins`, `origins` and `alloworigin` are all `origin`. */
function bare(lowerKey: string): string {
  return lowerKey.replace(/^(?:allowed|allow|exposed|expose)/, "").replace(/s$/, "");
}

function readCredentials(given: Given | undefined, say: Say): boolean {
  if (given === undefined) return false;
  const { key, value } = given;
  if (typeof value === "boolean") return value;
  const truthy = Boolean(value);
  say(
    "migrate/unusable-value",
    [key],
    `${quote(key)} is ${quoteValue(value)}, not a boolean`,
    typeof value === "function"
      ? "whether cookies are allowed cannot differ from request to request in one policy"
      : "only `true` itself is certain to have meant yes",
    "write `allowCredentials: true` in a rule of the origins that may send cookies",
  );
  return truthy && typeof value !== "function";
}

type Origins = MigratedPolicy["allowOrigins"];

function readOrigin(
  given: Given | undefined,
  library: CorsLibrary,
  credentials: boolean,
  say: Say,
): Origins | undefined {
  const path = given === undefined ? [] : [given.key];
  const value = given?.value;
  const everybody = (message: string): Origins | undefined => {
    if (credentials) {
      const reflects = library === "@koa/cors" || value === true;
      say(
        reflects ? "migrate/reflected-with-credentials" : "migrate/any-origin-with-credentials",
        path,
        `${message}, with credentials`,
        reflects
          ? "every origin was reflected, `null` included, so every page in the world could act as its visitor"
          : "a browser refuses `*` in the answer to a request with credentials, so no such request could be read",
        'list the origins that may send cookies; everybody else may follow in a second rule with `allowOrigins: "*"`',
      );
      return undefined;
    }
    say(
      "migrate/every-origin",
      path,
      message,
      "every page in the world could read the answers",
      'keep `allowOrigins: "*"` if that is meant; if not, list the origins',
    );
    return "*";
  };
  if (value === undefined) return everybody("no origin was given, which allowed every one");
  if (value === "*") return everybody("`*` allows every origin");
  if (value === true) {
    if (credentials) return everybody("`true` reflects every origin");
    say(
      "migrate/reflected-origin",
      path,
      "`true` reflects every origin",
      "without credentials it means the same as `*`, which a cache can store once",
      'write `allowOrigins: "*"` if every page is meant',
    );
    return "*";
  }
  if (value === false || value === "" || value === null) {
    say(
      "migrate/switched-off",
      path,
      `${quoteValue(value)} switches CORS off`,
      "preflights reach the application, and no page of another origin reads anything",
      "leave the middleware out, or list the origins",
    );
    return undefined;
  }
  if (typeof value === "function")
    return functionGiven(value as OldFunction, given!.key, library, say);
  const entries = isArray(value) ? value : [value];
  const origins = entries.flatMap((entry, index) =>
    readEntry(entry, isArray(value) ? [given!.key, index] : [given!.key], say),
  );
  return origins.length === 0 && entries.length > 0 ? undefined : origins;
}

function readEntry(entry: unknown, path: ValuePath, say: Say): string[] {
  if (entry instanceof RegExp) return readRegex(entry, path, say);
  if (typeof entry !== "string") {
    say(
      "migrate/unusable-value",
      path,
      `an origin is ${quoteValue(entry)}`,
      "only strings and regular expressions were compared",
      "write the origin: `https://app.example.com`",
    );
    return [];
  }
  const neverMatched = (why: string, fix: string): void =>
    say("migrate/origin-never-matched", path, `${quote(entry)} never matched an origin`, why, fix);
  if (entry === "*") {
    neverMatched(
      "in a list it was compared as text, and no browser sends `*` as its origin",
      'leave it out; for every origin `allowOrigins: "*"` stands alone',
    );
    return [];
  }
  if (entry.includes(",")) {
    const parts = entry
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
    neverMatched(
      "it was sent or compared as one text, and an origin has no comma in it",
      "write each origin as an entry of its own",
    );
    return parts;
  }
  if (entry.includes("*"))
    neverMatched(
      "it was compared as text, and no browser sends a `*` in its origin",
      `${quote(entry)} is a pattern here, and does match: keep it if that was meant`,
    );
  return [entry];
}

function readRegex(regex: RegExp, path: ValuePath, say: Say): string[] {
  const { patterns, counterExample, wider, stateful } = readRegexOrigin(regex);
  const shown = quote(String(regex));
  const list = patterns.map((pattern) => JSON.stringify(pattern)).join(", ");
  const memory = stateful
    ? "; with `g` or `y` it also remembers where it stopped, and refused every second request"
    : "";
  if (counterExample !== undefined)
    say(
      "migrate/origin-regular-expression-open",
      path,
      `${shown} also allows ${counterExample}`,
      `whoever owns that name could read the answers${memory}`,
      patterns.length > 0
        ? `write ${list}, and check that no other origin was meant`
        : "write the origins, or a pattern such as `https://*.example.com`",
    );
  else if (patterns.length > 0)
    say(
      "migrate/origin-regular-expression",
      path,
      wider === undefined
        ? `${shown} is ${list}`
        : `${shown} is nearly ${list}, which also allows ${wider}`,
      `a pattern compares scheme, host and port, so a missing \`^\` or \`\\\` cannot leave it open${memory}`,
      wider === undefined ? `write ${list}` : `write ${list}, or list the origins`,
    );
  else
    say(
      "migrate/origin-regular-expression-unclear",
      path,
      `no pattern is certain to mean the same as ${shown}`,
      `origins are matched by scheme, labels of the host, and port${memory}`,
      "write the origins, or a pattern such as `https://*.example.com`; or decide in a function: `allowOrigins: (origin) => …`",
    );
  return [...patterns];
}

function functionGiven(ask: OldFunction, key: string, library: CorsLibrary, say: Say): Origins {
  say(
    "migrate/origin-function",
    [key],
    "a function decides the origins",
    library === "cors" || library === "@fastify/cors"
      ? "it was called for requests without an origin too, waited for without a limit, and its answer was not kept"
      : "it was given the framework's context, and waited for without a limit",
    "write `allowOrigins: (origin) => …` that gives a boolean or a promise of one; it is asked within a time, and its answers are kept",
  );
  return fromFunction(ask, library);
}

function listOf({ key, value }: Given, say: Say): string[] | undefined {
  if (typeof value === "string")
    return value
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  if (isArray(value) && value.every((one) => typeof one === "string"))
    return [...(value as string[])];
  say(
    "migrate/unusable-value",
    [key],
    `${quote(key)} is ${quoteValue(value)}, not a list of names`,
    "what it holds is only known at a request",
    "write the names",
  );
  return undefined;
}

function readMethods(given: Given | undefined, library: Library, say: Say): object {
  const methods = given === undefined ? undefined : listOf(given, say);
  // An empty list was, to each of them, none at all.
  if (methods !== undefined && methods.length > 0) return { allowMethods: methods };
  if (library.methods.join() === "GET,HEAD,POST") return {};
  say(
    "migrate/default-methods",
    given === undefined ? [] : [given.key],
    `no methods were listed, which allowed ${library.methods.join(", ")}`,
    "here GET, HEAD and POST are allowed where none are written: the three that no list can stop",
    "keep those that your pages use",
  );
  return { allowMethods: [...library.methods] };
}

function readRequestHeaders(given: Given | undefined, credentials: boolean, say: Say): object {
  const names = given === undefined ? undefined : listOf(given, say);
  if (names !== undefined && names.length > 0) return { allowHeaders: names };
  say(
    "migrate/reflected-headers",
    given === undefined ? [] : [given.key],
    "no request headers were listed, which allowed every one",
    credentials
      ? "whatever a preflight asked for was allowed, so a page could set any header with its visitor's cookies"
      : "whatever a preflight asked for was allowed",
    'list those that your pages set, such as `["Content-Type", "Authorization"]`',
  );
  return { allowHeaders: ["*", "Authorization"] };
}

function readNames(field: "exposeHeaders", given: Given | undefined, say: Say): object {
  const names = given === undefined ? undefined : listOf(given, say);
  return names === undefined || names.length === 0 ? {} : { [field]: names };
}

function readMaxAge(given: Given | undefined, say: Say): object {
  if (given === undefined || given.value === null) return {};
  const seconds =
    typeof given.value === "string" && given.value.trim() !== ""
      ? Number(given.value)
      : given.value;
  if (typeof seconds === "number" && Number.isInteger(seconds) && seconds >= 0)
    return { maxAge: seconds };
  say(
    "migrate/unusable-value",
    [given.key],
    `${quote(given.key)} is ${quoteValue(given.value)}`,
    "it was sent unchanged, and a browser that cannot read it caches the preflight response for five seconds",
    'write whole seconds, or `"10m"`',
  );
  return {};
}

function readStatus(given: Given | undefined, say: Say): object {
  if (given === undefined || given.value === 204) return {};
  if (given.value === 200) return { preflightStatus: 200 };
  say(
    "migrate/unusable-value",
    [given.key],
    `${quote(given.key)} is ${quoteValue(given.value)}`,
    "browsers accept any status from 200 to 299, and every intermediary passes on these two",
    "leave it out for 204, or write `preflightStatus: 200`",
  );
  return {};
}
