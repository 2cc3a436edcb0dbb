// A JavaScript or TypeScript source as a tree, by a parser that is not ours. The tree is read as plain
// data: of a node only its type, its span and what is asked of it are looked at.

import { parse, type ParserPlugin } from "@babel/parser";

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
  | { readonly root: Node; readonly comments: readonly Node[] }
  | {
      readonly fault: { readonly message: string; readonly line: number; readonly column: number };
    };

/** Whether the file is TypeScript by its name: then what is written must have types. */
export function isTypeScript(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file);
}

/**
 * TypeScript, JSX and decorators are read wherever they may be: a file of plain JavaScript is one of each. Flow's types
 * cannot be read together with TypeScript's, so they are the second attempt.
 */
export function parseSource(text: string, file: string): Parsed {
  const jsx = !/\.[cm]?ts$/.test(file);
  const first = attempt(text, jsx ? ["typescript", "jsx"] : ["typescript"]);
  if ("root" in first || isTypeScript(file)) return first;
  const second = attempt(text, ["flow", "jsx"]);
  return "root" in second ? second : first;
}

function attempt(text: string, plugins: readonly ParserPlugin[]): Parsed {
  try {
    const { program, comments } = parse(text, {
      sourceType: "unambiguous",
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      plugins: [...plugins, "decorators-legacy"],
    });
    return {
      root: program as unknown as Node,
      comments: (comments ?? []) as unknown as readonly Node[],
    };
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
    // Last in, first out: so they come in the order of the text.
    waiting.push(
      ...childrenOf(node)
        .map(({ child }) => child)
        .reverse(),
    );
  }
}

/** The nodes below, and the member that each stands in. */
export function childrenOf(node: Node): { readonly child: Node; readonly member: string }[] {
  const found: { child: Node; member: string }[] = [];
  for (const [member, value] of Object.entries(node)) {
    if (member === "loc" || member === "extra" || member.endsWith("Comments")) continue;
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child)) found.push({ child, member });
  }
  return found;
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

const wrappers =
  /^(?:TSAsExpression|TSSatisfiesExpression|TSNonNullExpression|TSTypeAssertion|TypeCastExpression|ParenthesizedExpression)$/;

/** What `as`, `!`, `satisfies` and parentheses stand around. */
export function bare(node: Node): Node {
  let inner = node;
  while (wrappers.test(inner.type)) inner = inner["expression"] as Node;
  return inner;
}

/** Whether the node is such a wrapper. */
export function isWrapper({ type }: Node): boolean {
  return wrappers.test(type);
}

export function isFunction({ type }: Node): boolean {
  return /^(?:ArrowFunctionExpression|FunctionExpression|FunctionDeclaration|ObjectMethod)$/.test(
    type,
  );
}

/** The text of a string literal, or of a template without a hole. */
export function stringOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (node.type === "StringLiteral") return node["value"] as string;
  const quasis = node["quasis"] as Node[] | undefined;
  if (node.type !== "TemplateLiteral" || quasis?.length !== 1) return undefined;
  return (quasis[0]!["value"] as { cooked?: string }).cooked;
}
