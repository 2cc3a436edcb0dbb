// A JavaScript or TypeScript source as a tree, by a parser that is not ours. The tree is read as plain
// data: of a node only its type, its span and what is asked of it are looked at.

import { parse } from "@babel/parser";

/** A node of the tree. Spans are UTF-16 code units of the text. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly loc: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
  readonly [member: string]: unknown;
}

export type Parsed =
  | { readonly root: Node }
  | {
      readonly fault: { readonly message: string; readonly line: number; readonly column: number };
    };

/** TypeScript and JSX are read wherever they may be: a file of plain JavaScript is one of both. */
export function parseSource(text: string, file: string): Parsed {
  const jsx = !/\.[cm]?ts$/.test(file);
  try {
    const { program } = parse(text, {
      sourceType: "unambiguous",
      allowReturnOutsideFunction: true,
      plugins: jsx ? ["typescript", "jsx"] : ["typescript"],
    });
    return { root: program as unknown as Node };
  } catch (error) {
    const { message, loc } = error as SyntaxError & { loc?: { line: number; column: number } };
    return {
      fault: {
        message: message.replace(/ \(\d+:\d+\)$/, ""),
        line: loc?.line ?? 1,
        column: (loc?.column ?? 0) + 1,
      },
    };
  }
}

/** Every node, parents first. */
export function* nodesOf(root: Node): Generator<Node> {
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    const children: Node[] = [];
    for (const [member, value] of Object.entries(node)) {
      if (member === "loc" || member === "extra" || member.endsWith("Comments")) continue;
      for (const one of Array.isArray(value) ? value : [value]) if (isNode(one)) children.push(one);
    }
    // Last in, first out: so they come in the order of the text.
    waiting.push(...children.reverse());
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** What `as`, `!`, `satisfies` and parentheses stand around. */
export function bare(node: Node): Node {
  let inner = node;
  while (
    /^(?:TSAsExpression|TSSatisfiesExpression|TSNonNullExpression|TSTypeAssertion|ParenthesizedExpression)$/.test(
      inner.type,
    )
  )
    inner = inner["expression"] as Node;
  return inner;
}

/** The text of a string literal, or of a template without a hole. */
export function stringOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (node.type === "StringLiteral") return node["value"] as string;
  const quasis = node["quasis"] as Node[] | undefined;
  if (node.type !== "TemplateLiteral" || quasis?.length !== 1) return undefined;
  return (quasis[0]!["value"] as { cooked?: string }).cooked;
}
