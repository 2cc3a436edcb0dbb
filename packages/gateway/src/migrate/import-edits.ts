// How the middleware and `definePolicy` come into a file whose calls are migrated, and what they are called there.

import type { CorsLibrary } from "@corsway/cors/migrate";
import { middlewareOf, type CorsCall, type Loader, type Loading } from "./find-calls.ts";
import type { CallMigration, Source } from "./migrate-call.ts";
import { isNode, stringOf, type Node } from "./source.ts";
import { isRewritten } from "./rewritten.ts";
import type { SourceEdit } from "./source-edit.ts";

/** The entry of each library's framework. */
export const entries: Readonly<Record<CorsLibrary, string>> = {
  cors: "@corsway/cors/express",
  "@fastify/cors": "@corsway/cors/fastify",
  "@koa/cors": "@corsway/cors/koa",
  "hono/cors": "@corsway/cors/hono",
};

/** What a call is written with. */
export interface PolicyNames {
  readonly cors: string;
  readonly definePolicy: string;
}

export interface Imports {
  readonly edits: readonly SourceEdit[];
  namesOf(call: CorsCall): PolicyNames;
}

const newName = "corswayCors";

export function importEdits(
  changing: readonly CallMigration[],
  loadings: readonly Loading[],
  source: Source,
): Imports {
  const { names, root, text } = source;
  const isChanging = ({ library }: Loading): boolean =>
    changing.some(({ call }) => call.library === library && call.nestApplication === undefined);
  const changed = loadings.filter(isChanging);
  const forNest = changing.filter(({ call }) => call.nestApplication !== undefined);
  const existing = changed.find(({ library }) => library === "cors");
  const nestName = existing?.local ?? (names.bindings("cors").length === 0 ? "cors" : newName);

  const needs = (local: string): boolean =>
    changing.some(
      ({ call, policy }) =>
        policy!.definesPolicy && "name" in call.callee && call.callee.name === local,
    );
  let isDefined = names.bindings("definePolicy").length > 0;
  const withPolicy = new Set<Loading>();
  const isTop = ({ node }: Loading): boolean => isTopLevel(node, source);
  for (const loading of [...changed.filter(isTop), ...changed.filter((one) => !isTop(one))]) {
    if (isDefined || !needs(loading.local)) continue;
    withPolicy.add(loading);
    // What a function loads is not seen outside it.
    if (isTop(loading)) isDefined = true;
  }
  const edits = changed.map((loading) =>
    loadEdit(loading, withPolicy.has(loading), text, stillUsed(loading, changing, source)),
  );
  if (forNest.length > 0 && existing === undefined) {
    const definesPolicy = forNest.some(({ policy }) => policy!.definesPolicy) && !isDefined;
    edits.push(newImport(nestName, definesPolicy, root));
  }
  return {
    edits,
    namesOf: ({ callee, library, nestApplication }) => {
      if (nestApplication !== undefined) return { cors: nestName, definePolicy: "definePolicy" };
      if ("name" in callee) return { cors: callee.name, definePolicy: "definePolicy" };
      return inlineNames(library, callee.loader);
    },
  };
}

/** For a middleware that is loaded where it is called. `promise` has its name from the `then` around it. */
function inlineNames(library: CorsLibrary, loader: Loader): PolicyNames {
  const load = (entry: string): string =>
    loader === "require"
      ? `require(${JSON.stringify(entry)})`
      : `(await import(${JSON.stringify(entry)}))`;
  return {
    cors: loader === "promise" ? "cors" : `${load(entries[library])}.cors`,
    definePolicy: `${load("@corsway/cors")}.definePolicy`,
  };
}

function isTopLevel(node: Node, { names, root }: Source): boolean {
  let parent = names.parentOf.get(node);
  while (parent !== undefined && parent !== root) {
    if (!/^(?:VariableDeclaration|Export\w+Declaration)$/.test(parent.type)) return false;
    parent = names.parentOf.get(parent);
  }
  return true;
}

/** The other names of an import (`CorsOptions`) that are used where nothing is changed. */
function stillUsed(
  { node }: Loading,
  changing: readonly CallMigration[],
  { names, text }: Source,
): readonly string[] {
  if (node.type !== "ImportDeclaration") return [];
  const middleware = middlewareOf(node);
  return (node["specifiers"] as Node[])
    .filter((specifier) => specifier !== middleware)
    .filter((specifier) => {
      const local = (specifier["local"] as Node)["name"] as string;
      return names.uses(local).some((use) => !isRewritten(use.node, changing));
    })
    .map(({ start, end }) => text.slice(start, end).replace(/^type\s+/, ""));
}

function loadEdit(
  { node, local, library, by }: Loading,
  definesPolicy: boolean,
  text: string,
  kept: readonly string[],
): SourceEdit {
  const entry = JSON.stringify(entries[library]);
  const isImport = by === "import" || by === "import-equals";
  const name = local === "cors" ? "cors" : `cors${isImport ? " as" : ":"} ${local}`;
  const { start, end } = node;
  if (!isImport) {
    const load = (module: string): string =>
      by === "await" ? `await import(${module})` : `require(${module})`;
    const policy = definesPolicy ? `, { definePolicy } = ${load('"@corsway/cors"')}` : "";
    return { start, end, text: `{ ${name} } = ${load(entry)}${policy}` };
  }
  const semicolon = text[end - 1] === ";" ? ";" : "";
  const lines = [
    ...(definesPolicy ? [`import { definePolicy } from "@corsway/cors"`] : []),
    `import { ${name} } from ${entry}`,
    ...(kept.length > 0
      ? [
          `import type { ${kept.join(", ")} } from ${JSON.stringify(stringOf(node["source"] as Node))}`,
        ]
      : []),
  ];
  return { start, end, text: lines.join(`${semicolon}\n`) + semicolon };
}

/** After the last import; where there is none, before the first statement. */
function newImport(name: string, definesPolicy: boolean, root: Node): SourceEdit {
  const body = root["body"] as Node[];
  const last = body.findLast(({ type }) => type === "ImportDeclaration");
  const names = name === "cors" ? "cors" : last === undefined ? `cors: ${name}` : `cors as ${name}`;
  const [entry, policy] = [JSON.stringify(entries.cors), '"@corsway/cors"'];
  const lines =
    last === undefined
      ? [
          ...(definesPolicy ? [`const { definePolicy } = require(${policy});`] : []),
          `const { ${names} } = require(${entry});`,
        ]
      : [
          ...(definesPolicy ? [`import { definePolicy } from ${policy};`] : []),
          `import { ${names} } from ${entry};`,
        ];
  if (last !== undefined) return { start: last.end, end: last.end, text: `\n${lines.join("\n")}` };
  const [first] = body;
  const start = isNode(first) ? first.start : root.end;
  return { start, end: start, text: `${lines.join("\n")}\n` };
}
