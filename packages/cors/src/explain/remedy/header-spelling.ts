// Browsers ask for header names in lower case; a person knows them as the page wrote them.

import type { PageRequest } from "../../browser/request.ts";
import { asciiLowercase } from "../../standard/token.ts";

/** The names, each as the page spells it; `content-type` that the browser added in its usual form. */
export function spelledBy(page: PageRequest, names: readonly string[]): string[] {
  return names.map(
    (name) =>
      page.headers?.find(([own]) => asciiLowercase(own) === name)?.[0] ??
      (name === "content-type" ? "Content-Type" : name),
  );
}
