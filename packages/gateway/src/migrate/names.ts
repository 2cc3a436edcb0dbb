// Where each name of a source is bound and where it is used. Scopes are not followed: a name that is bound twice is
// treated as unknown, which is always safe.

import { childrenOf, type Node } from "./source.ts";

/** One place where a name stands. `type` is inside a type; `query` is `typeof name` there. */
export interface Use {
  readonly node: Node;
  readonly role: "value" | "type" | "query";
}

export interface Names {
  readonly parentOf: ReadonlyMap<Node, Node>;
  /** The identifiers that bind the name: of a variable, a parameter, an import, a function. */
  bindings(name: string): readonly Node[];
  uses(name: string): readonly Use[];
}

export function readNames(root: Node): Names {
  const parentOf = new Map<Node, Node>();
  const bound = new Map<string, Node[]>();
  const used = new Map<string, Use[]>();
  const visit = (node: Node, binds: boolean, inType: boolean): void => {
    if (node.type === "Identifier" || node.type === "JSXIdentifier") {
      const name = node["name"] as string;
      if (binds) push(bound, name, node);
      else push(used, name, { node, role: inType ? "type" : "value" });
    }
    for (const { child, member } of childrenOf(node)) {
      parentOf.set(child, node);
      if (isOnlyName(node, member)) {
        // A parameter in a function type binds nothing, but has a type of its own.
        for (const below of childrenOf(child)) {
          parentOf.set(below.child, child);
          visit(below.child, false, true);
        }
        continue;
      }
      const typed = inType || isType(child);
      if (node.type === "TSTypeQuery" && child.type === "Identifier")
        push(used, child["name"] as string, { node: child, role: "query" });
      else visit(child, isBinding(node, member, binds), typed && !isValueAgain(child));
    }
  };
  visit(root, false, false);
  return {
    parentOf,
    bindings: (name) => bound.get(name) ?? [],
    uses: (name) => used.get(name) ?? [],
  };
}

function push<Value>(map: Map<string, Value[]>, name: string, value: Value): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, [value]);
  else known.push(value);
}

function isType({ type }: Node): boolean {
  return /^(?:TS(?!As|Satisfies|NonNull|TypeAssertion|ExportAssignment|ImportEquals|ParameterProperty|Enum|Module|Declare|Instantiation)|TypeAnnotation$|InterfaceDeclaration$|TypeAlias$|OpaqueType$)/.test(
    type,
  );
}

function isValueAgain({ type }: Node): boolean {
  return type === "TSExternalModuleReference";
}

/** A member of which the name stands for nothing: the `b` of `a.b`, a key, what an import is called there. */
function isOnlyName(node: Node, member: string): boolean {
  switch (member) {
    case "property":
      return node.type.endsWith("MemberExpression") && node["computed"] !== true;
    case "key":
      return node["computed"] !== true && "key" in node;
    case "imported":
    case "exported":
    case "label":
    case "meta":
      return true;
    case "right":
      return node.type === "TSQualifiedName";
    case "parameters":
    case "params":
      return (
        /^TS(?!ParameterProperty|DeclareFunction)/.test(node.type) &&
        !node.type.startsWith("TSTypeParameterInst")
      );
    default:
      return false;
  }
}

function isBinding(node: Node, member: string, binds: boolean): boolean {
  switch (node.type) {
    case "VariableDeclarator":
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSImportEqualsDeclaration":
    case "TSEnumDeclaration":
      return member === "id" || member === "params";
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ObjectMethod":
    case "ClassMethod":
    case "ClassPrivateMethod":
      return member === "params";
    case "CatchClause":
      return member === "param";
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
      return member === "local";
    case "ObjectProperty":
      return binds && member === "value";
    case "AssignmentPattern":
      return binds && member === "left";
    case "ArrayPattern":
    case "ObjectPattern":
    case "RestElement":
    case "TSParameterProperty":
      return binds && member !== "typeAnnotation";
    default:
      return false;
  }
}

/** The one declaration of the name in the file, if nothing else has that name: its variable or function. */
export function declarationOf(name: string, names: Names): Node | undefined {
  const [only, ...others] = names.bindings(name);
  if (only === undefined || others.length > 0) return undefined;
  const parent = names.parentOf.get(only);
  return parent !== undefined &&
    (parent.type === "VariableDeclarator" || parent.type === "FunctionDeclaration") &&
    parent["id"] === only
    ? parent
    : undefined;
}

/** The nearest node above that is not a type assertion or parentheses. */
export function parentBeyondWrappers(
  node: Node,
  { parentOf }: Names,
  isWrapper: (node: Node) => boolean,
): Node | undefined {
  let parent = parentOf.get(node);
  while (parent !== undefined && isWrapper(parent)) parent = parentOf.get(parent);
  return parent;
}
