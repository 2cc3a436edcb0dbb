// `explain --curl`: the page's request as developer tools copy it, a cURL command or a `fetch(…)` call. Flags that
// are typed as well win over what the text says.

import { isCurl, readCurl } from "../paste/curl.ts";
import { isFetchCall, readFetchCall } from "../paste/fetch-call.ts";
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
  const read = isFetchCall(text) ? readFetchCall : isCurl(text) ? readCurl : undefined;
  if (read === undefined)
    return {
      say: "the text is neither a cURL command nor a `fetch(…)` call",
      fix: "in the Network panel, use `Copy as cURL (bash)` or `Copy as fetch`, and pipe it in with --curl -",
    };
  const pasted = read(text);
  if ("say" in pasted) return pasted;
  const { credentials, mode, redirect, origin, body } = pasted;
  return {
    url: url ?? pasted.url,
    notes: pasted.notes,
    options: {
      ...(origin === undefined ? {} : { origin }),
      ...(credentials === undefined ? {} : { credentials }),
      ...(mode === undefined ? {} : { mode }),
      ...(redirect === undefined ? {} : { redirect }),
      ...(body === undefined ? {} : { body }),
      method: pasted.method,
      ...options,
      header: [
        ...pasted.headers.map(([name, value]) => `${name}: ${value}`),
        ...(options.header ?? []),
      ],
    },
  };
}
