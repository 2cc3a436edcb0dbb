// A text that a person hands over: a file, or `-` for what is piped in.

import { readFile } from "node:fs/promises";
import type { Refusal } from "./explain-page.ts";
import { resolvePath, type Terminal } from "./terminal.ts";

/** Longer than any transcript: the rest is bodies. */
const longest = 16 * 1024 * 1024;

/** The text of a file, or of stdin for `-`; of a longer one the first 16 MiB. */
export async function readInput(file: string, terminal: Terminal): Promise<string | Refusal> {
  if (file === "-") return readStdin(terminal);
  try {
    const bytes = (await readFile(resolvePath(terminal, file))).subarray(0, longest);
    if (bytes.length > 0) return textOf(bytes);
    return {
      say: `\`${file}\` is empty`,
      fix: "write what should be read into it, or check the path",
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const say =
      code === "ENOENT"
        ? "the file does not exist"
        : code === "EISDIR"
          ? "it is a directory"
          : `it cannot be read (${code ?? String(error)})`;
    return { say: `\`${file}\`: ${say}`, fix: "check the path, or pipe the text in and write `-`" };
  }
}

/** What is piped in, as text. */
export async function readStdin({ input }: Terminal): Promise<string | Refusal> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    chunks.push(bytes);
    if (length > longest) break;
  }
  if (length === 0)
    return {
      say: "nothing was piped in",
      fix: "pipe a text in (`… | corsway explain …`), or name a file",
    };
  return textOf(Buffer.concat(chunks).subarray(0, longest));
}

/** UTF-8; UTF-16 where it is marked (PowerShell's `>` writes that); otherwise what Windows calls ANSI. */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, {
      stream: bytes.length === longest,
    });
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
