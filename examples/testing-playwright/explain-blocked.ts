// For Playwright, with real servers and without page.route(), which answers preflights itself: what the console says of
// a blocked request is decoded, so that a failed test prints the reason and the fix.

import { decodeMessages, printMessage } from "@corsway/cors/explain";
import type { Page } from "playwright-core";

/** Collects explanations from now on. As a fixture: `const blocked = explainBlocked(page)`, printed after `use(page)`. */
export function explainBlocked(page: Page): readonly string[] {
  const explanations: string[] = [];
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    for (const decoded of decodeMessages(message.text())) explanations.push(printMessage(decoded));
  });
  return explanations;
}
