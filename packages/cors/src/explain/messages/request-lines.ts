// The lines next to a message: `POST https://api.example.com/x net::ERR_FAILED 404`. They have the status and the method
// that the message lacks.

import { netError, type NetError } from "./net-errors.ts";

/** One line about a request. */
export interface RequestLine {
  readonly start: number;
  readonly end: number;
  readonly method: string;
  /** Absent in a line without a URL. */
  readonly url?: string;
  readonly status?: number;
  /** What Chromium's network error says by itself. */
  readonly error?: NetError;
}

const verbs = "GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|QUERY|PROPFIND|REPORT";

const patterns: readonly RegExp[] = [
  // Chromium, and its Network panel: `GET https://a.example/ net::ERR_FAILED 404 (Not Found)`
  new RegExp(
    `\\b(?<method>${verbs})\\s(?<url>[a-z]{2,20}:\\/\\/[^\\s]{1,4096}?)\\s(?:net::ERR_(?<error>[\\w.]+)(?:\\s(?<status>[1-5]\\d\\d)(?!\\d))?|(?<code>[1-5]\\d\\d)\\s\\([^()\\n]{0,60}\\))`,
    "g",
  ),
  // A list of a panel: `OPTIONS https://a.example/x 404`
  new RegExp(
    `\\b(?<method>${verbs})\\s(?<url>[a-z]{2,20}:\\/\\/[^\\s]{1,4096}?)\\s(?:status:?\\s)?(?<status>[1-5]\\d\\d)(?=$|[\\s,;)])`,
    "gm",
  ),
  // Firefox: `XHRPOST https://a.example/x [HTTP/2 404 Not Found 12ms]`
  new RegExp(
    `(?:XHR\\s?|\\b)(?<method>${verbs})\\s?(?<url>[a-z]{2,20}:\\/\\/[^\\s]{1,4096}?)\\s\\[HTTP\\/[\\d.]+\\s(?<status>[1-5]\\d\\d)\\b`,
    "g",
  ),
  // WebKit and Chromium: `Failed to load resource: the server responded with a status of 404 ()`
  /Failed to load resource: the server responded with a status of (?<status>[1-5]\d\d)(?:\s\([^()\n]{0,60}\))?(?:\s\((?<url>[a-z]{2,20}:\/\/[^\s,()]{1,4096})(?:, line \d+)?\))?/g,
  /(?:^|\s|\))(?<url>[a-z]{2,20}:\/\/[^\s]{1,4096}?):?\d*\sFailed to load resource: net::ERR_(?<error>[\w.]+)/g,
  /(?:Failed to load resource: |\(failed\)\s?|Error: |\s|^)net::ERR_(?<error>[\w.]+)(?: (?:at|loading) (?<url>[a-z]{2,20}:\/\/[^\s]{1,4096}))?/g,
];

/** Every such line, in order; none overlaps another. */
export function requestLines(text: string): readonly RequestLine[] {
  const lines: RequestLine[] = [];
  for (const pattern of patterns)
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      if (lines.some((line) => start < line.end && line.start < end)) continue;
      const { method = "", url, status, code, error } = match.groups!;
      const known = error === undefined ? undefined : netError(error);
      lines.push({
        start,
        end,
        method,
        ...(url === undefined ? {} : { url }),
        ...((status ?? code) === undefined ? {} : { status: Number(status ?? code) }),
        ...(known === undefined ? {} : { error: known }),
      });
    }
  return lines.sort((a, b) => a.start - b.start);
}

/** Lines by the URL they name, as consoles shorten it too. */
export class LinesByUrl {
  readonly #whole = new Map<string, RequestLine[]>();
  readonly #shortened: RequestLine[] = [];
  readonly #nameless: RequestLine[] = [];

  constructor(lines: readonly RequestLine[]) {
    for (const line of lines) {
      if (line.url === undefined) this.#nameless.push(line);
      else if (line.url.includes("…")) this.#shortened.push(line);
      else {
        const key = wholeUrl(line.url);
        const known = this.#whole.get(key);
        if (known === undefined) this.#whole.set(key, [line]);
        else known.push(line);
      }
    }
  }

  /** Lines that name no URL. */
  get nameless(): readonly RequestLine[] {
    return this.#nameless;
  }

  of(url: string): readonly RequestLine[] {
    const found = this.#whole.get(wholeUrl(url)) ?? [];
    // A console cuts a long URL in its middle.
    const cut = this.#shortened.filter((line) => {
      const [start = "", end = ""] = line.url!.split("…");
      return url.startsWith(start) && url.endsWith(end);
    });
    return cut.length === 0 ? found : [...found, ...cut];
  }
}

/** The URL as a browser writes it, without its fragment. */
export function wholeUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).href.split("#", 1)[0]! : url;
}
