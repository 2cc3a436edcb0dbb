// What a server has answered so far. Four engines ask nearly the same; the server is to be asked
// once, as by one browser: a question that was asked is answered from here, and a request that may
// change something on the server (POST, PUT…) is never sent a second time.

import { getHeader } from "../standard/header-list.ts";
import type { RequestHead } from "../standard/message.ts";
import type { Answer, Sending } from "../browser/sending.ts";

export class AnswerBook {
  readonly #exact = new Map<string, Answer>();
  readonly #loose = new Map<string, Answer>();

  /** The answer where it is known, or must not be asked for again. */
  find(request: RequestHead, sending: Pick<Sending, "kind">): Answer | undefined {
    const exact = this.#exact.get(exactKey(request));
    if (exact !== undefined || isSafe(request.method)) return exact;
    return this.#loose.get(looseKey(request, sending));
  }

  /** Any answer of the same kind from the same URL: for trying a change, nothing is asked. */
  recall(request: RequestHead, sending: Pick<Sending, "kind">): Answer | undefined {
    return this.find(request, sending) ?? this.#loose.get(looseKey(request, sending));
  }

  note(request: RequestHead, sending: Pick<Sending, "kind">, answer: Answer): void {
    this.#exact.set(exactKey(request), answer);
    this.#loose.set(looseKey(request, sending), answer);
  }
}

function exactKey({ method, url, headers }: RequestHead): string {
  const asked = ["origin", "access-control-request-method", "access-control-request-headers"];
  return JSON.stringify([method, url, ...asked.map((name) => getHeader(headers, name))]);
}

function looseKey({ method, url }: RequestHead, { kind }: Pick<Sending, "kind">): string {
  return JSON.stringify([kind, kind === "preflight" ? "" : method, url]);
}

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}
