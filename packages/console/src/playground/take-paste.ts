// Anything that people have in their hands, recognised: a fetch call, a cURL command, a console
// message, response headers, a HAR, a policy. Loaded when something is pasted.

import { decodeMessages, type DecodedMessage } from "@corsway/cors/explain";
import { readPaste } from "corsway/paste";
import type { Question } from "./question.ts";

export type Pasted =
  | { readonly kind: "question"; readonly question: Question; readonly say: readonly string[] }
  | { readonly kind: "messages"; readonly messages: readonly DecodedMessage[] }
  | { readonly kind: "unknown"; readonly say: string };

/** `before`: what the form holds, for what the pasted text does not say. Total. */
export function takePaste(text: string, before: Question): Pasted {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "unknown", say: "nothing was pasted" };
  const pasted = readPaste(trimmed);
  if (pasted !== undefined) {
    if ("say" in pasted) return { kind: "unknown", say: `${pasted.say}: ${pasted.fix}` };
    const headers = pasted.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
    return {
      kind: "question",
      say: pasted.notes,
      question: {
        ...before,
        url: pasted.url,
        method: pasted.method,
        headers,
        origin: pasted.origin ?? before.origin,
        credentials: pasted.credentials ?? before.credentials,
        mode: pasted.mode ?? before.mode,
      },
    };
  }
  if (trimmed.startsWith("{") && trimmed.includes('"log"')) return takeHar(trimmed, before);
  const messages = decodeMessages(trimmed);
  if (messages.length > 0) return { kind: "messages", messages };
  if (/^\s*allow_origins?\s*=|^\s*\[policies\.|"allowOrigins"/m.test(trimmed))
    return {
      kind: "question",
      say: ["read as a policy"],
      question: { ...before, server: { kind: "policy", text: trimmed } },
    };
  if (/^(?:[<*]\s)?(?:HTTP\/|[\w-]+:\s)/m.test(trimmed))
    return {
      kind: "question",
      say: ["read as the server's response"],
      question: { ...before, server: { kind: "answer", preflight: "", actual: trimmed } },
    };
  return {
    kind: "unknown",
    say: "not recognised: paste a fetch(…) call, a cURL command, a console message, response headers, a policy or a HAR",
  };
}

interface HarEntry {
  readonly request?: {
    readonly method?: string;
    readonly url?: string;
    readonly headers?: readonly { readonly name: string; readonly value: string }[];
  };
  readonly response?: {
    readonly status?: number;
    readonly headers?: readonly { readonly name: string; readonly value: string }[];
  };
}

/** The last request of the recording that names an origin, with its preflight where one was recorded. */
function takeHar(text: string, before: Question): Pasted {
  let entries: readonly HarEntry[];
  try {
    entries = (JSON.parse(text) as { log?: { entries?: HarEntry[] } }).log?.entries ?? [];
  } catch {
    return { kind: "unknown", say: "the HAR is not whole: it is not valid JSON" };
  }
  const originOf = ({ request }: HarEntry): string | undefined =>
    request?.headers?.find(({ name }) => name.toLowerCase() === "origin")?.value;
  const found = entries.filter(
    (entry) => entry.request?.method !== "OPTIONS" && originOf(entry) !== undefined,
  );
  const entry =
    found.findLast(({ response }) => (response?.status ?? 0) === 0) ?? found.at(-1) ?? undefined;
  if (entry === undefined)
    return { kind: "unknown", say: "no request of the HAR names an Origin: none is cross-origin" };
  const head = ({ response }: HarEntry): string =>
    [
      `HTTP/1.1 ${response?.status || 200}`,
      ...(response?.headers ?? []).map(({ name, value }) => `${name}: ${value}`),
    ].join("\n");
  const preflight = entries.find(
    ({ request }) => request?.method === "OPTIONS" && request.url === entry.request?.url,
  );
  const own = (entry.request?.headers ?? []).filter(
    ({ name }) =>
      !/^(?::|sec-|origin$|referer$|host$|user-agent$|accept-encoding$|connection$|cookie$|content-length$|priority$|pragma$|te$|dnt$)/i.test(
        name,
      ),
  );
  const cookies = entry.request?.headers?.some(({ name }) => name.toLowerCase() === "cookie");
  return {
    kind: "question",
    say: [`${found.length} cross-origin requests in the HAR; this is ${entry.request?.url ?? ""}`],
    question: {
      ...before,
      origin: originOf(entry)!,
      url: entry.request?.url ?? "",
      method: entry.request?.method ?? "GET",
      headers: own.map(({ name, value }) => `${name}: ${value}`).join("\n"),
      credentials: cookies === true ? "include" : "same-origin",
      server: {
        kind: "answer",
        preflight: preflight === undefined ? "" : head(preflight),
        actual: head(entry),
      },
    },
  };
}
