// A migrated policy as source text. Expressions whose value the text did not tell were put in as
// stand-ins that no check objects to, and come back here as what they were.

import type { CorsLibrary, MigratedPolicy } from "@corsway/cors/migrate";
import { isUnknown } from "./literal.ts";
import type { Node } from "./source.ts";

/** Stand-in → the expression that it stands for. */
export type StandIns = Map<string, Node>;

/** The options with stand-ins for what is not known; a function stands for a function. */
export function withStandIns(options: unknown, standIns: StandIns): unknown {
  if (typeof options !== "object" || options === null) return options;
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, standInFor(key, value, standIns)]),
  );
}

function standInFor(key: string, value: unknown, standIns: StandIns): unknown {
  const isOrigin = key === "origin";
  if (Array.isArray(value))
    return value.map((one: unknown) =>
      isUnknown(one) ? nameStandIn(isOrigin, one.unknown, standIns) : one,
    );
  if (!isUnknown(value)) return value;
  if (isFunction(value.unknown)) {
    standIns.set(functionKey, value.unknown);
    return () => undefined;
  }
  if (key === "credentials") {
    standIns.set(credentialsKey, value.unknown);
    return true;
  }
  if (key === "maxAge" || key === "optionsSuccessStatus") {
    standIns.set(key, value.unknown);
    return key === "maxAge" ? 1 : 200;
  }
  return [nameStandIn(isOrigin, value.unknown, standIns, wholeMark)];
}

const functionKey = "function";
const credentialsKey = "credentials";
const wholeMark = "whole-";

function nameStandIn(isOrigin: boolean, node: Node, standIns: StandIns, mark = ""): string {
  const name = `x-corsway-${mark}${standIns.size}`;
  const standIn = isOrigin ? `https://${name}.invalid` : name;
  standIns.set(standIn, node);
  return standIn;
}

function isFunction({ type }: Node): boolean {
  return /^(?:ArrowFunctionExpression|FunctionExpression|ObjectMethod)$/.test(type);
}

/** `{ allowOrigins: […], … }`, indented as the line that it goes to. */
export function printPolicy(
  policy: MigratedPolicy,
  library: CorsLibrary,
  standIns: StandIns,
  source: string,
  indent: string,
): string {
  const text = (node: Node): string => source.slice(node.start, node.end);
  const fields = Object.entries(policy).map(([field, value]) => {
    const special =
      field === "allowCredentials"
        ? standIns.get(credentialsKey)
        : field === "maxAge"
          ? standIns.get("maxAge")
          : field === "preflightStatus"
            ? standIns.get("optionsSuccessStatus")
            : undefined;
    if (special !== undefined) return `${field}: ${text(special)}`;
    if (typeof value === "function")
      return `${field}: ${adaptFunction(standIns.get(functionKey)!, library, source)}`;
    return `${field}: ${printValue(value, standIns, text)}`;
  });
  const line = `{ ${fields.join(", ")} }`;
  if (line.length <= 80 && !line.includes("\n")) return line;
  return `{\n${fields.map((field) => `${indent}  ${field},\n`).join("")}${indent}}`;
}

function printValue(value: unknown, standIns: StandIns, text: (node: Node) => string): string {
  if (Array.isArray(value)) {
    const [only] = value as string[];
    const whole =
      value.length === 1 && only!.includes(`x-corsway-${wholeMark}`)
        ? standIns.get(only!)
        : undefined;
    if (whole !== undefined) return text(whole);
    return `[${value.map((one) => printValue(one, standIns, text)).join(", ")}]`;
  }
  const node = typeof value === "string" ? standIns.get(value) : undefined;
  return node === undefined ? JSON.stringify(value) : text(node);
}

/** Their function, asked as they asked it, and its answer as a boolean. */
function adaptFunction(node: Node, library: CorsLibrary, source: string): string {
  const written = source.slice(node.start, node.end);
  const asked = node.type === "ObjectMethod" ? `({ ${written} }).origin` : `(${written})`;
  if (library === "hono/cors")
    return `async (origin) => { const allowed = await ${asked}(origin); return allowed === "*" || allowed === origin; }`;
  return `(origin) => new Promise((resolve, reject) => { ${asked}(origin, (error, allowed) => error ? reject(error) : resolve(allowed === true || allowed === origin)); })`;
}
