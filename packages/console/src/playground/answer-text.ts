// The text of the two answer fields: whatever people paste there is read by the reader that the command line has,
// and what the playground writes there itself is one head after another, without bodies and cookies of the request.

import { fromWire, readTranscript, type TranscribedExchange } from "corsway/paste";

/** Both texts of a question. */
export interface AnswerText {
  readonly preflight: string;
  readonly actual: string;
}

export type ReadAnswers =
  | { readonly kind: "answers"; readonly exchanges: readonly TranscribedExchange[] }
  | { readonly kind: "unreadable"; readonly message: string };

/** Total. An empty text holds no answer; whatever the preflight's text holds answers OPTIONS. */
export function readAnswers({ preflight, actual }: AnswerText): ReadAnswers {
  const fields = [
    ["preflight", preflight],
    ["request", actual],
  ] as const;
  const exchanges: TranscribedExchange[] = [];
  const faults: string[] = [];
  for (const [field, text] of fields) {
    if (text.trim() === "") continue;
    const read = readTranscript(text);
    if (read.kind === "unreadable")
      faults.push(`the response to the ${field} cannot be read: ${read.faults.join("; ")}`);
    else if (field === "request") exchanges.push(...read.exchanges);
    else for (const exchange of read.exchanges) exchanges.push({ ...exchange, method: "OPTIONS" });
  }
  return faults.length > 0
    ? { kind: "unreadable", message: faults.join("; ") }
    : { kind: "answers", exchanges };
}

/** As `readAnswers` reads it again: the method and the URL stay, for they say which request an answer is for. */
export function writeAnswers(exchanges: readonly TranscribedExchange[]): AnswerText {
  const heads = (wanted: (exchange: TranscribedExchange) => boolean): string =>
    exchanges.filter(wanted).map(headText).join("\n\n");
  return {
    preflight: heads(({ method }) => method === "OPTIONS"),
    actual: heads(({ method }) => method !== "OPTIONS"),
  };
}

function headText({ method, url, status, headers }: TranscribedExchange): string {
  const first =
    method === undefined
      ? `HTTP/1.1 ${status}`
      : [method, ...(url === undefined ? [] : [url]), status].join(" ");
  return [first, ...headers.map(([name, value]) => `${name}: ${fromWire(value)}`)].join("\n");
}
