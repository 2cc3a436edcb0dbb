// A response that is an error: the failure comes first, and the missing header is what the error page leaves out.

import { getHeader } from "../../standard/header-list.ts";
import type { HeaderList } from "../../standard/message.ts";
import { client, server, type Advice } from "../recommendation.ts";

/** What a failure is, by its status; undefined if it is none, or may be the CORS check's own (403). */
export function errorResponse(
  status: number,
  headers: HeaderList,
): { readonly why: string; readonly advice: readonly Advice[] } | undefined {
  const what = failureOf(status);
  if (what === undefined) return undefined;
  const isNginx = /^(?:nginx|openresty)/i.test(getHeader(headers, "server") ?? "");
  return {
    why: `the response is an error (${status}): ${what.says}; such a response often lacks the CORS headers, and the error is what to look at first`,
    advice: [
      what.first,
      ...(isNginx
        ? [server("nginx sends a header with errors only if it is set with `add_header … always`")]
        : []),
    ],
  };
}

function failureOf(status: number): { says: string; first: Advice } | undefined {
  const fix = (say: string): Advice => server(`fix the failure first: ${say}`);
  switch (status) {
    case 401:
      return {
        says: "the request was not authenticated",
        first: client("check the login first: the response is 401"),
      };
    case 404:
      return {
        says: "nothing is at this URL",
        first: client("check the URL first: the response is 404"),
      };
    case 413:
      return {
        says: "the body is larger than a server accepts",
        first: fix("raise the limit of the body (nginx: `client_max_body_size`), or send less"),
      };
    case 429:
      return {
        says: "too many requests were sent",
        first: client("wait, and send fewer requests: the response is 429"),
      };
    case 502:
    case 504:
      return {
        says:
          status === 502
            ? "a proxy got no usable response from the server behind it"
            : "a proxy waited too long for the server behind it",
        first: fix(`the response is ${status}: look at the server behind the proxy`),
      };
    case 503:
      return {
        says: "the server is not available now",
        first: fix("the response is 503: start the server, or look at its load"),
      };
    case 520:
    case 521:
    case 522:
    case 523:
    case 524:
    case 525:
    case 526:
      return {
        says: "Cloudflare did not reach the server behind it, or got no usable response",
        first: fix(`the response is ${status}: look at the server behind Cloudflare`),
      };
    default:
      return status >= 500
        ? {
            says: "the server failed",
            first: fix(`the response is ${status}: look at the server's log`),
          }
        : undefined;
  }
}
