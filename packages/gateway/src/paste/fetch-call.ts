// A `fetch(…)` call, as DevTools copies it or as it stands in somebody's source. The text is parsed
// (acorn) and never run: what is not a literal is reported, not guessed.

import { parseExpressionAt, type AnyNode, type ObjectExpression } from "acorn";
import {
  firstOfOtherOrigin,
  pageRequestOf,
  type PastedRequest,
  type PasteFault,
  type RawRequest,
} from "./pasted.ts";

const call = /(?:^|[^\w$.]|\b(?:window|globalThis|self)\.)fetch\s*\(/;
/** `Copy all as fetch` may hold hundreds; the one that matters is among the first. */
const mostCalls = 200;

/** Does the text hold a call of fetch? */
export function isFetchCall(text: string): boolean {
  return call.test(text);
}

/** Reads the call in the text; of several the first whose page is of another origin. Total. */
export function readFetchCall(text: string): PastedRequest | PasteFault {
  const requests: PastedRequest[] = [];
  let fault: PasteFault | undefined;
  for (const found of [...text.matchAll(new RegExp(call, "g"))].slice(0, mostCalls)) {
    const read = readCall(text, found.index + found[0].indexOf("fetch"));
    if ("say" in read) fault ??= read;
    else requests.push(read);
  }
  const [first] = requests;
  if (first === undefined)
    return (
      fault ?? { say: "the text has no call of fetch", fix: "paste the complete fetch(…) call" }
    );
  if (requests.length === 1) return first;
  const chosen = firstOfOtherOrigin(requests) ?? first;
  return { ...chosen, notes: [...chosen.notes, `one of ${requests.length} calls in the text`] };
}

function readCall(text: string, start: number): PastedRequest | PasteFault {
  let node: AnyNode;
  try {
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
  let [first, second] = node.arguments as AnyNode[];
  if (first?.type === "NewExpression" && isNamed(first.callee as AnyNode, "Request"))
    [first, second = second] = first.arguments as AnyNode[];
  const url = first === undefined ? undefined : urlOf(first);
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
  const headers = headersOf(init, notes);
  const sent = bodyOf(init, notes);
  if (sent?.type !== undefined && !headers.some(([name]) => name.toLowerCase() === "content-type"))
    headers.push(["Content-Type", sent.type]);
  const referrer = say("referrer");
  const credentials = oneOf(say("credentials"), ["omit", "same-origin", "include"] as const);
  const mode = oneOf(say("mode"), ["cors", "no-cors", "same-origin"] as const);
  const redirect = oneOf(say("redirect"), ["follow", "error", "manual"] as const);
  return pageRequestOf(
    {
      url,
      method: say("method") ?? "GET",
      headers,
      ...(sent?.body === undefined ? {} : { body: sent.body }),
      ...(sent?.upload === undefined ? {} : { upload: sent.upload }),
      ...(referrer !== undefined && URL.canParse(referrer)
        ? { origin: new URL(referrer).origin }
        : {}),
      ...(credentials === undefined ? {} : { credentials }),
      ...(mode === undefined ? {} : { mode }),
      ...(redirect === undefined ? {} : { redirect }),
    },
    notes,
  );
}

/** A literal, or `new URL("…", "…")`. */
function urlOf(node: AnyNode): string | null | undefined {
  if (node.type !== "NewExpression" || !isNamed(node.callee as AnyNode, "URL"))
    return literal(node);
  const [path, base] = node.arguments.map((each) => literal(each as AnyNode));
  if (typeof path !== "string" || base === null) return undefined;
  return URL.canParse(path, base) ? new URL(path, base).href : undefined;
}

function isNamed(node: AnyNode, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
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
  if (inside.type === "ArrayExpression") {
    for (const pair of inside.elements)
      if (pair?.type === "ArrayExpression")
        addHeader(pair.elements as (AnyNode | null)[], headers, notes);
    return headers;
  }
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
    if (name !== undefined) addHeader([name, one.value as AnyNode], headers, notes);
  }
  return headers;
}

/** Whatever its value is at run time, the name is what a preflight asks for. */
function addHeader(
  [key, value]: readonly (string | AnyNode | null)[],
  headers: (readonly [string, string])[],
  notes: string[],
): void {
  const read = (node: string | AnyNode | null | undefined): string | undefined =>
    typeof node === "string" ? node : node ? (literal(node) ?? undefined) : undefined;
  const name = read(key);
  if (name === undefined) return;
  const written = read(value);
  headers.push([name, written ?? "x"]);
  if (written === undefined) notes.push(`the value of \`${name}\` is not written out`);
}

/** What is sent; `type` is the Content-Type that `fetch()` adds for this kind of body. */
interface SentBody extends Pick<RawRequest, "body" | "upload"> {
  readonly type?: string;
}

function bodyOf(init: ObjectExpression | undefined, notes: string[]): SentBody | undefined {
  const value = init && property(init, "body");
  if (value === undefined) return undefined;
  const read = literal(value);
  if (read === null) return undefined;
  if (typeof read === "string") return { body: read };
  if (value.type === "CallExpression" && text(value.callee as AnyNode) === "JSON.stringify")
    return { body: "{}" };
  const made = value.type === "NewExpression" ? text(value.callee as AnyNode) : "";
  // `fetch()` takes a stream only with `duplex`.
  if (made === "ReadableStream" || property(init!, "duplex") !== undefined)
    return { upload: "stream" };
  if (made === "URLSearchParams")
    return { body: "a=1", type: "application/x-www-form-urlencoded;charset=UTF-8" };
  if (made === "FormData") return { body: "x", type: "multipart/form-data; boundary=x" };
  if (made === "Blob" || made === "File") {
    const options = (value as { arguments: AnyNode[] }).arguments.at(-1);
    const type = options?.type === "ObjectExpression" ? property(options, "type") : undefined;
    const written = type === undefined ? undefined : literal(type);
    // Without a type of its own a Blob has no Content-Type; a header that is safelisted stands for that.
    return { body: "x", type: typeof written === "string" ? written : "text/plain" };
  }
  notes.push("`body` is not written out: read as text");
  return { body: "x" };
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
