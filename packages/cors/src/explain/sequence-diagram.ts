// The exchange as a sequence diagram: page, browser, and the server. One function from an Explanation to SVG text, without a DOM, so
// that a page, a report and the documents draw the same. Everything observed is text and is escaped, because an attacker can write an
// `Origin`.

import { asciiLowercase } from "../standard/token.ts";
import type { HeaderList } from "../standard/message.ts";
import type { WireExchange } from "../browser/verdict.ts";
import { escapeNonAscii } from "../diagnostics/quote.ts";
import { shorten } from "./bytes-shown.ts";
import type { Explanation } from "./explain.ts";

/** How the diagram names what responds. */
export interface DiagramOptions {
  /** A gateway between the browser and the server; the name of the upstream. */
  readonly gateway?: { readonly name: string; readonly upstream: string };
}

/** Where the lanes stand, for three and for four: headers need room between the browser and who answers. */
const threeLanes = [60, 280, 720] as const;
const fourLanes = [60, 270, 690, 810] as const;
const margin = 60;
const lineHeight = 17;
const top = 64;
const longest = 58;
const charWidth = 7.3;
const decisive = /^(?:origin|access-control-.*|location|cross-origin-resource-policy|vary)$/;

/**
 * An `<svg>` element as text: `currentColor` and the classes `lane`, `arrow`, `text`, `quiet`, `good`
 * and `bad` are for the page's style; without one it is readable in black on white.
 */
export function sequenceDiagram(explanation: Explanation, options: DiagramOptions = {}): string {
  const { verdict, sentence, request } = explanation;
  const names = ["page", "browser", options.gateway?.name ?? "server"];
  if (options.gateway !== undefined) names.push(options.gateway.upstream);
  const drawing = new Drawing(names, [request.origin, "", hostOf(request.url), ""]);
  const [page, browser, server, upstream] = [0, 1, 2, 3] as const;

  drawing.arrow(page, browser, [`fetch ${request.method ?? "GET"} ${pathOf(request.url)}`]);
  let host = hostOf(request.url);
  for (const exchange of verdict.wire) {
    const next = hostOf(exchange.request.url);
    if (next !== host) drawing.note(browser, server, `redirected to ${next}`);
    host = next;
    drawing.arrow(browser, server, [requestLine(exchange), ...deciding(exchange.request.headers)]);
    const forwarded = options.gateway !== undefined && exchange.kind === "actual";
    if (forwarded) drawing.arrow(server, upstream, [requestLine(exchange)]);
    if (forwarded) drawing.arrow(upstream, server, [""]);
    drawing.arrow(server, browser, answerLines(exchange));
  }
  const outcome = verdict.outcome;
  if (outcome === "blocked")
    drawing.verdict(browser, `blocked: ${sentence?.algorithm ?? verdict.reason ?? ""}`, "bad");
  const given =
    outcome === "blocked"
      ? "TypeError: Failed to fetch"
      : outcome === "opaque"
        ? "an opaque response: nothing to read"
        : `status ${verdict.response?.status ?? ""}, headers, body`;
  drawing.arrow(browser, page, [given], outcome === "blocked" ? "bad" : "good");
  return drawing.svg(
    `${outcome}: ${request.method ?? "GET"} ${request.url} from a page of ${request.origin}`,
  );
}

class Drawing {
  readonly #lanes: readonly number[];
  readonly #heads: string;
  #body = "";
  #y = top;

  constructor(names: readonly string[], below: readonly string[]) {
    this.#lanes = names.length > 3 ? fourLanes : threeLanes;
    this.#heads = names
      .map((name, index) => {
        const x = this.#lanes[index]!;
        const sub = below[index] ?? "";
        const anchor = index === 0 ? "start" : index === names.length - 1 ? "end" : "middle";
        const at = index === 0 ? x - 52 : index === names.length - 1 ? x + 52 : x;
        return text(at, 20, name, "text strong", anchor) + text(at, 38, sub, "quiet", anchor);
      })
      .join("");
  }

  arrow(from: number, to: number, lines: readonly string[], kind = ""): void {
    const [a, b] = [this.#lanes[from]!, this.#lanes[to]!];
    const left = Math.min(a, b) + 10;
    const fitting = Math.floor((Math.abs(b - a) - 16) / charWidth);
    for (const [index, line] of lines.entries()) {
      if (line === "") continue;
      this.#y += lineHeight;
      const shown = shorten(escapeNonAscii(line), fitting);
      this.#body += text(left, this.#y, shown, index === 0 ? `text ${kind}` : "quiet", "start");
    }
    this.#y += 9;
    const head = b > a ? -7 : 7;
    this.#body +=
      `<path class="arrow ${kind}" fill="none" stroke="currentColor" d="M${a} ${this.#y}H${b}` +
      `M${b + head} ${this.#y - 4}L${b} ${this.#y}L${b + head} ${this.#y + 4}"/>`;
    this.#y += 6;
  }

  note(from: number, to: number, line: string): void {
    this.#y += lineHeight + 4;
    const x = (this.#lanes[from]! + this.#lanes[to]!) / 2;
    this.#body += text(x, this.#y, line, "quiet", "middle");
    this.#y += 4;
  }

  verdict(lane: number, line: string, kind: string): void {
    this.#y += lineHeight + 6;
    this.#body += text(this.#lanes[lane]! + 10, this.#y, line, `text strong ${kind}`, "start");
    this.#y += 4;
  }

  svg(title: string): string {
    const height = this.#y + 24;
    const width = this.#lanes.at(-1)! + margin;
    const lanes = this.#lanes
      .map(
        (x) =>
          `<path class="lane" stroke="currentColor" stroke-opacity=".3" stroke-dasharray="2 4" d="M${x} 48V${height - 10}"/>`,
      )
      .join("");
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" ` +
      `font-family="ui-monospace, monospace" font-size="12"><title>${escape(title)}</title>` +
      `${lanes}${this.#heads}${this.#body}</svg>`
    );
  }
}

function text(x: number, y: number, content: string, kind: string, anchor: string): string {
  return (
    `<text class="${kind.trim()}" fill="currentColor" x="${x}" y="${y}" text-anchor="${anchor}">` +
    `${escape(shorten(escapeNonAscii(content), longest))}</text>`
  );
}

function answerLines({ response }: WireExchange): string[] {
  if ("kind" in response) return [`no response: ${response.why}`];
  return [String(response.status), ...deciding(response.headers)];
}

function requestLine({ kind, request }: WireExchange): string {
  return `${request.method} ${pathOf(request.url)}${kind === "preflight" ? "  (preflight)" : ""}`;
}

function deciding(headers: HeaderList): string[] {
  return headers
    .filter(([name]) => decisive.test(asciiLowercase(name)))
    .map(([name, value]) => `${name}: ${shorten(value, Math.max(16, longest - name.length - 2))}`);
}

function pathOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function escape(content: string): string {
  return content.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
