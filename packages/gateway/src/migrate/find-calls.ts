// Where a source loads one of the CORS middlewares, and where it makes one of it.

import type { CorsLibrary } from "@corsway/cors/migrate";
import type { Names } from "./names.ts";
import { bare, isNode, isWrapper, nodesOf, stringOf, type Node } from "./source.ts";

/** How the middleware is brought into the file. */
export interface Loading {
  readonly library: CorsLibrary;
  /** The whole statement (`import cors from "cors"`), or the declarator's part of it. */
  readonly node: Node;
  readonly local: string;
  /** `import`, `import cors = require()`, `require()`, or `await import()`. */
  readonly by: "import" | "import-equals" | Loader;
}

/** How a module is loaded in an expression. `promise` is `import()` without `await`. */
export type Loader = "require" | "await" | "promise";

/** One call that makes the middleware. */
export interface CorsCall {
  readonly library: CorsLibrary;
  /** What is to be replaced by a call with the policy. */
  readonly start: number;
  readonly end: number;
  /** The call as it stands. */
  readonly node: Node;
  /** The name that the middleware is called by; or how it is loaded where it is called. */
  readonly callee: { readonly name: string; readonly node: Node } | { readonly loader: Loader };
  /** The options; absent: none were given. */
  readonly options?: Node;
  /** `app`, if it is `app.enableCors()` of NestJS. */
  readonly nestApplication?: Node;
  /** Where the middleware goes: `app.use("/api", …)`. Absent if it is kept for later. */
  readonly mount?: Mount;
}

export interface Mount {
  /** The text that it is mounted on: `app`, `this.router`. */
  readonly on: string;
  /** `use`, `get`, `options`, `register`. */
  readonly method: string;
  /** The path as it is written; absent: every path. */
  readonly path?: string;
}

const modules: Readonly<Record<string, CorsLibrary>> = {
  cors: "cors",
  "@fastify/cors": "@fastify/cors",
  "fastify-cors": "@fastify/cors",
  "@koa/cors": "@koa/cors",
  kcors: "@koa/cors",
  "koa2-cors": "@koa/cors",
  "hono/cors": "hono/cors",
};

/** The library of a module's name. */
export function libraryOf(name: string | undefined): CorsLibrary | undefined {
  return name !== undefined && Object.hasOwn(modules, name) ? modules[name] : undefined;
}

interface Loaded {
  readonly library: CorsLibrary;
  readonly loader: Loader;
}

/** `require("cors")`, `(await import("@fastify/cors")).default` → its library. */
function loadedBy(node: Node): Loaded | undefined {
  let inner = bare(node);
  if (isNamed(inner, "default")) inner = bare(inner["object"] as Node);
  const isAwaited = inner.type === "AwaitExpression";
  if (isAwaited) inner = bare(inner["argument"] as Node);
  const callee = inner.type === "CallExpression" ? (inner["callee"] as Node) : undefined;
  if (inner.type === "ImportExpression" || callee?.type === "Import") {
    const source = (inner["source"] ?? (inner["arguments"] as Node[])[0]) as Node | undefined;
    const library = libraryOf(stringOf(source));
    return library && { library, loader: isAwaited ? "await" : "promise" };
  }
  if (callee?.type !== "Identifier" || callee["name"] !== "require") return undefined;
  const library = libraryOf(stringOf((inner["arguments"] as Node[])[0]));
  return library && { library, loader: "require" };
}

function isNamed({ type, property, computed }: Node, name: string): boolean {
  return (
    /^(?:Optional)?MemberExpression$/.test(type) &&
    computed !== true &&
    (property as Node)["name"] === name
  );
}

export function findLoadings(root: Node): Loading[] {
  const found: Loading[] = [];
  for (const node of nodesOf(root)) {
    if (node.type === "ImportDeclaration" && node["importKind"] !== "type") {
      const library = libraryOf(stringOf(node["source"] as Node));
      const local = middlewareOf(node)?.["local"] as Node | undefined;
      if (library !== undefined && local !== undefined)
        found.push({ library, node, local: local["name"] as string, by: "import" });
    }
    if (node.type === "TSImportEqualsDeclaration") {
      const reference = node["moduleReference"] as Node;
      const library = libraryOf(stringOf(reference["expression"] as Node | undefined));
      const local = (node["id"] as Node)["name"] as string;
      if (library !== undefined) found.push({ library, node, local, by: "import-equals" });
    }
    if (node.type === "VariableDeclarator" && isNode(node["init"])) {
      const loaded = loadedBy(node["init"]);
      const local = localOf(node["id"] as Node);
      if (loaded !== undefined && loaded.loader !== "promise" && local !== undefined)
        found.push({ library: loaded.library, node, local, by: loaded.loader });
    }
  }
  return found;
}

/** The specifier of the middleware itself: the default, a namespace, or its own name; not a type. */
export function middlewareOf(declaration: Node): Node | undefined {
  return (declaration["specifiers"] as Node[]).find((specifier) => {
    if (specifier.type !== "ImportSpecifier") return true;
    const imported = specifier["imported"] as Node;
    return (
      specifier["importKind"] !== "type" &&
      isMiddlewareName(String(imported["name"] ?? imported["value"]))
    );
  });
}

function isMiddlewareName(name: string): boolean {
  return /^(?:cors|default|fastifyCors)$/.test(name);
}

/** `cors`, or the `cors` of `{ cors }` and of `{ default: cors }`. */
function localOf(id: Node): string | undefined {
  if (id.type === "Identifier") return id["name"] as string;
  if (id.type !== "ObjectPattern") return undefined;
  for (const property of id["properties"] as Node[]) {
    const key = property["key"] as Node | undefined;
    const value = property["value"] as Node | undefined;
    if (key !== undefined && isMiddlewareName(String(key["name"])) && value?.type === "Identifier")
      return value["name"] as string;
  }
  return undefined;
}

export function findCalls(
  root: Node,
  loadings: readonly Loading[],
  names: Names,
  text: string,
): CorsCall[] {
  const calleeOf = (node: Node): Pick<CorsCall, "library" | "callee"> | undefined => {
    if (node.type === "Identifier") {
      const name = node["name"] as string;
      const library = loadings.find(({ local }) => local === name)?.library;
      return library && { library, callee: { name, node } };
    }
    const loaded = loadedBy(node);
    return loaded && { library: loaded.library, callee: { loader: loaded.loader } };
  };
  const calls: CorsCall[] = [];
  for (const node of nodesOf(root)) {
    if (!/^(?:Optional)?CallExpression$/.test(node.type)) continue;
    const callee = bare(node["callee"] as Node);
    const [first, second] = node["arguments"] as Node[];
    // app.register(cors, options)
    if (isNamed(callee, "register")) {
      const plugin = first && calleeOf(bare(first));
      if (plugin?.library !== "@fastify/cors") continue;
      const mount: Mount = { on: textOf(callee["object"] as Node, text), method: "register" };
      const span = { start: first!.start, end: (second ?? first!).end };
      calls.push({ ...plugin, ...span, node, mount, ...(second && { options: second }) });
      continue;
    }
    if (isNamed(callee, "enableCors")) {
      const application = callee["object"] as Node;
      const mount: Mount = { on: textOf(application, text), method: "use" };
      calls.push({
        library: "cors",
        callee: { name: "cors", node: callee },
        start: node.start,
        end: node.end,
        node,
        nestApplication: application,
        mount,
        ...(first && { options: first }),
      });
      continue;
    }
    const made = calleeOf(callee);
    if (made === undefined || made.library === "@fastify/cors") continue;
    const mount = mountOf(node, names, text);
    calls.push({
      ...made,
      start: node.start,
      end: node.end,
      node,
      ...(mount && { mount }),
      ...(first && { options: first }),
    });
  }
  return calls;
}

function mountOf(call: Node, { parentOf }: Names, text: string): Mount | undefined {
  let parent = parentOf.get(call);
  while (parent !== undefined && (isWrapper(parent) || parent.type === "ArrayExpression"))
    parent = parentOf.get(parent);
  if (parent?.type !== "CallExpression") return undefined;
  const callee = parent["callee"] as Node;
  if (callee.type !== "MemberExpression") return undefined;
  const [first] = parent["arguments"] as Node[];
  const isFirst = first !== undefined && first.start <= call.start && call.end <= first.end;
  const path = isFirst || first === undefined ? undefined : textOf(first, text);
  return {
    on: textOf(callee["object"] as Node, text),
    method: String((callee["property"] as Node)["name"]),
    ...(path !== undefined && !/^["'`](?:\/?\*|\/)["'`]$/.test(path) && { path }),
  };
}

function textOf({ start, end }: Node, text: string): string {
  return text.slice(start, end);
}
