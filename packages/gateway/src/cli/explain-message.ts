// `explain --message`: what a browser's console line means, without any server being asked.

import {
  decodeMessages,
  printMessage,
  type DecodedMessage,
  type PrintOptions,
} from "@corsway/cors/explain";
import type { Refusal } from "./explain-page.ts";

export function explainMessage(
  message: string,
  format: "text" | "json",
  printing: PrintOptions,
): string | Refusal {
  const [first, ...others] = decodeMessages(message);
  if (first === undefined)
    return {
      say: "this is no CORS message of Chromium, Firefox or WebKit",
      why: "`TypeError: Failed to fetch` and its like say nothing: the reason stands in another line of the console",
      fix: "paste the whole line, from `Access to fetch at …` or `Cross-Origin Request Blocked: …` to its end",
    };
  if (format === "text")
    return [first, ...others].map((one) => printMessage(one, printing)).join("\n");
  const more = others.length === 0 ? {} : { more: others.map(messageJson) };
  return `${JSON.stringify({ ...messageJson(first), ...more }, undefined, 2)}\n`;
}

function messageJson({ engine, reason, facts, sentence, advice, link }: DecodedMessage) {
  const { reason: _, ...known } = facts;
  return { engine, reason, ...known, says: sentence.says, why: sentence.why, remedy: advice, link };
}
