// Where a source loads one of the CORS middlewares, and where it makes one of it.

import type { CorsLibrary } from "@corsway/cors/migrate";
import { bare, isNode, nodesOf, stringOf, type Node } from "./source.ts";

/** How the middleware is brought into the file. */
export interface Loading {
  readonly library: CorsLibrary;
  /** The whole statement (`import cors from "cors"`), or the declarator's part of it. */
  readonly node: Node;
  readonly local: string;
  readonly isImport: boolean;
}

/** One call that makes the middleware. */
export interface CorsCall {
  readonly library: CorsLibrary;
  /** What is to be replaced by a call with the policy. */
  readonly start: number;
  readonly end: number;
  /** The call as it stands. */
  readonly node: Node;
  /** What the middleware is called by: `cors`, or `require("cors")`. */
  readonly callee: Node;
  /** The options; absent: none were given. */
  readonly options?: Node;
}

const modules: Readonly<Record<string, CorsLibrary>> = {
  cors: "cors",
  "@fastify/cors": "@fastify/cors",
  "fastify-cors": "@fastify/cors",
  "@koa/cors": "@koa/cors",
  "hono/cors": "hono/cors",
};

function libraryOf(name: string | undefined): CorsLibrary | undefined {
  return name !== undefined && Object.hasOwn(modules, name) ? modules[name] : undefined;
}

/** `require("cors")`, `import("@fastify/cors")` → its library. */
function loadedBy(node: Node): CorsLibrary | undefined {
  const inner = bare(node.type === "AwaitExpression" ? (node["argument"] as Node) : node);
  if (inner.type === "ImportExpression") return libraryOf(stringOf(inner["source"] as Node));
  if (inner.type !== "CallExpression") return undefined;
  const callee = inner["callee"] as Node;
  const isLoader =
    (callee.type === "Identifier" && callee["name"] === "require") || callee.type === "Import";
  return isLoader ? libraryOf(stringOf((inner["arguments"] as Node[])[0])) : undefined;
}

export function findLoadings(root: Node): Loading[] {
  const found: Loading[] = [];
  for (const node of nodesOf(root)) {
    if (node.type === "ImportDeclaration" && node["importKind"] !== "type") {
      const library = libraryOf(stringOf(node["source"] as Node));
      const local = (node["specifiers"] as Node[]).find(isMiddleware)?.["local"] as
        | Node
        | undefined;
      if (library !== undefined && local !== undefined)
        found.push({ library, node, local: local["name"] as string, isImport: true });
    }
    if (node.type === "VariableDeclarator" && isNode(node["init"])) {
      const library = loadedBy(node["init"]);
      const local = localOf(node["id"] as Node);
      if (library !== undefined && local !== undefined)
        found.push({ library, node, local, isImport: false });
    }
  }
  return found;
}

/** The default, a namespace, or the one that is called `cors`: not a type beside it. */
function isMiddleware(specifier: Node): boolean {
  if (specifier.type !== "ImportSpecifier") return true;
  const imported = specifier["imported"] as Node;
  return (
    specifier["importKind"] !== "type" &&
    /^(?:cors|default)$/.test(String(imported["name"] ?? imported["value"]))
  );
}

/** `cors`, or the `cors` of `{ cors }`. */
function localOf(id: Node): string | undefined {
  if (id.type === "Identifier") return id["name"] as string;
  if (id.type !== "ObjectPattern") return undefined;
  for (const property of id["properties"] as Node[]) {
    const key = property["key"] as Node | undefined;
    const value = property["value"] as Node | undefined;
    if (key?.["name"] === "cors" && value?.type === "Identifier") return value["name"] as string;
  }
  return undefined;
}

export function findCalls(root: Node, loadings: readonly Loading[]): CorsCall[] {
  const libraryOfCallee = (node: Node): CorsLibrary | undefined =>
    node.type === "Identifier"
      ? loadings.find(({ local }) => local === node["name"])?.library
      : loadedBy(node);
  const calls: CorsCall[] = [];
  for (const node of nodesOf(root)) {
    if (node.type !== "CallExpression") continue;
    const callee = bare(node["callee"] as Node);
    const given = node["arguments"] as Node[];
    // app.register(cors, options)
    if (callee.type === "MemberExpression" && (callee["property"] as Node)["name"] === "register") {
      const [plugin, options] = given;
      if (plugin === undefined || libraryOfCallee(bare(plugin)) !== "@fastify/cors") continue;
      const end = (options ?? plugin).end;
      const base = {
        library: "@fastify/cors",
        start: plugin.start,
        end,
        node,
        callee: plugin,
      } as const;
      calls.push(options === undefined ? base : { ...base, options });
      continue;
    }
    const library = libraryOfCallee(callee);
    if (library === undefined || library === "@fastify/cors") continue;
    const [options] = given;
    const base = { library, start: node.start, end: node.end, node, callee };
    calls.push(options === undefined ? base : { ...base, options });
  }
  return calls;
}
