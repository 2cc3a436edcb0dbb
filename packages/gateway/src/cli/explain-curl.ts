// `explain --curl`: the page's request as developer tools copy it, a cURL command, a `fetch(…)` call or PowerShell. Flags
// that are typed as well win over what the text says.

import { readPaste } from "../paste/read-paste.ts";
import type { Options } from "./explain-options.ts";
import type { Refusal } from "./explain-page.ts";
import { readStdin } from "./read-input.ts";
import type { Terminal } from "./terminal.ts";

/** The same command with the pasted request as its flags, and what the text leaves open. */
export interface PastedPage {
  readonly url: string;
  readonly options: Options;
  readonly notes: readonly string[];
}

export async function readPasted(
  url: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<PastedPage | Refusal> {
  const text = options.curl === "-" ? await readStdin(terminal) : options.curl!;
  if (typeof text !== "string") return text;
  const pasted = readPaste(text);
  if (pasted === undefined)
    return {
      say: "the text is not a cURL command, a `fetch(…)` call or an Invoke-WebRequest",
      fix: "in the Network panel, use `Copy as cURL`, `Copy as fetch` or `Copy as PowerShell`, and pipe it in with --curl -",
    };
  if ("say" in pasted) return pasted;
  const { credentials, mode, redirect, origin, body, upload } = pasted;
  const page = options.origin ?? origin;
  const isRelative = !URL.canParse(pasted.url) && URL.canParse(pasted.url, page);
  return {
    url: url ?? (isRelative ? new URL(pasted.url, page).href : pasted.url),
    notes: pasted.notes,
    options: {
      ...(origin === undefined ? {} : { origin }),
      ...(credentials === undefined ? {} : { credentials }),
      ...(mode === undefined ? {} : { mode }),
      ...(redirect === undefined ? {} : { redirect }),
      ...(body === undefined ? {} : { body }),
      ...(upload === undefined ? {} : { upload }),
      method: pasted.method,
      ...options,
      header: [
        ...pasted.headers.map(([name, value]) => `${name}: ${value}`),
        ...(options.header ?? []),
      ],
    },
  };
}
