// Answers that were given as text, as a Responder. What the text does not hold is reported and not made up.

import { asciiLowercase, type RequestHead } from "@corsway/cors/standard";
import type { Answer, Sending } from "@corsway/cors/browser";
import type { TranscribedExchange } from "./transcript.ts";

/** Answers as a responder, and what it had to do with them. Made for one run: it remembers what it was asked. */
export interface GivenAnswers {
  readonly respond: (request: RequestHead, sending: Sending) => Answer;
  /** The first request that the text holds no answer for. */
  readonly missing: () => RequestHead | undefined;
  /** One answer was taken for the preflight and for the request. */
  readonly isDoubled: () => boolean;
}

/** What `isDoubled` means, for a person to read. */
export const answeredTwice =
  "the one answer was used for both the preflight and the request: write `OPTIONS 204` or `GET 200` before an answer's headers to distinguish them";

/** By kind, and among the actual answers by their order: the first is of the first URL, and so on. */
export function givenAnswers(exchanges: readonly TranscribedExchange[]): GivenAnswers {
  const preflights = exchanges.filter((exchange) => exchange.method === "OPTIONS");
  const others = exchanges.filter((exchange) => exchange.method !== "OPTIONS");
  const isUnlabelled = exchanges.every((exchange) => exchange.method === undefined);
  let missing: RequestHead | undefined;
  let doubled = false;
  const lacking = (request: RequestHead): Answer => {
    missing ??= request;
    return {
      kind: "network-error",
      why: `the answer to ${request.method} ${request.url} was not given`,
    };
  };
  return {
    respond(request, { kind, hop }) {
      if (kind === "preflight") {
        const found = preflights[Math.min(hop, preflights.length - 1)];
        if (found !== undefined) return head(found);
        // Without labels the order tells: OPTIONS comes first.
        if (!isUnlabelled || others.length === 0) return lacking(request);
        if (others.length === 1) doubled = true;
        return head(others[0]!);
      }
      const own = others.find(({ url }) => url !== undefined && same(url, request.url));
      const isFirstPreflights = isUnlabelled && others.length > 1 && isAnswerToOptions(others[0]!);
      const found = own ?? others[hop + (isFirstPreflights ? 1 : 0)];
      return found === undefined ? lacking(request) : head(found);
    },
    missing: () => missing,
    isDoubled: () => doubled,
  };
}

function head({ status, headers }: TranscribedExchange): Answer {
  return { status, headers };
}

function same(a: string, b: string): boolean {
  return a.split("#", 1)[0] === b.split("#", 1)[0];
}

function isAnswerToOptions({ status, headers }: TranscribedExchange): boolean {
  const names = new Set(headers.map(([name]) => asciiLowercase(name)));
  return (
    status === 204 ||
    names.has("access-control-allow-methods") ||
    names.has("access-control-allow-headers") ||
    names.has("allow")
  );
}
