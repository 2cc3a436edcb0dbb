// An options object in a source → the value that it makes, as far as the text alone tells, and where each
// part of it stands. What only a running program knows is kept as its text.

import { printPath, type ValuePath } from "@corsway/cors/diagnostics";
import { bare, isNode, stringOf, type Node } from "./source.ts";

/** An expression whose value the text does not tell: `process.env.ORIGIN`, a function. */
export interface Unknown {
  readonly unknown: Node;
}

export interface Literal {
  readonly value: unknown;
  /** By printed path: `origin[1]`. */
  readonly places: ReadonlyMap<string, Node>;
  /** A spread, a computed key: then nothing is known of the whole. */
  readonly unclear?: Node;
}

export function readLiteral(node: Node): Literal {
  const places = new Map<string, Node>();
  let unclear: Node | undefined;
  const read = (given: Node, path: ValuePath): unknown => {
    const inner = bare(given);
    places.set(printPath(path), inner);
    const text = stringOf(inner);
    if (text !== undefined) return text;
    switch (inner.type) {
      case "BooleanLiteral":
      case "NumericLiteral":
        return inner["value"];
      case "NullLiteral":
        return null;
      case "RegExpLiteral":
        return readRegex(inner);
      case "ArrayExpression":
        return (inner["elements"] as (Node | null)[]).map((element, index) =>
          isNode(element) && element.type !== "SpreadElement"
            ? read(element, [...path, index])
            : { unknown: element ?? inner },
        );
      case "Identifier":
        return inner["name"] === "undefined" ? undefined : { unknown: inner };
      default:
        return { unknown: inner };
    }
  };
  const inner = bare(node);
  if (inner.type !== "ObjectExpression") return { value: undefined, places, unclear: inner };
  const value: Record<string, unknown> = {};
  for (const property of inner["properties"] as Node[]) {
    const key = keyOf(property);
    if (key === undefined) {
      unclear ??= property;
      continue;
    }
    if (property.type === "ObjectMethod") {
      places.set(key, property);
      value[key] = { unknown: property };
    } else value[key] = read(property["value"] as Node, [key]);
  }
  return { value, places, ...(unclear !== undefined && { unclear }) };
}

export function isUnknown(value: unknown): value is Unknown {
  return typeof value === "object" && value !== null && "unknown" in value && isNode(value.unknown);
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
