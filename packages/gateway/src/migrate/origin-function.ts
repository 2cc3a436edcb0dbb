// A function that decided origins for another middleware, as `allowOrigins` asks it. The commonest one only looks into a
// list, and then the list itself is the policy.

import type { CorsLibrary } from "@corsway/cors/migrate";
import { bare, isNode, nodesOf, type Node } from "./source.ts";

/** Why a function cannot be asked here; undefined if it can. */
export function whyNotAsked(node: Node, library: CorsLibrary): string | undefined {
  const parameters = (node["params"] as Node[]).length;
  if (library === "@koa/cors") return "it reads Koa's context, which `allowOrigins` is not given";
  if (library === "hono/cors" && parameters > 1)
    return "it reads Hono's context, which `allowOrigins` is not given";
  if (library === "cors" && parameters < 2)
    return "`cors` waits for a callback, and this function takes none";
  return undefined;
}

/** The function as source text that gives a promise of a boolean. `written`: its text, or its name. */
export function adaptFunction(
  node: Node,
  written: string,
  library: CorsLibrary,
  isTypeScript: boolean,
): string {
  const asked = node.type === "ObjectMethod" ? `({ ${written} }).origin` : written;
  const called = /^[\w$]+$/.test(asked)
    ? asked
    : node.type === "ObjectMethod"
      ? asked
      : `(${asked})`;
  const origin = isTypeScript ? "origin: string" : "origin";
  if (library === "hono/cors" || (node["params"] as Node[]).length < 2)
    return `async (${origin}) => { const allowed${isTypeScript ? ": unknown" : ""} = await ${called}(origin); return allowed === true || allowed === "*" || allowed === origin; }`;
  const promise = isTypeScript ? "new Promise<boolean>" : "new Promise";
  const answer = isTypeScript ? "error: unknown, allowed?: unknown" : "error, allowed";
  const isAllowed = "allowed === true || allowed === origin";
  // An error that stands for "no" is not a failure to report.
  return refusesWithError(node)
    ? `(${origin}) => ${promise}((resolve) => { ${called}(origin, (${answer}) => resolve(!error && (${isAllowed}))); })`
    : `(${origin}) => ${promise}((resolve, reject) => { ${called}(origin, (${answer}) => error ? reject(error) : resolve(${isAllowed})); })`;
}

/** Whether an origin that is not allowed got an error response: `callback(new Error("Not allowed by CORS"))`. */
export function refusesWithError(node: Node): boolean {
  const [, callback] = node["params"] as (Node | undefined)[];
  if (callback?.type !== "Identifier") return false;
  return [...nodesOf(node["body"] as Node)].some((one) => {
    if (one.type !== "CallExpression" || (one["callee"] as Node)["name"] !== callback["name"])
      return false;
    const [error] = one["arguments"] as (Node | undefined)[];
    return error !== undefined && error.type !== "NullLiteral" && error["name"] !== "undefined";
  });
}

/** What the function answers for a listed origin, and for another one. */
type Outcome = "allowed" | "refused" | undefined;

/**
 * The list that the function looks the origin up in, if it does nothing else: `list.includes(origin)` or
 * `list.indexOf(origin) !== -1`, with `!origin` beside it. Everything that is not understood gives undefined.
 */
export function listOf(node: Node, library: CorsLibrary): Node | undefined {
  const [origin, callback] = node["params"] as (Node | undefined)[];
  if (origin?.type !== "Identifier" || library === "@koa/cors") return undefined;
  if (library !== "hono/cors" && callback?.type !== "Identifier") return undefined;
  const name = origin["name"] as string;
  const found = [...nodesOf(node)]
    .map((one) => lookUpOf(one, name))
    .filter((one) => one !== undefined);
  const [first] = found;
  if (first === undefined || found.some(({ list }) => list["name"] !== first.list["name"]))
    return undefined;
  const decide = (isListed: boolean): Outcome =>
    runBody(node, {
      name,
      callback: callback?.["name"] as string | undefined,
      isListed,
      locals: new Map(),
    });
  return decide(true) === "allowed" && decide(false) === "refused" ? first.list : undefined;
}

interface LookUp {
  readonly list: Node;
  /** Whether the expression is true for a listed origin. */
  readonly isIn: boolean;
}

function lookUpOf(node: Node, origin: string): LookUp | undefined {
  if (node.type === "CallExpression") {
    const list = listAsked(node, "includes", origin);
    return list && { list, isIn: true };
  }
  if (node.type !== "BinaryExpression") return undefined;
  const list = listAsked(bare(node["left"] as Node), "indexOf", origin);
  if (list === undefined) return undefined;
  const right = node["right"] as Node;
  const operator = node["operator"] as string;
  const isMinusOne =
    right.type === "UnaryExpression" &&
    right["operator"] === "-" &&
    (right["argument"] as Node)["value"] === 1;
  if (isMinusOne && /^(?:!==?|>)$/.test(operator)) return { list, isIn: true };
  if (isMinusOne && /^===?$/.test(operator)) return { list, isIn: false };
  if (right["value"] === 0 && operator === ">=") return { list, isIn: true };
  if (right["value"] === 0 && operator === "<") return { list, isIn: false };
  return undefined;
}

/** `list` of `list.includes(origin)`. */
function listAsked(call: Node, method: string, origin: string): Node | undefined {
  if (call.type !== "CallExpression") return undefined;
  const callee = call["callee"] as Node;
  if (callee.type !== "MemberExpression" || (callee["property"] as Node)["name"] !== method)
    return undefined;
  const list = bare(callee["object"] as Node);
  const [argument] = call["arguments"] as (Node | undefined)[];
  return list.type === "Identifier" && argument !== undefined && isOrigin(argument, origin)
    ? list
    : undefined;
}

/** `origin`, `origin as string`, `origin || ""`. */
function isOrigin(node: Node, origin: string): boolean {
  const inner = bare(node);
  if (inner.type === "LogicalExpression") return isOrigin(inner["left"] as Node, origin);
  return inner.type === "Identifier" && inner["name"] === origin;
}

interface Run {
  readonly name: string;
  readonly callback: string | undefined;
  readonly isListed: boolean;
  /** Constants of the function, as far as their truth is known. */
  readonly locals: Map<string, boolean>;
}

function runBody({ body }: Node, run: Run): Outcome {
  const node = body as Node;
  if (node.type === "BlockStatement") return runAll(node["body"] as Node[], run);
  return answerOf(node, run);
}

function runAll(statements: readonly Node[], run: Run): Outcome {
  for (const statement of statements) {
    const ran = runOne(statement, run);
    if (ran !== "next") return ran;
  }
  return undefined;
}

/** `next`: it decided nothing, and the following statement is run. */
function runOne(statement: Node, run: Run): Outcome | "next" {
  switch (statement.type) {
    case "BlockStatement": {
      for (const one of statement["body"] as Node[]) {
        const ran = runOne(one, run);
        if (ran !== "next") return ran;
      }
      return "next";
    }
    case "IfStatement": {
      const holds = evaluate(statement["test"] as Node, run);
      if (holds === undefined) return undefined;
      const branch = holds ? (statement["consequent"] as Node) : statement["alternate"];
      return isNode(branch) ? runOne(branch, run) : "next";
    }
    case "VariableDeclaration": {
      for (const { id, init } of statement["declarations"] as unknown as {
        id: Node;
        init?: Node;
      }[]) {
        const holds = init && evaluate(init, run);
        if (holds !== undefined) run.locals.set(id["name"] as string, holds);
        else if (init && mentions(init, run.callback)) return undefined;
      }
      return "next";
    }
    case "ReturnStatement":
      return isNode(statement["argument"]) ? answerOf(statement["argument"], run) : undefined;
    case "ExpressionStatement": {
      const expression = statement["expression"] as Node;
      return isLog(expression) ? "next" : answerOf(expression, run);
    }
    default:
      return undefined;
  }
}

/** `console.warn(…)`, `logger.info(…)` */
function isLog(node: Node): boolean {
  const callee = node["callee"] as Node | undefined;
  return (
    callee?.type === "MemberExpression" &&
    /^(?:console|.*log(?:ger)?)$/i.test(String((callee["object"] as Node)["name"]))
  );
}

function mentions(node: Node, name: string | undefined): boolean {
  return name !== undefined && [...nodesOf(node)].some((one) => one["name"] === name);
}

/** `callback(null, true)`, `callback(new Error(…))`; of hono the value that is given back. */
function answerOf(node: Node, run: Run): Outcome {
  const inner = bare(node);
  if (inner.type === "ConditionalExpression") {
    const holds = evaluate(inner["test"] as Node, run);
    if (holds === undefined) return undefined;
    return answerOf(inner[holds ? "consequent" : "alternate"] as Node, run);
  }
  if (run.callback === undefined) {
    if (inner.type === "Identifier" && inner["name"] === run.name) return "allowed";
    return inner.type === "NullLiteral" || inner["name"] === "undefined" || inner["value"] === ""
      ? "refused"
      : undefined;
  }
  if (inner.type !== "CallExpression" || (inner["callee"] as Node)["name"] !== run.callback)
    return undefined;
  const [error, allowed] = inner["arguments"] as (Node | undefined)[];
  if (
    error !== undefined &&
    /^(?:New|Call)Expression$|^(?:String|Template)Literal$/.test(error.type)
  )
    return "refused";
  const isNone = error?.type === "NullLiteral" || error?.["name"] === "undefined";
  if (!isNone) return undefined;
  if (allowed === undefined) return "refused";
  const holds = evaluate(allowed, run);
  return holds === undefined ? undefined : holds ? "allowed" : "refused";
}

/** The truth of a condition for an origin that is there; undefined if it depends on anything else. */
function evaluate(node: Node, run: Run): boolean | undefined {
  const inner = bare(node);
  if (inner.type === "BooleanLiteral") return inner["value"] as boolean;
  if (inner.type === "Identifier")
    return inner["name"] === run.name ? true : run.locals.get(inner["name"] as string);
  if (inner.type === "ConditionalExpression") {
    const holds = evaluate(inner["test"] as Node, run);
    return holds === undefined
      ? undefined
      : evaluate(inner[holds ? "consequent" : "alternate"] as Node, run);
  }
  const lookUp = lookUpOf(inner, run.name);
  if (lookUp !== undefined) return lookUp.isIn === run.isListed;
  if (inner.type === "UnaryExpression" && inner["operator"] === "!") {
    const holds = evaluate(inner["argument"] as Node, run);
    return holds === undefined ? undefined : !holds;
  }
  if (inner.type === "LogicalExpression") {
    const left = evaluate(inner["left"] as Node, run);
    const right = evaluate(inner["right"] as Node, run);
    if (left === undefined || right === undefined) return undefined;
    return inner["operator"] === "||" ? left || right : left && right;
  }
  if (inner.type === "BinaryExpression" && isOrigin(inner["left"] as Node, run.name)) {
    const right = inner["right"] as Node;
    if (right.type !== "NullLiteral" && right["name"] !== "undefined") return undefined;
    return (inner["operator"] as string).startsWith("!");
  }
  return undefined;
}
