// The text ends before the verdict does: which answer it lacks, and how to get it.

import { getHeader, type RequestHead } from "@corsway/cors/standard";
import type { PageRequest } from "@corsway/cors/browser";
import type { TranscribedExchange } from "./transcript.ts";

/** Which answer the text lacks, why it matters, and how to get it: one sentence each. */
export interface MissingAnswer {
  readonly say: string;
  readonly why: string;
  readonly fix: string;
}

/** `missing`: the first request that the page sends and the text holds no answer to. */
export function missingAnswer(
  page: PageRequest,
  missing: RequestHead,
  exchanges: readonly TranscribedExchange[],
): MissingAnswer {
  const say = `the answer to ${missing.method} ${missing.url} is not in the text`;
  if (missing.method === "OPTIONS") {
    const names = getHeader(missing.headers, "access-control-request-headers");
    const flags = [
      `Origin: ${page.origin}`,
      `Access-Control-Request-Method: ${page.method ?? "GET"}`,
      ...(names === null ? [] : [`Access-Control-Request-Headers: ${names}`]),
    ];
    return {
      say,
      why: "a browser sends OPTIONS before this request, and sends the request only if that is allowed",
      fix: `add it: curl -v -X OPTIONS ${missing.url} ${flags.map((flag) => `-H '${flag}'`).join(" ")}`,
    };
  }
  const options = exchanges.find(({ method }) => method === "OPTIONS");
  const isPlain =
    options !== undefined &&
    options.requestHeaders.length > 0 &&
    getHeader(options.requestHeaders, "access-control-request-method") === null;
  if (isPlain && exchanges.length === 1)
    return {
      say,
      why: "the OPTIONS request in it is not a preflight, because it has no Access-Control-Request-Method",
      fix: "repeat it with -H 'Access-Control-Request-Method: PUT', for example",
    };
  return {
    say,
    why: "the answers given allow the page to continue to this request",
    fix: "add its answer below, or ask the server: corsway explain URL --origin ORIGIN",
  };
}
