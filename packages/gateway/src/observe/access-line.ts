// One request as a line of JSON. Written by hand, field after field in one order: for this line
// JSON.stringify costs more than the rest of what the gateway decides about a request.

import type { AccessRecord } from "./access-record.ts";
import { cut, quoted, shownOrigin } from "./log-text.ts";

/**
 * One JSON object; control and bidirectional characters as escapes, long fields cut. An id and an address need neither,
 * because only plain ones are accepted.
 */
export function renderJson(record: AccessRecord): string {
  const { location, upstream, origin, policy, kind, refusal, removed, error, cause } = record;
  const { requested_method: method, requested_headers: headers } = record;
  let line =
    `{"time":"${record.time}","request_id":"${record.request_id}","client":"${record.client}"` +
    `,"server":${quotedName(record.server)},"method":${quoted(cut(record.method, 32))}` +
    `,"host":${quoted(cut(record.host, 256))},"path":${quoted(cut(record.path, 1024))}` +
    `,"status":${record.status},"duration_ms":${record.duration_ms}` +
    `,"bytes_in":${record.bytes_in},"bytes_out":${record.bytes_out}`;
  if (location !== undefined) line += `,"location":${quotedName(location)}`;
  if (upstream !== undefined) line += `,"upstream":${quotedName(upstream)}`;
  if (origin !== undefined) line += `,"origin":${quoted(cut(shownOrigin(origin), 256))}`;
  if (policy !== undefined) line += `,"policy":${quotedName(policy)}`;
  if (kind !== undefined) line += `,"kind":"${kind}","allowed":${record.allowed === true}`;
  if (refusal !== undefined) line += `,"refusal":"${refusal}"`;
  if (method !== undefined) line += `,"requested_method":${quoted(cut(method, 64))}`;
  if (headers !== undefined) line += `,"requested_headers":${quoted(cut(headers, 256))}`;
  if (removed !== undefined) line += `,"removed":${removed}`;
  if (error !== undefined) line += `,"error":${quoted(error)}`;
  if (cause !== undefined) line += `,"cause":${quoted(cause)}`;
  return `${line}}`;
}

/** Names of the configuration are the same in most lines. Bounded, because each reload may bring others. */
const names = new Map<string, string>();
const mostNames = 1000;

function quotedName(name: string): string {
  let text = names.get(name);
  if (text === undefined) {
    if (names.size >= mostNames) names.clear();
    names.set(name, (text = quoted(name)));
  }
  return text;
}
