// A decoded console message as text.

import { escapeNonAscii } from "../../diagnostics/quote.ts";
import { isNotCors } from "../not-cors.ts";
import { asciiOnly, labelled, sentenceLine, type Layout } from "../labelled.ts";
import type { DecodedMessage } from "./messages.ts";
import { painter } from "../../diagnostics/paint.ts";
import type { PrintOptions } from "../print.ts";
import { ruleOf } from "../rule.ts";

const engineNames: Readonly<Record<DecodedMessage["engine"], string>> = {
  chromium: "Chromium (Chrome, Edge)",
  firefox: "Firefox",
  webkit: "WebKit (Safari)",
  edgehtml: "EdgeHTML or Trident (Edge before version 79, Internet Explorer)",
  jsdom: "jsdom, which simulates a page",
  "happy-dom": "happy-dom, which simulates a page",
  node: "Node.js, which is not a browser",
  "react-native": "React Native, which is not a browser",
};

/** A decoded message as text, with a newline at its end. */
export function printMessage(message: DecodedMessage, options: PrintOptions = {}): string {
  const { color = false, width = 80, unicode = true } = options;
  const layout: Layout = { paint: painter(color), width, unicode };
  const { facts, sentence, reason, engine, advice } = message;
  const what = facts.url === undefined ? "" : `  ${escapeNonAscii(facts.url)}`;
  const from = facts.origin === undefined ? "" : `  from ${escapeNonAscii(facts.origin)}`;
  const sides = new Set(advice.map(({ side }) => side));
  const marks = [
    ...(isNotCors(reason) ? ["not CORS"] : []),
    ...(message.passes ? ["passes today"] : []),
  ];
  const first = marks.length === 0 ? "" : `${marks.join(", ")}: `;
  const severity = message.passes ? "yellow" : "red";
  let text = `${layout.paint(severity, layout.paint("bold", `${first}${reason}`))}${what}${from}\n`;
  text += labelled(
    layout,
    "from",
    `${engineNames[engine]}${message.panel ? ", in its Network panel" : ""}${facts.at === "preflight" ? ", about the preflight (OPTIONS)" : ""}`,
  );
  text += sentenceLine(layout, `${ruleOf(facts).algorithm}: ${sentence.says}`);
  text += labelled(layout, "why", sentence.why);
  text += labelled(
    layout,
    "side",
    sides.size === 2
      ? "the server's, or the page's"
      : sides.has("client")
        ? "the page's"
        : "the server's",
  );
  for (const [index, { side, say }] of advice.entries())
    text += labelled(
      layout,
      index === 0 ? "fix" : "or",
      `${side === "server" ? "server" : "page"}: ${say}`,
      "green",
    );
  text += labelled(layout, "see", message.link);
  return unicode ? text : asciiOnly(text);
}
