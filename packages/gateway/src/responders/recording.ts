// A HAR file (HTTP Archive 1.2), as the developer tools of Chromium, Firefox and Safari export it: the
// exchanges of a browser. It is read incrementally without bodies; only heads are kept.

import { createReadStream } from "node:fs";
import { isHeaderName, isMethod, type Header, type HeaderList } from "@corsway/cors/standard";
import { StringElider } from "./elide-strings.ts";

/** One exchange. `status` is 0 if the browser withheld the response or got none. */
export interface RecordedExchange {
  /** Its position in the file, from 0. */
  readonly index: number;
  readonly method: string;
  /** Without a fragment. */
  readonly url: string;
  readonly requestHeaders: HeaderList;
  readonly status: number;
  readonly responseHeaders: HeaderList;
  /** The browser's own name for the failure (`net::ERR_FAILED`). */
  readonly error?: string;
  readonly hadCookies: boolean;
  readonly bodyLength: number;
  /** When it was sent: milliseconds since 1970; 0 if the file does not say. */
  readonly time: number;
}

export type ReadRecording =
  | {
      readonly kind: "recording";
      readonly exchanges: readonly RecordedExchange[];
      readonly creator: string;
    }
  | { readonly kind: "unreadable"; readonly say: string; readonly fix: string };

/** The longest string that is kept: browsers send no longer URL or header. */
const longestString = 64 * 1024;
/** The most that may remain without the bodies. */
const leftLimit = 128 * 1024 * 1024;

/** From a path, or from what is piped in. */
export async function readRecording(
  from: string | AsyncIterable<Uint8Array>,
): Promise<ReadRecording> {
  let text: string;
  try {
    // Copied into one buffer: a slice would keep its whole chunk, and so the whole file, alive.
    let kept = Buffer.alloc(1024 * 1024);
    let left = 0;
    const elider = new StringElider(longestString);
    const keep = (bytes: Uint8Array): void => {
      if (left + bytes.length > kept.length)
        kept = Buffer.concat([kept], Math.max(left + bytes.length, kept.length * 2));
      kept.set(bytes, left);
      left += bytes.length;
    };
    const source =
      typeof from === "string" ? createReadStream(from, { highWaterMark: 1024 * 1024 }) : from;
    for await (const chunk of source) {
      elider.push(Buffer.from(chunk as Uint8Array), keep);
      if (left > leftLimit)
        return unreadable(
          "the recording is larger than 128 MB even without its bodies",
          "export it again with only the relevant requests (filter by the host first)",
        );
    }
    elider.end(keep);
    text = kept.toString("utf8", 0, left);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return unreadable("there is no such file", "check the path");
    if (code === "EISDIR") return unreadable("this is a directory", "name the .har file itself");
    return unreadable(`it cannot be read (${code ?? String(error)})`, "check its permissions");
  }
  if (text === "") return unreadable("it is empty", "pipe the export in, or name the .har file");
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return unreadable(
      "it is not JSON, so it is not a HAR file",
      "export it from the browser's Network panel (Save all as HAR); a file that was cut off must be exported again",
    );
  }
  const log = field(value, "log");
  const entries = field(log, "entries");
  if (!Array.isArray(entries))
    return unreadable(
      "it is JSON but not a HAR file: `log.entries` is not a list",
      "export it from the browser's Network panel (Save all as HAR)",
    );
  const exchanges: RecordedExchange[] = [];
  for (const [index, entry] of entries.entries()) {
    const exchange = readExchange(entry, index);
    if (exchange !== undefined) exchanges.push(exchange);
  }
  const creator = [
    asText(field(field(log, "creator"), "name")),
    asText(field(field(log, "browser"), "name")),
  ];
  return {
    kind: "recording",
    exchanges,
    creator: creator.filter((name) => name !== "").join(", "),
  };
}

function readExchange(entry: unknown, index: number): RecordedExchange | undefined {
  const request = field(entry, "request");
  const response = field(entry, "response");
  let url: URL;
  try {
    url = new URL(asText(field(request, "url")));
  } catch {
    return undefined; // an entry without a URL cannot be asked about
  }
  url.hash = "";
  const method = asText(field(request, "method"));
  if (!isMethod(method)) return undefined; // nor can one without a method
  const status = field(response, "status");
  const cookies = field(request, "cookies");
  const requestHeaders = readHeaders(field(request, "headers"));
  const error =
    asText(field(response, "_error")) ||
    asText(field(response, "_failureText")) ||
    asText(field(entry, "_error"));
  const bodySize = field(request, "bodySize");
  return {
    index,
    method,
    url: url.href,
    requestHeaders,
    status: typeof status === "number" && status >= 200 && status <= 599 ? status : 0,
    responseHeaders: readHeaders(field(response, "headers")),
    ...(error === "" ? {} : { error }),
    hadCookies:
      (Array.isArray(cookies) && cookies.length > 0) ||
      requestHeaders.some(([name]) => name.toLowerCase() === "cookie"),
    time: Date.parse(asText(field(entry, "startedDateTime"))) || 0,
    bodyLength:
      typeof bodySize === "number" && bodySize > 0
        ? bodySize
        : asText(field(field(request, "postData"), "text")).length,
  };
}

/** Pseudo-headers of HTTP/2 (`:status`) are not headers; Chromium joins repeated lines with LF. */
function readHeaders(value: unknown): Header[] {
  const headers: Header[] = [];
  if (!Array.isArray(value)) return headers;
  for (const item of value) {
    const name = asText(field(item, "name"));
    // What cannot have been a header on the wire was added by a tool.
    if (!isHeaderName(name)) continue;
    for (const line of asText(field(item, "value")).split(/\r?\n/))
      if (!/[\0\r]/.test(line)) headers.push([name, asBytes(line)]);
  }
  return headers;
}

/** Tools show text decoded from UTF-8; the wire had its bytes. */
function asBytes(value: string): string {
  for (let i = 0; i < value.length; i++)
    if (value.charCodeAt(i) > 0xff) return Buffer.from(value, "utf8").toString("latin1");
  return value;
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function unreadable(say: string, fix: string): ReadRecording {
  return { kind: "unreadable", say, fix };
}
