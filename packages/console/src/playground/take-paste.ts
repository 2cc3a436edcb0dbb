// Anything that people have in their hands, recognised: a fetch call, a cURL command, a console
// message, an exchange or response headers, a HAR, a policy. Loaded when something is pasted.

import { decodeMessages, type DecodedMessage } from "@corsway/cors/explain";
import { isHeaderName } from "@corsway/cors/standard";
import {
  fromWire,
  isTranscript,
  pageOfTranscript,
  readPaste,
  readTranscript,
  transcriptNotes,
  type Transcript,
} from "corsway/paste";
import { writeAnswers } from "./answer-text.ts";
import type { Question } from "./question.ts";

export type Pasted =
  | { readonly kind: "question"; readonly question: Question; readonly say: readonly string[] }
  | { readonly kind: "messages"; readonly messages: readonly DecodedMessage[] }
  | { readonly kind: "unknown"; readonly say: string };

/** No message, command or response is as long; a recording may be. */
const longest = 256 * 1024;

/** `before`: what the form holds, for what the pasted text does not say. Total. */
export function takePaste(text: string, before: Question): Pasted {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "unknown", say: "nothing was pasted" };
  if (trimmed.startsWith("{") && trimmed.includes('"log"')) return takeHar(trimmed, before);
  if (trimmed.length > longest)
    return {
      kind: "unknown",
      say: "the text is longer than 256 kB: paste the one message, command or response that matters",
    };
  // A command may stand above what it printed, so the answer is looked for first.
  if (isTranscript(text)) return takeTranscript(text, before);
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
        body: pasted.upload ?? (pasted.body === undefined ? "none" : "text"),
        origin: pasted.origin ?? before.origin,
        credentials: pasted.credentials ?? before.credentials,
        mode: pasted.mode ?? before.mode,
      },
    };
  }
  const messages = decodeMessages(trimmed);
  if (messages.length > 0) return { kind: "messages", messages };
  if (/^\s*allow_origins?\s*=|^\s*\[policies\.|"allowOrigins"/m.test(trimmed))
    return {
      kind: "question",
      say: ["read as a policy"],
      question: { ...before, server: { kind: "policy", text: trimmed } },
    };
  const read = readTranscript(text);
  if (read.kind === "transcript") return ofTranscript(read, before);
  if (/^[\w-]+:\s/m.test(trimmed)) return notRead(read.faults);
  return {
    kind: "unknown",
    say: "not recognised: paste a fetch(…) call, a cURL command, a console message, an exchange (curl -v), response headers, a policy or a HAR",
  };
}

function takeTranscript(text: string, before: Question): Pasted {
  const read = readTranscript(text);
  return read.kind === "transcript" ? ofTranscript(read, before) : notRead(read.faults);
}

function notRead(faults: readonly string[]): Pasted {
  return { kind: "unknown", say: `this cannot be read as a response: ${faults.join("; ")}` };
}

/** The answers, and the page as far as the text shows its request; what the form holds stays where it does not. */
function ofTranscript(transcript: Transcript, before: Question): Pasted {
  const server = { kind: "answer", ...writeAnswers(transcript.exchanges) } as const;
  const page = pageOfTranscript(transcript);
  const { url, origin, method, headers, hasCookies } = page;
  if (url === undefined && !transcript.exchanges.some((one) => one.requestHeaders.length > 0))
    return {
      kind: "question",
      say: ["read as the server's response"],
      question: { ...before, server },
    };
  const say = ["read as a request and its response"];
  if (page.isSchemeGuessed) say.push(transcriptNotes.schemeGuessed);
  if (hasCookies) say.push(transcriptNotes.cookies);
  if (page.lacksOrigin) say.push(transcriptNotes.withoutOrigin);
  return {
    kind: "question",
    say,
    question: {
      url: url ?? before.url,
      origin: origin ?? before.origin,
      method,
      headers: headers.map(([name, value]) => `${name}: ${fromWire(value)}`).join("\n"),
      body: "none",
      credentials: hasCookies ? "include" : "same-origin",
      mode: "cors",
      server,
    },
  };
}

type Headers = readonly (readonly [name: string, value: string])[];

interface HarEntry {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** 0: there was no answer. */
  readonly status: number;
  readonly responseHeaders: Headers;
}

const originOf = ({ headers }: HarEntry): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === "origin")?.[1];

/** The last request of the recording that names an origin, with its preflight where one was recorded. */
function takeHar(text: string, before: Question): Pasted {
  let entries: readonly HarEntry[];
  try {
    entries = entriesOf(JSON.parse(text));
  } catch {
    return { kind: "unknown", say: "the HAR is not whole: it is not valid JSON" };
  }
  const found = entries.filter(
    (entry) => entry.method !== "OPTIONS" && originOf(entry) !== undefined,
  );
  const entry = found.findLast(({ status }) => status === 0) ?? found.at(-1);
  if (entry === undefined)
    return { kind: "unknown", say: "no request of the HAR names an Origin: none is cross-origin" };
  const preflight = entries.find(({ method, url }) => method === "OPTIONS" && url === entry.url);
  const own = entry.headers.filter(([name]) => !browserOwn.test(name));
  const cookies = entry.headers.some(([name]) => name.toLowerCase() === "cookie");
  return {
    kind: "question",
    say: [
      `${found.length === 1 ? "one cross-origin request" : `${found.length} cross-origin requests`} in the HAR; this is ${entry.url}`,
      ...(entry.status === 0
        ? [
            "the recording has no response to it; a browser hides what it blocks, so add the headers that the server sent",
          ]
        : []),
    ],
    question: {
      ...before,
      origin: originOf(entry)!,
      url: entry.url,
      method: entry.method,
      headers: own.map(([name, value]) => `${name}: ${value}`).join("\n"),
      body: "none",
      credentials: cookies ? "include" : "same-origin",
      server: {
        kind: "answer",
        // A response shows that the preflight, if there was one, had passed: it may come from the browser's cache.
        preflight: headText(preflight ?? { ...entry, status: 200 }),
        actual: headText(entry),
      },
    },
  };
}

const browserOwn =
  /^(?::|sec-|origin$|referer$|host$|user-agent$|accept-encoding$|connection$|cookie$|content-length$|priority$|pragma$|te$|dnt$)/i;

function headText({ status, responseHeaders }: HarEntry): string {
  return [
    `HTTP/1.1 ${status || 200}`,
    ...responseHeaders.map(([name, value]) => `${name}: ${value}`),
  ].join("\n");
}

/** Whatever is not as a HAR has it is left out: anybody can write one. */
function entriesOf(har: unknown): readonly HarEntry[] {
  const entries = at(at(har, "log"), "entries");
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown): readonly HarEntry[] => {
    const [request, response] = [at(entry, "request"), at(entry, "response")];
    const [url, method, status] = [
      at(request, "url"),
      at(request, "method"),
      at(response, "status"),
    ];
    if (typeof url !== "string" || typeof method !== "string") return [];
    return [
      {
        url,
        method,
        headers: headersOf(at(request, "headers")),
        status: typeof status === "number" ? status : 0,
        responseHeaders: headersOf(at(response, "headers")),
      },
    ];
  });
}

function headersOf(list: unknown): Headers {
  if (!Array.isArray(list)) return [];
  return list.flatMap((header: unknown) => {
    const [name, value] = [at(header, "name"), at(header, "value")];
    if (typeof name !== "string" || typeof value !== "string" || !isHeaderName(name)) return [];
    // Chromium joins repeated lines with LF; what cannot have been a header on the wire was added by a tool.
    return value.split(/\r?\n/).map((line) => [name, line] as const);
  });
}

function at(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
