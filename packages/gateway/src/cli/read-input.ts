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
    return (await readFile(resolvePath(terminal, file))).subarray(0, longest).toString("utf8");
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
  return Buffer.concat(chunks).subarray(0, longest).toString("utf8");
}
