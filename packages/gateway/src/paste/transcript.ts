// Exchanges as people have them in a terminal: what `curl -v` and `curl -i` print, HTTPie's output, or a
// response's headers alone, as the developer tools copy them.

import { quote } from "@corsway/cors/diagnostics";
import type { PastedRequest } from "./pasted.ts";
import { transcriptLines } from "./transcript-lines.ts";
import { toWire } from "./wire-text.ts";
import {
  isHeaderName,
  isLoopbackHost,
  normalizeHeaderValue,
  type Header,
} from "@corsway/cors/standard";

/** One exchange of the text. Values are as on the wire: one character a byte. */
export interface TranscribedExchange {
  readonly method?: string;
  /** Absolute; absent where the text names none. */
  readonly url?: string;
  /** Nothing in the text shows whether it was http or https: the URL has https. */
  readonly isSchemeGuessed?: true;
  readonly requestHeaders: readonly Header[];
  readonly status: number;
  readonly headers: readonly Header[];
}

/** What a text was read as. */
export interface Transcript {
  readonly kind: "transcript";
  /** At least one. */
  readonly exchanges: readonly TranscribedExchange[];
  /** The command that printed the text, if it stands above it. */
  readonly command?: PastedRequest;
}

/** A transcript, or every fault of a text that is not one. */
export type ReadTranscript =
  | Transcript
  | {
      readonly kind: "unreadable";
      /** Every fault: `line 3: …`. */
      readonly faults: readonly string[];
    };

const method = "[A-Z][A-Z0-9_-]{0,30}";
const requestLine = new RegExp(`^(${method}) (\\S+) HTTP/([\\d.]+)$`);
/** HTTP/2's own is `:status: 200`. */
const statusLine = /^(?:HTTP\/[\d.]+ |:status:? ?)(\d{3})(?: .*)?$/;
/** `200`, `OPTIONS 403`, `GET https://api.example.com/x 404 Not Found`: what a person writes. */
const shortLine = new RegExp(
  `^(?:(${method}) )?(?:([a-z]{2,20}://\\S+|/\\S*) )?(?:→ |-> )?([1-5]\\d\\d)(?: [A-Za-z][\\w '-]*)?$`,
);

interface Draft {
  method?: string;
  target?: string;
  /** As curl names it in a line of its own. */
  url?: string;
  version?: string;
  requestHeaders: [string, string][];
  status?: number;
  headers: [string, string][];
}

/** Reads all of it; every fault is reported, and what is not HTTP in `curl -v` is skipped. */
export function readTranscript(text: string): ReadTranscript {
  const { lines, command } = transcriptLines(text);
  const isVerbose = lines.some((line) => /^[<>] ?(?:HTTP\/|[A-Z]+ \S+ HTTP\/)/.test(line));
  const faults: string[] = [];
  const failed = failureIn(lines);
  const drafts = isVerbose
    ? readVerbose(lines)
    : failed === undefined
      ? readPlain(lines, faults)
      : [];
  if (faults.length > 0) return { kind: "unreadable", faults };
  const isSecure = lines.some((line) => /^\* (?:.*\bport 443\b|SSL connection|ALPN)/.test(line));
  const isPlain = lines.some((line) => /^\* (?:.*\bport 80\b|\s*Trying .*:80\.)/.test(line));
  const scheme = isSecure ? "https" : isPlain ? "http" : undefined;
  const exchanges = drafts.flatMap((draft) => exchangeOf(draft, scheme));
  if (exchanges.length === 0)
    return { kind: "unreadable", faults: [failed ?? "it has no status line and no header"] };
  return { kind: "transcript", exchanges, ...(command === undefined ? {} : { command }) };
}

/**
 * Does the text show a response, by its status line or by curl's word that there was none? A command or a call may
 * stand above it. Headers alone are read too, but many other texts look like them.
 */
export function isTranscript(text: string): boolean {
  const { lines } = transcriptLines(text);
  return (
    failureIn(lines) !== undefined ||
    lines.some((line) => statusLine.test(line.replace(/^\s*(?:<[ \t]?)?/, "").trimEnd()))
  );
}

/** Why curl got no response, in its own words. */
function failureIn(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const found = /^curl: \(\d+\) (.+)$/.exec(line.trim());
    if (found !== null) return `curl got no response (${found[1]!.slice(0, 200)})`;
  }
  return undefined;
}

/** `> ` is sent, `< ` is received; everything else is curl's own, or a body. */
function readVerbose(lines: readonly string[]): Draft[] {
  const drafts: Draft[] = [];
  let current: Draft | undefined;
  let named: string | undefined;
  for (const line of lines) {
    const side = line.charAt(0);
    named =
      /^\* (?:Issue another request to this URL: |.*OPENED stream for ).*?(https?:\/\/[^\s']+)/.exec(
        line,
      )?.[1] ?? named;
    if (side !== ">" && side !== "<") continue;
    const rest = trimmed(line.slice(1));
    const asked = side === ">" ? requestLine.exec(rest) : null;
    const answered = side === "<" ? statusLine.exec(rest) : null;
    if (asked !== null) {
      current = requestDraft(asked, named);
      named = undefined;
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

function requestDraft([, method, target, version]: RegExpExecArray, url?: string): Draft {
  return {
    method: method!,
    target: target!,
    version: version!,
    ...(url === undefined ? {} : { url }),
    requestHeaders: [],
    headers: [],
  };
}

/** Heads one after another, each up to its blank line; a body may follow. */
function readPlain(lines: readonly string[], faults: string[]): Draft[] {
  const drafts: Draft[] = [];
  let current: Draft | undefined;
  let place: "head" | "body" = "head";
  // Above a status line may stand what a tool says of its own (wget -S).
  const first = lines.findIndex(
    (each) => requestLine.test(each.trim()) || statusLine.test(each.trim()),
  );
  for (let index = Math.max(first, 0); index < lines.length; index++) {
    const line = trimmed(lines[index]!);
    const asked = requestLine.exec(line);
    const answered = statusLine.exec(line);
    const short = place === "body" && drafts.length > 0 ? undefined : shortLine.exec(line);
    if (asked !== null) {
      current = requestDraft(asked, undefined);
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
      const header = headerOf(line);
      const own = current.status === undefined ? current.requestHeaders : current.headers;
      // RFC 9112 once let a value go on in the next line, indented.
      if (header === undefined && /^[ \t]/.test(lines[index]!) && own.length > 0) {
        own.at(-1)![1] += ` ${wireBytes(line)}`;
        continue;
      }
      if (header === undefined) {
        faults.push(
          `line ${index + 1}: ${quote(line.slice(0, 60))} is not a header (\`Name: value\`)`,
        );
        continue;
      }
      // Chrome copies a name and its value as two lines.
      const next = trimmed(lines[index + 1] ?? "");
      const isValue = headerOf(next) === undefined || /^[a-z][a-z0-9+.-]*:\/\//i.test(next);
      if (line.endsWith(":") && isValue && next !== "") {
        index++;
        header[1] = wireBytes(next);
      }
      own.push(header);
    }
  }
  return drafts;
}

/** Without spaces and tabs around it. Any other white space (U+00A0, say) is part of the value, and matters. */
function trimmed(line: string): string {
  return line.replace(/^[ \t]+|[ \t]+$/g, "");
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
  // Postman prints an arrow.
  const colon = line.search(/:| → /);
  const name = colon < 0 ? "" : line.slice(0, colon);
  if (!isHeaderName(name)) return undefined;
  return [name, wireBytes(line.slice(colon + (line[colon] === ":" ? 1 : 3)))];
}

/** What a file holds as UTF-8 was these bytes on the wire. */
function wireBytes(text: string): string {
  return toWire(normalizeHeaderValue(text));
}

function exchangeOf(draft: Draft, scheme: "http" | "https" | undefined): TranscribedExchange[] {
  const { method: asked, target, requestHeaders, status, headers } = draft;
  // To a proxy, before the request itself.
  if (status === undefined || status < 200 || asked === "CONNECT") return [];
  const host = requestHeaders.find(([name]) => name.toLowerCase() === "host")?.[1];
  const known = draft.version?.startsWith("1") === false ? "https" : (scheme ?? schemeOf(host));
  const base = host === undefined ? undefined : `${known ?? "https"}://${host}`;
  const found = draft.url ?? target;
  const url =
    found !== undefined && URL.canParse(found, base) ? new URL(found, base).href : undefined;
  const isGuessed = known === undefined && url !== undefined && !/^https?:/.test(found ?? "");
  return [
    {
      ...(asked === undefined ? {} : { method: asked }),
      ...(url === undefined ? {} : { url }),
      ...(isGuessed ? { isSchemeGuessed: true as const } : {}),
      requestHeaders,
      status,
      headers,
    },
  ];
}

/** A port of its own, or this machine, is http by default; anything else may be either. */
function schemeOf(host: string | undefined): "http" | "https" | undefined {
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined;
  const { port, hostname } = new URL(`http://${host}`);
  if (port === "443") return "https";
  return port !== "" || isLoopbackHost(hostname) ? "http" : undefined;
}
