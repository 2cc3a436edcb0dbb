// Draws the exchange: the browser on the left, the server on the right, each message an arrow with the headers that decide
// it. Without Unicode, the same in ASCII.

import { asciiLowercase } from "../standard/token.ts";
import type { HeaderList } from "../standard/message.ts";
import type { WireExchange } from "../browser/verdict.ts";
import { escapeNonAscii } from "../diagnostics/quote.ts";
import { shorten } from "./bytes-shown.ts";
import type { Explanation } from "./explain.ts";
import { sign, wrap, type Layout } from "./labelled.ts";

export function drawPath(explanation: Explanation, layout: Layout): string {
  const { request, verdict, sentence } = explanation;
  const span = Math.min(Math.max(layout.width, 48), 100) - 6;
  const lane = sign(layout, "│", "|");
  const row = (text: string): string => `  ${lane} ${text.padEnd(span - 2)} ${lane}\n`;
  const inside = (text: string): string =>
    wrap(text, span - 2)
      .map((line) =>
        row(line.length > span - 2 ? `${line.slice(0, span - 3)}${sign(layout, "…", "~")}` : line),
      )
      .join("");
  const line = sign(layout, "─", "-");
  const arrowTo = `  ${sign(layout, "├", "|")}${line.repeat(span)}${sign(layout, "▶", ">")}\n`;
  const arrowBack = `  ${sign(layout, "◀", "<")}${line.repeat(span)}${sign(layout, "┤", "|")}\n`;

  let text = title(request.origin, hostOf(request.url), span);
  let host = hostOf(request.url);
  for (const exchange of verdict.wire) {
    const next = hostOf(exchange.request.url);
    if (next !== host) {
      text += row("") + title(request.origin, next, span);
      host = next;
    }
    text += inside(requestLine(exchange));
    for (const shown of deciding(exchange.request.headers)) text += inside(`  ${shown}`);
    if (exchange.credentials) text += inside("  (cookies, if there are any)");
    text += arrowTo;
    text += drawAnswer(exchange, inside);
    text += arrowBack;
  }
  const mark = verdict.outcome === "blocked" ? sign(layout, "✗", "x") : sign(layout, "✓", "+");
  const end =
    sentence === undefined
      ? `${mark} the page gets ${verdict.outcome === "readable" ? `status ${verdict.response?.status ?? ""}, headers and body` : "an opaque response"}`
      : `${mark} ${sentence.algorithm}: the page gets a network error`;
  const color = verdict.outcome === "blocked" ? "red" : "green";
  return `${text}  ${layout.paint(color, end)}\n`;
}

function drawAnswer({ response }: WireExchange, inside: (text: string) => string): string {
  if ("kind" in response) return inside(`no response: ${response.why}`);
  let text = inside(String(response.status));
  for (const shown of deciding(response.headers)) text += inside(`  ${shown}`);
  return text;
}

function requestLine({ kind, request }: WireExchange): string {
  const { pathname, search } = new URL(request.url);
  return `${request.method} ${pathname}${search}${kind === "preflight" ? "  (preflight)" : ""}`;
}

const decisive = /^(?:origin|access-control-.*|location|cross-origin-resource-policy|vary)$/;

function deciding(headers: HeaderList): string[] {
  const shown: string[] = [];
  for (const [name, value] of headers)
    if (decisive.test(asciiLowercase(name)))
      shown.push(`${name}: ${shorten(escapeNonAscii(value), 160)}`);
  return shown;
}

function title(page: string, server: string, span: number): string {
  const left = page.length > span - server.length - 1 ? "page" : page;
  return `  ${left}${" ".repeat(Math.max(1, span + 2 - left.length - server.length))}${server}\n`;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
