// A test of a part of an origin's text in a function, such as whether it begins with a name, and a stranger's origin that
// passes it.

import { readRegexOrigin } from "@corsway/cors/migrate";
import { bare, isNode, nodesOf, stringOf, type Node } from "./source.ts";

/** The first such test. */
export interface OpenTest {
  readonly node: Node;
  readonly counterExample: string;
}

/** undefined where the function has none, or none that is understood. */
export function openTestOf(asked: Node): OpenTest | undefined {
  const [origin] = asked["params"] as (Node | undefined)[];
  if (origin?.type !== "Identifier") return undefined;
  const isOrigin = (node: Node | undefined): boolean =>
    node !== undefined && bare(node)["name"] === origin["name"];
  for (const node of nodesOf(asked["body"] as Node)) {
    if (!/^(?:Optional)?CallExpression$/.test(node.type)) continue;
    const callee = bare(node["callee"] as Node);
    if (!/^(?:Optional)?MemberExpression$/.test(callee.type)) continue;
    const object = bare(callee["object"] as Node);
    const method = String((callee["property"] as Node)["name"]);
    const [argument] = node["arguments"] as (Node | undefined)[];
    const expression = isOrigin(object) && method === "match" ? argument : object;
    const isMatch =
      (isOrigin(object) && method === "match") || (method === "test" && isOrigin(argument));
    const counterExample = isMatch
      ? passesExpression(expression)
      : isOrigin(object) && argument !== undefined
        ? passesText(method, stringOf(bare(argument)))
        : undefined;
    if (counterExample !== undefined) return { node, counterExample };
  }
  return undefined;
}

function passesExpression(node: Node | undefined): string | undefined {
  if (!isNode(node) || node.type !== "RegExpLiteral") return undefined;
  try {
    return readRegexOrigin(new RegExp(node["pattern"] as string, node["flags"] as string))
      .counterExample;
  } catch {
    return undefined;
  }
}

/** A stranger's origin that begins with, ends with or holds the text. */
function passesText(method: string, text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  const candidates: Readonly<Record<string, readonly string[]>> = {
    startsWith: [`${text}.evil.example`],
    endsWith: [`https://evil-${text}`, `https://evil${text}`],
    includes: [
      `${text}.evil.example`,
      `https://${text}.evil.example`,
      `https://evil${text}.evil.example`,
    ],
    indexOf: [
      `${text}.evil.example`,
      `https://${text}.evil.example`,
      `https://evil${text}.evil.example`,
    ],
  };
  // Everything below `.example.com` is one owner's: only the other names are a stranger's.
  const isOwn = method === "endsWith" && text.startsWith(".");
  return isOwn ? undefined : candidates[method]?.find(isOriginText);
}

function isOriginText(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
