// What a source has of CORS in addition to the calls that are migrated.

import type { Diagnostic } from "@corsway/cors/diagnostics";
import type { CorsLibrary } from "@corsway/cors/migrate";
import type { Loading } from "./find-calls.ts";
import { readLiteral } from "./literal.ts";
import {
  migrateOptions,
  noteAt,
  quoteText,
  type CallMigration,
  type Source,
} from "./migrate-call.ts";
import { isRewritten } from "./rewritten.ts";
import type { WrittenPolicy } from "./write-policy.ts";
import { bare, isNode, nodesOf, stringOf, type Node } from "./source.ts";

/** A use of the middleware that a call with a policy cannot replace: `app.use(cors)`, `cors.CorsOptions`. */
export function useFaults(
  calls: readonly CallMigration[],
  loadings: readonly Loading[],
  { names, file, text }: Source,
): { readonly library: CorsLibrary; readonly diagnostic: Diagnostic }[] {
  const callees = new Set(
    calls.map(({ call }) => ("node" in call.callee ? call.callee.node : undefined)),
  );
  const faults: { library: CorsLibrary; diagnostic: Diagnostic }[] = [];
  for (const local of new Set(loadings.map((loading) => loading.local))) {
    const { library } = loadings.find((loading) => loading.local === local)!;
    for (const { node, role } of names.uses(local)) {
      if (role === "query" || callees.has(node) || isRewritten(node, calls)) continue;
      const parent = names.parentOf.get(node);
      const shown =
        parent !== undefined && parent.loc.start.line === parent.loc.end.line ? parent : node;
      faults.push({
        library,
        diagnostic: noteAt("migrate/other-use", node, file, [
          `${quoteText(shown, text)} uses \`${local}\` in another way than a call`,
          "it would get the new middleware, which is not the same",
          role === "type"
            ? 'import the type by itself: `import type { CorsOptions } from "cors"`'
            : "call it with its options here, or remove the line",
        ]),
      });
    }
  }
  return faults;
}

/** Other places that have to do with CORS. */
export function sourceNotes(source: Source, hasCalls: boolean): Diagnostic[] {
  const { root, file, text } = source;
  const notes: Diagnostic[] = [];
  const isSocketIo = loads(root, "socket.io");
  for (const node of nodesOf(root)) {
    if (!/^(?:New|Call)Expression$/.test(node.type)) continue;
    const option = (node["arguments"] as Node[]).map(corsOption).find((one) => one !== undefined);
    if (option === undefined) continue;
    const callee = bare(node["callee"] as Node);
    const shown = quoteText(callee, text);
    if (callee.type === "MemberExpression" && (callee["object"] as Node)["name"] === "NestFactory")
      notes.push(
        noteAt("migrate/left-in-place", option, file, [
          `the \`cors\` option of ${shown} is not migrated`,
          "it takes the options of the `cors` package, and `true` allows every origin",
          "remove it, and write `app.use(cors({ allowOrigins: […] }))` of @corsway/cors/express before `app.listen`",
        ]),
      );
    else if (isSocketIo)
      notes.push(
        noteAt("migrate/left-in-place", option, file, [
          "the `cors` option of socket.io is not migrated",
          "it covers polling only: any page may open a WebSocket, with its visitor's cookies",
          "decide handshakes with `allowRequest` and `middleware.admitsUpgrade(request)`: docs/adapters/websockets.md",
        ]),
      );
  }
  const byHand = headerByHand(root);
  if (byHand !== undefined)
    notes.push(
      noteAt("migrate/left-in-place", byHand, file, [
        "`Access-Control-Allow-Origin` is also set by hand",
        "the policy of `cors()` writes the CORS headers last, so this line has no effect on what it decides",
        "remove it, once a policy allows the same origins",
      ]),
    );
  if (!hasCalls) notes.push(...optionsOfOthers(source));
  return notes;
}

/** `response.header("Access-Control-Allow-Origin", …)`, or the `key` of Next.js' `headers()`. */
function headerByHand(root: Node): Node | undefined {
  for (const node of nodesOf(root))
    if (stringOf(node)?.toLowerCase() === "access-control-allow-origin") return node;
  return undefined;
}

function loads(root: Node, module: string): boolean {
  for (const node of nodesOf(root)) {
    const source = (node["source"] ?? (node["arguments"] as Node[] | undefined)?.[0]) as
      | Node
      | undefined;
    if (
      /^(?:ImportDeclaration|CallExpression)$/.test(node.type) &&
      isNode(source) &&
      stringOf(source) === module
    )
      return true;
  }
  return false;
}

/** `cors: …` in an object that is passed. */
function corsOption(argument: Node): Node | undefined {
  const inner = bare(argument);
  if (inner.type !== "ObjectExpression") return undefined;
  return (inner["properties"] as Node[]).find(
    (property) => (property["key"] as Node | undefined)?.["name"] === "cors",
  );
}

/** `const corsOptions: CorsOptions = { … }` or `module.exports = { origin: … }`, for a call in another file. */
function optionsOfOthers(source: Source): Diagnostic[] {
  const { root, file, text, names } = source;
  const notes: Diagnostic[] = [];
  for (const node of nodesOf(root)) {
    const written = optionsOf(node, text);
    const literal = written && readLiteral(written.init, names);
    if (literal === undefined || literal.unclear !== undefined) continue;
    const at = { node: written!.name, place: node };
    const { diagnostics, policy } = migrateOptions(literal, "cors", at, source);
    notes.push(
      ...diagnostics,
      noteAt("migrate/unusable-value", written!.name, file, [
        `${quoteText(written!.name, text)} holds the options of a call in another file`,
        "only this file was read, so that call would get a policy that it does not know",
        policy === undefined
          ? "write the policy here, and pass it to `cors` of the framework's entry there"
          : `write this policy here, and pass it to \`cors\` of the framework's entry there: ${quoteCode(policy)}`,
      ]),
    );
  }
  return notes;
}

/** On one line, as every fix is. */
function quoteCode({ text, definesPolicy }: WrittenPolicy): string {
  const line = text.replaceAll(/\s+/g, " ").replace(", }", " }");
  return `\`${definesPolicy ? `definePolicy(${line})` : line}\``;
}

const fieldsOfOptions =
  /^(?:methods|credentials|allowedHeaders|exposedHeaders|optionsSuccessStatus|preflightContinue|maxAge)$/;

/** An object that is options of `cors` by its type, its name, or its fields where it is exported. */
function optionsOf(
  node: Node,
  text: string,
): { readonly name: Node; readonly init: Node } | undefined {
  if (node.type === "VariableDeclarator" && isNode(node["init"])) {
    const name = node["id"] as Node;
    const isNamed = /^cors\w*(?:options|config|configuration)$/i.test(String(name["name"]));
    const isTyped = /\bCorsOptions\b/.test(text.slice(name.start, name.end));
    return isNamed || isTyped ? { name, init: node["init"] } : undefined;
  }
  const init = (
    node.type === "ExportDefaultDeclaration"
      ? node["declaration"]
      : node.type === "AssignmentExpression" &&
          text.slice(...spanOf(node["left"] as Node)) === "module.exports"
        ? node["right"]
        : undefined
  ) as Node | undefined;
  if (init === undefined || bare(init).type !== "ObjectExpression") return undefined;
  const fields = (bare(init)["properties"] as Node[]).map((property) =>
    String((property["key"] as Node | undefined)?.["name"]),
  );
  const isOptions = fields.includes("origin") && fields.some((one) => fieldsOfOptions.test(one));
  return isOptions ? { name: init, init } : undefined;
}

function spanOf({ start, end }: Node): [number, number] {
  return [start, end];
}
