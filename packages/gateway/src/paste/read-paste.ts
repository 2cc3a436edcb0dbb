// A copied request of any kind, by how it begins: what `--curl` and the playground take.

import { isCurl, readCurl } from "./curl.ts";
import { isFetchCall, readFetchCall } from "./fetch-call.ts";
import type { PastedRequest, PasteFault } from "./pasted.ts";
import { isPowerShell, readPowerShell } from "./powershell.ts";

/** undefined: the text is none of them. Total. */
export function readPaste(text: string): PastedRequest | PasteFault | undefined {
  if (isCurl(text)) return readCurl(text);
  if (isPowerShell(text)) return readPowerShell(text);
  return isFetchCall(text) ? readFetchCall(text) : undefined;
}
