// A `fetch(…)` call, as DevTools copies it or as it stands in somebody's source. The text is parsed
// (acorn) and never run: what is not a literal is reported, not guessed.

import { parseExpressionAt, type AnyNode, type ObjectExpression } from "acorn";
import { ownHeaders, type PastedRequest, type PasteFault } from "./pasted.ts";

/** Does the text hold a call of fetch? */
export function isFetchCall(text: string): boolean {
  return /(?:^|[^\w$.])fetch\s*\(/.test(text);
}

/** Reads the first call in the text. Total. */
export function readFetchCall(text: string): PastedRequest | PasteFault {
  const found = /(?:^|[^\w$.])(fetch\s*\()/.exec(text);
  if (found === null)
    return { say: "the text has no call of fetch", fix: "paste the complete fetch(…) call" };
  let node: AnyNode;
  try {
    const start = found.index + found[0].indexOf("fetch");
    node = parseExpressionAt(text, start, { ecmaVersion: "latest" });
  } catch (error) {
    return {
      say: `the call cannot be parsed: ${error instanceof Error ? error.message : String(error)}`,
      fix: "paste the call from `fetch(` to its closing bracket",
    };
  }
  while (node.type === "MemberExpression" || isCallOn(node)) node = calleeOf(node);
  if (node.type !== "CallExpression")
    return { say: "the text has no call of fetch", fix: "paste the complete fetch(…) call" };
  const notes: string[] = [];
  const [first, second] = node.arguments as AnyNode[];
  const url = first === undefined ? undefined : literal(first);
  if (typeof url !== "string")
    return {
      say: "the URL of the call is not written out",
      fix: 'put the URL that it has at run time in its place: fetch("https://…")',
    };
  const init = second?.type === "ObjectExpression" ? second : undefined;
  if (second !== undefined && init === undefined)
    notes.push("the options are not written out: read as none");
  const say = (name: string): string | undefined => {
    const value = init === undefined ? undefined : property(init, name);
    if (value === undefined) return undefined;
    const read = literal(value);
    if (typeof read === "string") return read;
    notes.push(`\`${name}\` is not written out: read as absent`);
    return undefined;
  };
  const { headers, origin, hasCookies } = ownHeaders(headersOf(init, notes));
  const body = bodyOf(init, notes);
  const referrer = say("referrer");
  const page =
    origin ??
    (referrer !== undefined && URL.canParse(referrer) ? new URL(referrer).origin : undefined);
  const credentials = oneOf(say("credentials"), ["omit", "same-origin", "include"] as const);
  const mode = oneOf(say("mode"), ["cors", "no-cors", "same-origin"] as const);
  const redirect = oneOf(say("redirect"), ["follow", "error", "manual"] as const);
  return {
    url,
    method: say("method") ?? "GET",
    headers,
    ...(body === undefined ? {} : { body }),
    ...(page === undefined ? {} : { origin: page }),
    ...(credentials !== undefined ? { credentials } : hasCookies ? { credentials: "include" } : {}),
    ...(mode === undefined ? {} : { mode }),
    ...(redirect === undefined ? {} : { redirect }),
    notes,
  };
}

function headersOf(
  init: ObjectExpression | undefined,
  notes: string[],
): (readonly [string, string])[] {
  const value = init && property(init, "headers");
  if (value === undefined) return [];
  const inside =
    value.type === "NewExpression" && value.arguments[0] !== undefined
      ? (value.arguments[0] as AnyNode)
      : value;
  const headers: (readonly [string, string])[] = [];
  if (inside.type !== "ObjectExpression") {
    notes.push("`headers` are not written out: read as none");
    return headers;
  }
  for (const one of inside.properties) {
    if (one.type !== "Property") {
      notes.push("a spread among the headers is left out");
      continue;
    }
    const name = nameOf(one.key as AnyNode, one.computed);
    if (name === undefined) continue;
    const read = literal(one.value as AnyNode);
    // Whatever its value is at run time, the name is what a preflight asks for.
    headers.push([name, typeof read === "string" ? read : "x"]);
    if (typeof read !== "string") notes.push(`the value of \`${name}\` is not written out`);
  }
  return headers;
}

function bodyOf(init: ObjectExpression | undefined, notes: string[]): string | undefined {
  const value = init && property(init, "body");
  if (value === undefined) return undefined;
  const read = literal(value);
  if (read === null) return undefined;
  if (typeof read === "string") return read;
  if (value.type === "CallExpression" && text(value.callee as AnyNode) === "JSON.stringify")
    return "{}";
  notes.push("`body` is not written out: read as text");
  return "x";
}

/** The value of a literal, a template without holes, or a sum of such; undefined where it is not one. */
function literal(node: AnyNode): string | null | undefined {
  if (node.type === "Literal") {
    if (node.value === null) return null;
    return typeof node.value === "string" ? node.value : String(node.value);
  }
  if (node.type === "TemplateLiteral" && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  if (node.type === "BinaryExpression" && node.operator === "+") {
    const [left, right] = [literal(node.left as AnyNode), literal(node.right)];
    return typeof left === "string" && typeof right === "string" ? left + right : undefined;
  }
  return undefined;
}

function property(object: ObjectExpression, name: string): AnyNode | undefined {
  for (const one of object.properties)
    if (one.type === "Property" && nameOf(one.key as AnyNode, one.computed) === name)
      return one.value as AnyNode;
  return undefined;
}

function nameOf(key: AnyNode, computed: boolean): string | undefined {
  if (key.type === "Identifier" && !computed) return key.name;
  const read = literal(key);
  return typeof read === "string" ? read : undefined;
}

function text(node: AnyNode): string {
  if (node.type === "Identifier") return node.name;
  if (node.type === "MemberExpression")
    return `${text(node.object as AnyNode)}.${text(node.property as AnyNode)}`;
  return "";
}

/** `fetch(…).then(…)`: a call on something that holds the call. */
function isCallOn(node: AnyNode): boolean {
  return node.type === "CallExpression" && node.callee.type === "MemberExpression";
}

function calleeOf(node: AnyNode): AnyNode {
  if (node.type === "MemberExpression") return node.object as AnyNode;
  return node.type === "CallExpression" ? (node.callee as AnyNode) : node;
}

function oneOf<T extends string>(value: string | undefined, known: readonly T[]): T | undefined {
  return known.find((one) => one === value);
}
