// The access log: one line per request. JSON for machines, and a short form for a person at a terminal.
// What a client sent is untrusted text: it is truncated, and none of its control characters reaches a
// terminal or splits a line. Lines that cannot be written (a shipper that stalls, a full disk, a terminal
// under Ctrl-S) are dropped and counted: requests must not wait for them, nor may memory fill up.

import type { Writable } from "node:stream";
import { styleText } from "node:util";
import { escapeUnsafe } from "@corsway/cors/diagnostics";
import type { AccessRecord } from "./access-record.ts";
import { renderJson } from "./access-line.ts";
import { cut, shownOrigin } from "./log-text.ts";

/** One JSON object a line, a line for people, or nothing. */
export type LogForm = "json" | "pretty" | "off";

/** Where the log goes: any Writable; someone must listen for its errors. */
export type LogOutlet = Pick<Writable, "write" | "writableLength">;

/** Bytes that may wait for the reader: about three thousand lines of JSON. */
const mostUnread = 1024 * 1024;
/** The most characters that are collected before they are written. */
const mostHeld = 64 * 1024;

export interface AccessLog {
  write(record: AccessRecord): void;
  /** Writes what is still held. */
  flush(): void;
}

/**
 * Lines are collected for one turn of the event loop, or up to 64 KiB, and written in one piece.
 * `dropped` is called with the number of lines that were not written, and with the error if there was
 * one; there is none if the reader is too far behind.
 */
export function accessLog(
  form: LogForm,
  out: LogOutlet,
  color: boolean,
  dropped: (lines: number, error?: Error) => void,
): AccessLog {
  if (form === "off") return { write() {}, flush() {} };
  const render =
    form === "json" ? renderJson : (record: AccessRecord) => renderPretty(record, color);
  let held = "";
  let count = 0;
  const flush = (): void => {
    const text = held;
    const lines = count;
    held = "";
    count = 0;
    if (lines === 0) return;
    if (out.writableLength >= mostUnread) dropped(lines);
    else out.write(text, (error) => error && dropped(lines, error));
  };
  return {
    write(record) {
      if (count++ === 0) setImmediate(flush);
      held += `${render(record)}\n`;
      if (held.length > mostHeld) flush();
    },
    flush,
  };
}

/** `12:00:01 204 OPTIONS api.example.com/users  preflight allowed (webapp)  https://app…  1 ms`. */
function renderPretty(record: AccessRecord, color: boolean): string {
  const paint = (style: Style, text: string): string =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const { status, kind, allowed } = record;
  const hue = status >= 500 || status === 0 ? "red" : status >= 400 ? "yellow" : "green";
  const parts = [
    paint("dim", record.time.slice(11, 19)),
    paint(hue, status === 0 ? "---" : String(status)),
    `${shown(record.method, 32)} ${shown(record.host + record.path, 120)}`,
  ];
  if (kind !== undefined && kind !== "not-cors") {
    const asks =
      record.requested_method === undefined ? "" : ` for ${shown(record.requested_method, 32)}`;
    const why = record.refusal === undefined ? "" : `: ${record.refusal}`;
    const policy = record.policy === undefined ? "" : ` (${record.policy})`;
    const text = `${kind}${asks} ${allowed === true ? "allowed" : "refused"}${why}${policy}`;
    parts.push(paint(allowed === true ? "cyan" : "yellow", text));
  }
  if (record.origin !== undefined) parts.push(`from ${shown(shownOrigin(record.origin), 120)}`);
  if (record.error !== undefined) {
    const cause = record.cause === undefined ? "" : ` (${shown(record.cause, 128)})`;
    parts.push(paint(hue, record.error + cause));
  }
  parts.push(paint("dim", `${record.duration_ms.toFixed(record.duration_ms < 10 ? 1 : 0)} ms`));
  return parts.join("  ");
}

function shown(text: string, length: number): string {
  return escapeUnsafe(cut(text, length));
}

type Style = "dim" | "red" | "yellow" | "green" | "cyan";
