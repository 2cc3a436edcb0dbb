// The lines of a pasted transcript without what people paste along: a Markdown fence or quotation, a prompt with its
// command, curl's progress meter, the labels of a Headers panel. What the command says about the request is kept.

import { isCurl, readCurl } from "./curl.ts";
import type { PastedRequest } from "./pasted.ts";

export interface TranscriptLines {
  readonly lines: readonly string[];
  /** The command that printed the text, if it stands above it. */
  readonly command?: PastedRequest;
}

export function transcriptLines(text: string): TranscriptLines {
  let lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  lines = lines.filter((line) => !/^\s*(?:>\s*)?```/.test(line));
  const written = lines.filter((line) => line.trim() !== "");
  // `> > GET /x`: quoted in Markdown. curl's own lines begin with `* ` and `< ` as well.
  if (written.length > 0 && written.every((line) => line.startsWith(">")))
    if (written.some((line) => /^> ?[<>*] /.test(line)))
      lines = lines.map((line) => line.replace(/^> ?/, ""));
  lines = dedented(lines).map((line) =>
    line.replace(/^.{0,200}?--:--:--\s+\d[\d.]*[kMGT]?(?=[<>*] )/, ""),
  );
  const panel = fromPanel(lines);
  if (panel !== undefined) return { lines: panel };
  const objects = fromObjects(lines.join("\n").trim());
  if (objects !== undefined) return { lines: objects };
  return withoutCommand(fromPowerShell(fromPseudoHeaders(lines)));
}

/** HTTP/2's `:method`, `:path` and `:authority`, as a request line. */
function fromPseudoHeaders(lines: readonly string[]): readonly string[] {
  const pseudo = /^:(method|path|authority|scheme):\s*(\S.*)$/;
  const found = new Map<string, string>();
  const kept: string[] = [];
  let at: number | undefined;
  for (const line of lines) {
    const one = pseudo.exec(line.trim());
    if (one === null) kept.push(line);
    else {
      at ??= kept.length;
      if (!found.has(one[1]!)) found.set(one[1]!, one[2]!.trim());
    }
  }
  if (at === undefined) return lines;
  const url = `${found.get("scheme") ?? "https"}://${found.get("authority") ?? ""}${found.get("path") ?? "/"}`;
  kept.splice(at, 0, `${found.get("method") ?? "GET"} ${url} HTTP/2`);
  return kept;
}

function dedented(lines: readonly string[]): string[] {
  const depths = lines.flatMap((line) =>
    line.trim() === "" ? [] : [line.length - line.trimStart().length],
  );
  const depth = depths.reduce((least, each) => Math.min(least, each), 1024);
  return lines.map((line) => line.slice(depth === 1024 ? 0 : Math.min(depth, line.length)));
}

/** A command goes to the end of its line, or on while the lines end in a backslash. */
function withoutCommand(lines: readonly string[]): TranscriptLines {
  const start = lines.findIndex((line) => isCurl(line));
  if (start < 0 || start > 20) return { lines };
  let end = start;
  while (/[\\^`]$/.test(lines[end] ?? "") && end < start + 60) end++;
  const read = readCurl(lines.slice(start, end + 1).join("\n"));
  return {
    lines: [...lines.slice(0, start), ...lines.slice(end + 1)],
    ...("say" in read ? {} : { command: read }),
  };
}

const general =
  /^(Request URL|Request Method|Status Code|Remote Address|Referrer Policy|Status)(?::\s*(.*))?$/;

/**
 * The Headers panel of Chromium's DevTools as it is copied: labels and names in one line, values in the next; or
 * `Request URL: …`. As a short status line with headers.
 */
function fromPanel(lines: readonly string[]): string[] | undefined {
  const written = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (!written.some((line) => /^(?:Request URL|Status Code)(?::|$)/.test(line))) return undefined;
  const found = new Map<string, string>();
  const heads: Record<"request" | "response", string[]> = { request: [], response: [] };
  let side: "request" | "response" = "response";
  for (let at = 0; at < written.length; at++) {
    const line = written[at]!;
    const label = general.exec(line);
    if (/^(?:General|Raw|View (?:source|parsed))$/i.test(line)) continue;
    if (/^(?:Response|Request) Headers(?: \(\d+\))?$/i.test(line))
      side = /^request/i.test(line) ? "request" : "response";
    else if (label !== null) found.set(label[1]!, label[2] ?? written[++at] ?? "");
    else if (/^:?[\w-]+:\s*\S/.test(line) && !line.includes("://", 0)) heads[side].push(line);
    else if (/^[\w-]+:\s+\S/.test(line)) heads[side].push(line);
    else if (/^:?[\w-]+:?$/.test(line) && at + 1 < written.length)
      heads[side].push(`${line.replace(/:$/, "")}: ${written[++at]!}`);
    else heads[side].push(line);
  }
  const status = /\d{3}/.exec(found.get("Status Code") ?? found.get("Status") ?? "")?.[0] ?? "200";
  const response = heads.response.filter((line) => !line.startsWith(":"));
  const method = /^:method:\s*(\S+)/m.exec(heads.request.join("\n"))?.[1];
  const asked = `${found.get("Request Method") ?? method ?? "GET"} ${found.get("Request URL") ?? "/"}`;
  const request = heads.request.filter((line) => !line.startsWith(":"));
  return [`${asked} HTTP/1.1`, ...request, "", `HTTP/1.1 ${status}`, ...response];
}

/** `{"name": "value"}`, as programs print headers, and Firefox's `Copy All` of a headers section. */
function fromObjects(text: string): string[] | undefined {
  if (!/^[{[]/.test(text) || text.length > 1024 * 1024) return undefined;
  for (const candidate of [text, text.replaceAll("'", '"')]) {
    let value: unknown;
    try {
      value = JSON.parse(candidate);
    } catch {
      continue;
    }
    const headers = headersIn(value, 0);
    return headers.length === 0 ? undefined : headers.map(([name, each]) => `${name}: ${each}`);
  }
  return undefined;
}

function headersIn(value: unknown, depth: number): readonly (readonly [string, string])[] {
  if (typeof value !== "object" || value === null || depth > 4) return [];
  if (Array.isArray(value))
    return value.flatMap((each: unknown) => {
      const { name, value: text } = (each ?? {}) as { name?: unknown; value?: unknown };
      return typeof name === "string" && typeof text === "string" ? [[name, text] as const] : [];
    });
  const entries = Object.entries(value);
  const flat = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  if (flat.length > 0 && flat.length === entries.length) return flat;
  for (const [, each] of entries) {
    const found = headersIn(each, depth + 1);
    if (found.length > 0) return found;
  }
  return [];
}

/** What Invoke-WebRequest prints: the head is under RawContent. */
function fromPowerShell(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((line) => /^RawContent\s*:\s*HTTP\//.test(line));
  if (start < 0) return lines;
  const raw = lines.slice(start + 1);
  const end = raw.findIndex((line) => /^\S/.test(line));
  const head = lines[start]!.replace(/^RawContent\s*:\s*/, "");
  return [head, ...raw.slice(0, end < 0 ? undefined : end).map((line) => line.trim())];
}
