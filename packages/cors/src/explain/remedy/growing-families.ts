// Families of request headers for which no list is ever complete: a tool's schema or an SDK's next version adds another
// name. A policy should allow the family, or the next name is blocked again.

import { asciiLowercase } from "../../standard/token.ts";

/** As their makers write them. */
const growingFamilies = [
  "Mcp-Param-*", // Model Context Protocol: one for each parameter that a tool's schema names
  "x-stainless-*", // the SDKs of OpenAI and Anthropic: what they run on
  "x-amz-*", // S3
  "x-ms-meta-*", // Azure Blob Storage: a blob's own metadata
];

/** The names, those of a growing family as the family, each once. */
export function withFamilies(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => familyOf(name) ?? name))];
}

function familyOf(name: string): string | undefined {
  const lower = asciiLowercase(name);
  return growingFamilies.find((family) => {
    const beginning = asciiLowercase(family.slice(0, -1));
    return lower.length > beginning.length && lower.startsWith(beginning);
  });
}
