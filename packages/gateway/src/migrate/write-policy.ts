// A migrated policy as source text. Expressions whose value the text did not tell were put in as
// stand-ins that no check objects to, and come back here as what they were.

import type { CorsLibrary, MigratedPolicy } from "@corsway/cors/migrate";
import { functionOf, isUnknown, leavesOf, type Constant } from "./literal.ts";
import type { Names } from "./names.ts";
import { commentsByField, type OptionComment } from "./option-comments.ts";
import { adaptFunction } from "./origin-function.ts";
import { bare, isFunction, stringOf, type Node } from "./source.ts";

/** What a policy is written into. */
export interface Target {
  readonly text: string;
  readonly names: Names;
  readonly library: CorsLibrary;
  readonly isTypeScript: boolean;
}

/** Stand-in → the expression that it stands for. */
export interface StandIns {
  readonly expressions: Map<string, Node>;
  /** The function for the origins: its node, and the expression in the options. */
  asked?: { readonly node: Node; readonly written: Node };
  readonly constants: readonly Constant[];
}

/** A policy as text, and whether it has values that `definePolicy` must check when the program starts. */
export interface WrittenPolicy {
  readonly text: string;
  /** The text without comments: equal for policies that mean the same. */
  readonly value: string;
  readonly definesPolicy: boolean;
  /** Expressions of the options that are written again. */
  readonly kept: readonly Node[];
  /** The first expression that only the running program knows, if there is one. */
  readonly runTime?: Node;
}

const wholeMark = "whole-";

/** The options with stand-ins for what is not known; a function stands for a function. */
export function withStandIns(options: unknown, standIns: StandIns, { names }: Target): unknown {
  if (typeof options !== "object" || options === null) return options;
  const put = (isOrigin: boolean, node: Node, mark = ""): string => {
    const name = `x-corsway-${mark}${standIns.expressions.size}`;
    const standIn = isOrigin ? `https://${name}.invalid` : name;
    standIns.expressions.set(standIn, node);
    return standIn;
  };
  const standInFor = (key: string, value: unknown): unknown => {
    const isOrigin = key === "origin";
    if (Array.isArray(value))
      return value.map((one: unknown) => (isUnknown(one) ? put(isOrigin, one.unknown) : one));
    if (!isUnknown(value)) return value;
    const asked = functionOf(value.unknown, names);
    if (isOrigin && asked !== undefined) {
      standIns.asked = { node: asked, written: value.unknown };
      return () => undefined;
    }
    if (isFunction(bare(value.unknown))) return () => undefined;
    if (key === "credentials" || key === "maxAge" || key === "optionsSuccessStatus") {
      standIns.expressions.set(key, value.unknown);
      return key === "credentials" ? true : key === "maxAge" ? 1 : 200;
    }
    return [put(isOrigin, value.unknown, wholeMark)];
  };
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, standInFor(key, value)]),
  );
}

const special: Readonly<Record<string, string>> = {
  allowCredentials: "credentials",
  maxAge: "maxAge",
  preflightStatus: "optionsSuccessStatus",
};

/** `{ allowOrigins: […], … }`, indented as the line that it goes to, with the comments of what it replaces. */
export function printPolicy(
  policy: MigratedPolicy,
  standIns: StandIns,
  target: Target,
  { indent, comments }: { readonly indent: string; readonly comments: readonly OptionComment[] },
): WrittenPolicy {
  const { expressions, constants, asked } = standIns;
  const textOf = ({ start, end }: Node): string => target.text.slice(start, end);
  let needsCheck = expressions.size > 0;
  const printEntry = (value: string): string => {
    const node = expressions.get(value);
    if (node !== undefined) return cast(node, "string", target);
    const constant = constants.find((one) => one.value === value);
    return constant === undefined ? JSON.stringify(value) : textOf(constant.name);
  };
  const printValue = (value: unknown): string => {
    if (!Array.isArray(value)) return JSON.stringify(value);
    const [only] = value as string[];
    const whole = value.length === 1 && only!.includes(`x-corsway-${wholeMark}`);
    if (whole) return cast(expressions.get(only!)!, "string | readonly string[]", target);
    const same = constants.find((one) => Array.isArray(one.value) && isSame(one.value, value));
    if (same !== undefined) {
      needsCheck = true;
      return textOf(same.name);
    }
    return `[${(value as string[]).map(printEntry).join(", ")}]`;
  };
  const fields = Object.entries(policy).map(([field, value]) => {
    const node = expressions.get(special[field] ?? "");
    if (node !== undefined) return `${field}: ${textOf(node)}`;
    if (typeof value !== "function") return `${field}: ${printValue(value)}`;
    const { node: called, written } = asked!;
    return `${field}: ${adaptFunction(called, textOf(written), target.library, target.isTypeScript)}`;
  });
  const kept = [...expressions.values(), ...(asked === undefined ? [] : [asked.written])];
  const isLost = ({ node }: OptionComment): boolean =>
    !kept.some(({ start, end }) => start <= node.start && node.end <= end);
  const above = commentsByField(Object.keys(policy), comments.filter(isLost));
  const line = `{ ${fields.join(", ")} }`;
  const onLines = (lines: readonly string[]): string =>
    `{\n${lines.map((one) => `${indent}  ${one}\n`).join("")}${indent}}`;
  const value =
    line.length <= 80 && !line.includes("\n") ? line : onLines(fields.map((field) => `${field},`));
  const [runTime] = expressions.values();
  return {
    text:
      above.size === 0
        ? value
        : onLines(
            Object.keys(policy).flatMap((name, index) =>
              (above.get(name) ?? []).map(textOf).concat(`${fields[index]!},`),
            ),
          ),
    value,
    // It does not take a function, and the types of the other fields do not need it.
    definesPolicy: needsCheck && asked === undefined,
    kept,
    ...(runTime !== undefined && { runTime }),
  };
}

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index]);
}

/** In TypeScript an environment variable may be undefined, which `definePolicy` reports when the program starts. */
function cast(node: Node, type: string, { text, isTypeScript, names }: Target): string {
  const written = text.slice(node.start, node.end);
  if (!isTypeScript || node.type === "SpreadElement" || !isDoubtful(node, names)) return written;
  const simple = /^(?:Optional)?(?:MemberExpression|CallExpression)$|^Identifier$/.test(node.type);
  return `${simple ? written : `(${written})`} as ${type}`;
}

function isDoubtful(node: Node, names: Names): boolean {
  const inner = bare(node);
  if (inner.type === "LogicalExpression") return isDoubtful(inner["right"] as Node, names);
  if (inner.type === "ConditionalExpression" || inner.type === "ArrayExpression")
    return [...leavesOf(inner)].some((leaf) => isDoubtful(leaf, names));
  if (stringOf(inner) !== undefined || inner.type === "TemplateLiteral") return false;
  if (inner.type !== "Identifier") return true;
  const [bound] = names.bindings(inner["name"] as string);
  const init = bound && (names.parentOf.get(bound)?.["init"] as Node | undefined);
  return (
    init === undefined ||
    !/^(?:Array|String|Template)/.test(bare(init).type) ||
    isDoubtful(init, names)
  );
}
