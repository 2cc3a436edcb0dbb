// An options object in a source → the value that it makes, as far as the text alone tells, and where each
// part of it stands. What only a running program knows is kept as its text.

import { printPath, type ValuePath } from "@corsway/cors/diagnostics";
import { declarationOf, type Names } from "./names.ts";
import { bare, isFunction, isNode, stringOf, type Node } from "./source.ts";

/** An expression whose value the text does not tell: `process.env.ORIGIN`, a function. */
export interface Unknown {
  readonly unknown: Node;
}

export interface Literal {
  readonly value: unknown;
  /** By printed path: `origin[1]`. */
  readonly places: Map<string, Node>;
  /** Constants of the file that stand for a value: printed again under their name. */
  readonly constants: Constant[];
  /** A spread, a computed key, no object at all: then nothing is known of the whole. */
  readonly unclear?: Node;
}

export interface Constant {
  readonly name: Node;
  readonly value: unknown;
}

export function readLiteral(node: Node, names: Names): Literal {
  const into = { places: new Map<string, Node>(), constants: [] as Constant[] };
  const inner = bare(node);
  if (inner.type !== "ObjectExpression") return { value: undefined, ...into, unclear: inner };
  let unclear: Node | undefined;
  const value: Record<string, unknown> = {};
  for (const property of inner["properties"] as Node[]) {
    const key = keyOf(property);
    if (key === undefined) {
      unclear ??= property;
      continue;
    }
    if (property.type === "ObjectMethod") {
      into.places.set(key, property);
      value[key] = { unknown: property };
    } else value[key] = readExpression(property["value"] as Node, [key], names, into);
  }
  return { value, ...into, ...(unclear !== undefined && { unclear }) };
}

/** The value of one expression. Its places and constants are added to `into`. */
export function readExpression(
  given: Node,
  path: ValuePath,
  names: Names,
  into: { readonly places: Map<string, Node>; readonly constants: Constant[] },
): unknown {
  const inner = bare(given);
  into.places.set(printPath(path), inner);
  const text = stringOf(inner);
  if (text !== undefined) return text;
  switch (inner.type) {
    case "BooleanLiteral":
    case "NumericLiteral":
      return inner["value"];
    case "BinaryExpression":
      return productOf(inner) ?? { unknown: inner };
    case "NullLiteral":
      return null;
    case "RegExpLiteral":
      return readRegex(inner);
    case "ArrayExpression":
      return (inner["elements"] as (Node | null)[]).map((element, index) =>
        isNode(element) && element.type !== "SpreadElement"
          ? readExpression(element, [...path, index], names, into)
          : { unknown: element ?? inner },
      );
    case "Identifier": {
      if (inner["name"] === "undefined") return undefined;
      const init = constantOf(inner, names);
      if (init === undefined) return { unknown: inner };
      const value = readExpression(init, path, names, into);
      into.constants.push({ name: inner, value });
      return value;
    }
    default:
      return { unknown: inner };
  }
}

/** `60 * 60 * 24` */
function productOf(node: Node): number | undefined {
  const inner = bare(node);
  if (inner.type === "NumericLiteral") return inner["value"] as number;
  if (inner.type !== "BinaryExpression" || inner["operator"] !== "*") return undefined;
  const left = productOf(inner["left"] as Node);
  const right = productOf(inner["right"] as Node);
  return left === undefined || right === undefined ? undefined : left * right;
}

export function isUnknown(value: unknown): value is Unknown {
  return typeof value === "object" && value !== null && "unknown" in value && isNode(value.unknown);
}

/** What the expression may come to, of which each has to be right: `a ? b : c`, `a || b`. */
export function* leavesOf(node: Node): Generator<Node> {
  const inner = bare(node);
  if (inner.type === "ConditionalExpression") {
    yield* leavesOf(inner["consequent"] as Node);
    yield* leavesOf(inner["alternate"] as Node);
  } else if (inner.type === "LogicalExpression") {
    yield* leavesOf(inner["left"] as Node);
    yield* leavesOf(inner["right"] as Node);
  } else if (inner.type === "ArrayExpression")
    for (const element of inner["elements"] as (Node | null)[]) {
      if (isNode(element)) yield* leavesOf(element);
    }
  else yield inner;
}

/** The function that the expression is, or that the name stands for. */
export function functionOf(node: Node, names: Names): Node | undefined {
  const inner = bare(node);
  if (isFunction(inner)) return inner;
  if (inner.type !== "Identifier") return undefined;
  const declaration = declarationOf(inner["name"] as string, names);
  if (declaration?.type === "FunctionDeclaration") return declaration;
  const init = declaration?.["init"];
  return isNode(init) && isFunction(bare(init)) ? bare(init) : undefined;
}

const mutators = /^(?:push|unshift|splice|pop|shift|fill|reverse|sort|copyWithin)$/;

/** `const origins = [ … ]`, if nothing changes it later. */
function constantOf(identifier: Node, names: Names): Node | undefined {
  const name = identifier["name"] as string;
  const declaration = declarationOf(name, names);
  const init = declaration?.["init"];
  if (!isNode(init) || !isData(bare(init)) || isChanged(name, names)) return undefined;
  return init;
}

function isData(node: Node): boolean {
  return (
    node.type === "ArrayExpression" ||
    node.type === "RegExpLiteral" ||
    node.type === "BooleanLiteral" ||
    stringOf(node) !== undefined
  );
}

/** Whether the name is assigned again, or what it holds is changed: `list.push(…)`, `options.origin = …`. */
export function isChanged(name: string, names: Names): boolean {
  return names.uses(name).some(({ node }) => {
    let child = node;
    let parent = names.parentOf.get(node);
    while (parent?.type === "MemberExpression" && parent["object"] === child) {
      const property = String((parent["property"] as Node)["name"]);
      child = parent;
      parent = names.parentOf.get(parent);
      if (parent?.type === "CallExpression" && parent["callee"] === child)
        return mutators.test(property);
    }
    if (parent === undefined) return false;
    if (/^(?:Assignment|Update)Expression$/.test(parent.type) && parent["right"] !== child)
      return true;
    if (parent.type === "UnaryExpression" && parent["operator"] === "delete") return true;
    return isAssignTarget(parent, node);
  });
}

/** `Object.assign(options, …)` */
function isAssignTarget(call: Node, argument: Node): boolean {
  if (call.type !== "CallExpression") return false;
  const callee = call["callee"] as Node;
  return (
    callee.type === "MemberExpression" &&
    (callee["object"] as Node)["name"] === "Object" &&
    (call["arguments"] as Node[])[0] === argument
  );
}

function keyOf(property: Node): string | undefined {
  if (property["computed"] === true || property.type === "SpreadElement") return undefined;
  const key = property["key"] as Node;
  return key.type === "Identifier" ? (key["name"] as string) : stringOf(key);
}

function readRegex(node: Node): unknown {
  try {
    return new RegExp(node["pattern"] as string, node["flags"] as string);
  } catch {
    return { unknown: node };
  }
}
