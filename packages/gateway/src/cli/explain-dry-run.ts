// `explain --dry-run`: the requests that would be sent, byte for byte; nothing is sent.

import { getHeader, type RequestHead, type ResponseHead } from "@corsway/cors/standard";
import { runSync, type PageRequest } from "@corsway/cors/browser";
import { wireHeaders, wireTarget } from "../responders/endpoint.ts";
import type { ReadPage } from "./explain-page.ts";

/** The text for stdout. Here every request of the page is allowed, so that each of them is shown. */
export function dryRun(
  { page, body }: Extract<ReadPage, { kind: "page" }>,
  format: "text" | "json",
): string {
  const wire: DryExchange[] = [];
  runSync(page, (request, sending) => {
    wire.push({ request, kind: sending.kind, body: sending.body ? body : undefined });
    return allowingAll(request);
  });
  return format === "json" ? printJson(wire) : printText(page, wire);
}

interface DryExchange {
  readonly request: RequestHead;
  readonly kind: "preflight" | "actual";
  readonly body: Uint8Array | undefined;
}

function allowingAll({ headers }: RequestHead): ResponseHead {
  const asked = (name: string): string => getHeader(headers, name) ?? "";
  return {
    status: 200,
    headers: [
      ["Access-Control-Allow-Origin", asked("origin")],
      ["Access-Control-Allow-Credentials", "true"],
      ["Access-Control-Allow-Methods", asked("access-control-request-method")],
      ["Access-Control-Allow-Headers", asked("access-control-request-headers")],
    ],
  };
}

function printJson(wire: readonly DryExchange[]): string {
  const requests = wire.map(({ kind, request, body }) => ({
    kind,
    request: { method: request.method, url: request.url, headers: wireHeaders(request, body) },
  }));
  return `${JSON.stringify({ dryRun: true, wire: requests }, undefined, 2)}\n`;
}

function printText(page: PageRequest, wire: readonly DryExchange[]): string {
  let text = `dry run  ${page.method ?? "GET"} ${page.url}  from ${page.origin}\n`;
  if (wire.length === 0)
    return `${text}  nothing would be sent: the browser rejects the request itself\n`;
  for (const [index, { kind, request, body }] of wire.entries()) {
    const after = index > 0 && kind === "actual" ? ", if the preflight allows it" : "";
    text += `\n  ${kind}${after}, to ${new URL(request.url).host}\n`;
    text += `    ${request.method} ${wireTarget(request.url)} HTTP/1.1\n`;
    for (const [name, value] of wireHeaders(request, body)) text += `    ${name}: ${value}\n`;
    if (body !== undefined) text += `    (with a body of ${body.length} bytes)\n`;
  }
  return text;
}
