// Exchanges as people have them in a terminal: what `curl -v` and `curl -i` print, HTTPie's output, or a
// response's headers alone, as the developer tools copy them.

import { quote } from "@corsway/cors/diagnostics";
import { isHeaderName, normalizeHeaderValue, type Header } from "@corsway/cors/standard";

/** One exchange of the text. Values are as on the wire: one character a byte. */
export interface TranscribedExchange {
  readonly method?: string;
  /** Absolute; absent where the text names none. */
  readonly url?: string;
  readonly requestHeaders: readonly Header[];
  readonly status: number;
  readonly headers: readonly Header[];
}

export type ReadTranscript =
  | { readonly kind: "transcript"; readonly exchanges: readonly TranscribedExchange[] }
  | {
      readonly kind: "unreadable";
      /** Every fault: `line 3: …`. */
      readonly faults: readonly string[];
    };

const method = "[A-Z][A-Z0-9_-]{0,30}";
const requestLine = new RegExp(`^(${method}) (\\S+) HTTP/[\\d.]+$`);
const statusLine = /^HTTP\/[\d.]+ (\d{3})(?: .*)?$/;
/** `200`, `OPTIONS 403`, `GET https://api.example.com/x 404 Not Found`: what a person writes. */
const shortLine = new RegExp(
  `^(?:(${method}) )?(?:([a-z]{2,20}://\\S+|/\\S*) )?(?:→ |-> )?([1-5]\\d\\d)(?: [A-Za-z][\\w '-]*)?$`,
);

interface Draft {
  method?: string;
  target?: string;
  requestHeaders: Header[];
  status?: number;
  headers: Header[];
}

/** Reads all of it; every fault is reported, and what is not HTTP in `curl -v` is skipped. */
export function readTranscript(text: string): ReadTranscript {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const isVerbose = lines.some((line) => /^[<>] ?(?:HTTP\/|[A-Z]+ \S+ HTTP\/)/.test(line));
  const faults: string[] = [];
  const drafts = isVerbose ? readVerbose(lines) : readPlain(lines, faults);
  if (faults.length > 0) return { kind: "unreadable", faults };
  const isSecure = /^\* (?:.*\bport 443\b|SSL connection|ALPN)/m.test(text);
  const exchanges = drafts.flatMap((draft) => exchangeOf(draft, isSecure));
  if (exchanges.length === 0)
    return { kind: "unreadable", faults: ["it has no status line and no header"] };
  return { kind: "transcript", exchanges };
}

/** `> ` is sent, `< ` is received; everything else is curl's own, or a body. */
function readVerbose(lines: readonly string[]): Draft[] {
  const drafts: Draft[] = [];
  let current: Draft | undefined;
  for (const line of lines) {
    const side = line.charAt(0);
    if (side !== ">" && side !== "<") continue;
    const rest = line.slice(1).trim();
    const asked = side === ">" ? requestLine.exec(rest) : null;
    const answered = side === "<" ? statusLine.exec(rest) : null;
    if (asked !== null) {
      current = { method: asked[1]!, target: asked[2]!, requestHeaders: [], headers: [] };
      drafts.push(current);
    } else if (answered !== null) {
      const status = Number(answered[1]);
      // 1xx come before the answer itself.
      if (current === undefined || (current.status !== undefined && current.status >= 200)) {
        current = { requestHeaders: [], headers: [] };
        drafts.push(current);
      }
      current.status = status;
      current.headers = [];
    } else if (current !== undefined) {
      const header = headerOf(rest);
      if (header !== undefined)
        (side === ">" ? current.requestHeaders : current.headers).push(header);
    }
  }
  return drafts;
}

/** Heads one after another, each up to its blank line; a body may follow. */
function readPlain(lines: readonly string[], faults: string[]): Draft[] {
  const drafts: Draft[] = [];
  let current: Draft | undefined;
  let place: "head" | "body" = "head";
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!.trim();
    const asked = requestLine.exec(line);
    const answered = statusLine.exec(line);
    const short = place === "body" && drafts.length > 0 ? undefined : shortLine.exec(line);
    if (asked !== null) {
      current = { method: asked[1]!, target: asked[2]!, requestHeaders: [], headers: [] };
      drafts.push(current);
      place = "head";
    } else if (answered !== null || short) {
      const status = Number(answered?.[1] ?? short![3]);
      const isOwn = current !== undefined && current.status === undefined && !short?.[1];
      if (!isOwn) {
        current = {
          ...(short?.[1] === undefined ? {} : { method: short[1] }),
          ...(short?.[2] === undefined ? {} : { target: short[2] }),
          requestHeaders: [],
          headers: [],
        };
        drafts.push(current);
      }
      current!.status = status;
      place = "head";
    } else if (line === "") {
      // A request's blank line is followed by its answer, an answer's by a body or the next one.
      if (current?.status !== undefined) place = isNext(lines, index) ? "head" : "body";
    } else if (place === "head") {
      if (current === undefined) {
        // Headers without a status line, as the developer tools copy them: the answer was 200.
        current = { requestHeaders: [], status: 200, headers: [] };
        drafts.push(current);
      }
      const header = headerOf(line) ?? headerOf(`${line} ${lines[index + 1]?.trim() ?? ""}`);
      if (header === undefined) {
        faults.push(
          `line ${index + 1}: ${quote(line.slice(0, 60))} is not a header (\`Name: value\`)`,
        );
        continue;
      }
      // Chrome copies a name and its value as two lines.
      const isSplit = line.endsWith(":") && headerOf(lines[index + 1]?.trim() ?? "") === undefined;
      if (isSplit && (lines[index + 1]?.trim() ?? "") !== "") {
        index++;
        header[1] = wireBytes(lines[index]!.trim());
      }
      (current.status === undefined ? current.requestHeaders : current.headers).push(header);
    }
  }
  return drafts;
}

/** Does the next line that is not blank begin another head? */
function isNext(lines: readonly string[], from: number): boolean {
  const next = lines
    .slice(from + 1)
    .find((line) => line.trim() !== "")
    ?.trim();
  return (
    next !== undefined && (statusLine.test(next) || requestLine.test(next) || shortLine.test(next))
  );
}

function headerOf(line: string): [string, string] | undefined {
  // HTTP/2's own begin with a colon: `:status: 200`.
  const colon = line.indexOf(":", line.startsWith(":") ? 1 : 0);
  const name = colon < 0 ? "" : line.slice(0, colon);
  if (!isHeaderName(name)) return undefined;
  return [name, wireBytes(line.slice(colon + 1))];
}

/** What a file holds as UTF-8 was these bytes on the wire. */
function wireBytes(text: string): string {
  return Buffer.from(normalizeHeaderValue(text), "utf8").toString("latin1");
}

function exchangeOf(draft: Draft, isSecure: boolean): TranscribedExchange[] {
  const { method: asked, target, requestHeaders, status, headers } = draft;
  if (status === undefined || status < 200) return [];
  const host = requestHeaders.find(([name]) => name.toLowerCase() === "host")?.[1];
  const base = host === undefined ? undefined : `${isSecure ? "https" : "http"}://${host}`;
  const url =
    target !== undefined && URL.canParse(target, base) ? new URL(target, base).href : undefined;
  return [
    {
      ...(asked === undefined ? {} : { method: asked }),
      ...(url === undefined ? {} : { url }),
      requestHeaders,
      status,
      headers,
    },
  ];
}
