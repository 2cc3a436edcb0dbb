// The responses of a server so far. Four engines make nearly the same requests, but the server should get each
// once, as from one browser: a repeated request is answered from here, and a request that may change something on
// the server (POST, PUT…) is never sent a second time.

import { getHeader } from "../standard/header-list.ts";
import type { RequestHead } from "../standard/message.ts";
import type { Answer, Sending } from "../browser/sending.ts";

export class AnswerBook {
  readonly #exact = new Map<string, Answer>();
  readonly #loose = new Map<string, Answer>();

  /** The response, if it is known or must not be requested again. */
  find(request: RequestHead, sending: Pick<Sending, "kind">): Answer | undefined {
    const exact = this.#exact.get(exactKey(request));
    if (exact !== undefined || isSafe(request.method)) return exact;
    return this.#loose.get(looseKey(request, sending));
  }

  /** Any response of the same kind from the same URL: for trying a change, nothing is sent. */
  recall(request: RequestHead, sending: Pick<Sending, "kind">): Answer | undefined {
    return this.find(request, sending) ?? this.#loose.get(looseKey(request, sending));
  }

  note(request: RequestHead, sending: Pick<Sending, "kind">, answer: Answer): void {
    this.#exact.set(exactKey(request), answer);
    this.#loose.set(looseKey(request, sending), answer);
  }
}

function exactKey({ method, url, headers }: RequestHead): string {
  const asked = [
    "cookie",
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
  ];
  return JSON.stringify([method, url, ...asked.map((name) => getHeader(headers, name))]);
}

function looseKey({ method, url }: RequestHead, { kind }: Pick<Sending, "kind">): string {
  return JSON.stringify([kind, kind === "preflight" ? "" : method, url]);
}

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}
