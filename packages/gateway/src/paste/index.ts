// corsway/paste: what a person pastes, read as the request of a page. Runs in a page as well.
export { isCurl, readCurl } from "./curl.ts";
export { isPowerShell, readPowerShell } from "./powershell.ts";
export { readPaste } from "./read-paste.ts";
export { isFetchCall, readFetchCall } from "./fetch-call.ts";
export type { PastedRequest, PasteFault } from "./pasted.ts";
