// `explain --dry-run`: the requests that would go out, byte for byte, and none that does.

import type { RequestHead } from "@corsway/cors/standard";
import type { PageRequest } from "@corsway/cors/browser";
import { wireHeaders, wireTarget } from "../responders/endpoint.ts";

export interface DryExchange {
  readonly request: RequestHead;
  readonly kind: "preflight" | "actual";
  readonly body: Uint8Array | undefined;
}

export function printDryRun(
  page: PageRequest,
  wire: readonly DryExchange[],
  format: "text" | "json",
): string {
  if (format === "json") {
    const requests = wire.map(({ kind, request, body }) => ({
      kind,
      request: { method: request.method, url: request.url, headers: wireHeaders(request, body) },
    }));
    return `${JSON.stringify({ dryRun: true, wire: requests }, undefined, 2)}\n`;
  }
  let text = `dry run  ${page.method ?? "GET"} ${page.url}  from ${page.origin}\n`;
  if (wire.length === 0)
    return `${text}  nothing would be sent: the browser refuses the request itself\n`;
  for (const [index, { kind, request, body }] of wire.entries()) {
    const after = index > 0 && kind === "actual" ? ", if the preflight allows it" : "";
    text += `\n  ${kind}${after}, to ${new URL(request.url).host}\n`;
    text += `    ${request.method} ${wireTarget(request.url)} HTTP/1.1\n`;
    for (const [name, value] of wireHeaders(request, body)) text += `    ${name}: ${value}\n`;
    if (body !== undefined) text += `    (and a body of ${body.length} bytes)\n`;
  }
  return text;
}
