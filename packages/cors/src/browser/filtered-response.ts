// Fetch §2.2.6 filtered responses: what remains of a response when it reaches the page.

import { headerLines } from "../standard/header-list.ts";
import { isForbiddenResponseHeaderName } from "../standard/header-name.ts";
import type { HeaderList } from "../standard/message.ts";
import { isSameOrigin, originOfUrl } from "../standard/origin.ts";
import { asciiLowercase } from "../standard/token.ts";
import { corsExposedHeaderNames, isReadableResponseHeader } from "./exposed-headers.ts";
import { withoutFragment, type FetchParams, type FetchResponse } from "./fetch-params.ts";
import { initiatorRules } from "./initiators.ts";
import { asUtf8 } from "./header-bytes.ts";
import type { Algorithm } from "./trace.ts";
import type { PageResponse } from "./verdict.ts";

const mainFetch: Algorithm = { name: "main fetch", anchor: "concept-main-fetch" };
const filtered: Algorithm = { name: "filtered response", anchor: "concept-filtered-response" };

/** Main fetch 14: the filtered response that the tainting calls for. */
export function filteredResponse(params: FetchParams, response: FetchResponse): PageResponse {
  const { request, trace } = params;
  const redirected = request.urlList.length > 1;
  const url = withoutFragment(response.url);
  if (response.opaqueRedirect === true) {
    trace.step(filtered, "opaque-redirect", "neither status nor headers", "done");
    return { type: "opaqueredirect", status: 0, headers: [], url, redirected };
  }
  if (initiatorRules(request.initiator).unread === true) {
    trace.step(filtered, "opaque", "none of it", "done", { initiator: request.initiator });
    return { type: "opaque", status: 0, headers: [], url: "", redirected: false };
  }
  switch (request.tainting) {
    case "basic": {
      trace.step(filtered, "basic", "all headers except Set-Cookie", "done");
      const headers = response.headers.filter(([name]) => !isForbiddenResponseHeaderName(name));
      return {
        type: "basic",
        status: response.status,
        headers: decoded(headers, params),
        url,
        redirected,
      };
    }
    case "cors": {
      const exposed = corsExposedHeaderNames(response.headers, request.credentials === "include");
      trace.step(mainFetch, "14.1", "read Access-Control-Expose-Headers", "done", {
        read: exposed.read,
        names: exposed.names,
      });
      const names = new Set(exposed.names);
      const headers = response.headers.filter(([name]) => isReadableResponseHeader(name, names));
      trace.step(filtered, "cors", "the safelisted headers and the exposed ones", "done", {
        headers: headers.map(([name]) => name),
      });
      return {
        type: "cors",
        status: response.status,
        headers: decoded(headers, params),
        url,
        redirected,
      };
    }
    case "opaque":
      if (isOwnScript(params, response)) {
        trace.step(
          filtered,
          "quirk",
          "a script of the page's own origin, whoever led there",
          "done",
        );
        return { type: "basic", status: response.status, headers: [], url, redirected };
      }
      trace.step(filtered, "opaque", "none of it", "done");
      return { type: "opaque", status: 0, headers: [], url: "", redirected: false };
  }
}

/** See Quirks, scriptsJudgedByLastUrl. */
function isOwnScript({ request, engine }: FetchParams, { url }: FetchResponse): boolean {
  return (
    engine.quirks.scriptsJudgedByLastUrl &&
    request.initiator === "script" &&
    isSameOrigin(request.origin, originOfUrl(url))
  );
}

function decoded(received: HeaderList, { engine }: FetchParams): HeaderList {
  const filled = engine.quirks.dropsEmptyLines ? withoutEmptyLines(received) : received;
  const headers = withJoinedContentType(filled, engine.quirks.contentTypeJoin);
  if (engine.quirks.headerBytes === "kept") return headers;
  return headers.map(([name, value]) => [name, asUtf8(value)] as const);
}

function withJoinedContentType(headers: HeaderList, join: string): HeaderList {
  const lines = headerLines(headers, "content-type");
  if (join === ", " || lines.length < 2) return headers;
  const others = headers.filter(([name]) => asciiLowercase(name) !== "content-type");
  return [...others, ["Content-Type", lines.join(join)]];
}

/** Removes the empty lines of names that have several lines; if all are empty, one remains. */
function withoutEmptyLines(headers: HeaderList): HeaderList {
  const names = new Map<string, { filled: boolean; kept: boolean }>();
  for (const [name, value] of headers) {
    const lower = asciiLowercase(name);
    const known = names.get(lower) ?? { filled: false, kept: false };
    names.set(lower, known);
    if (value !== "") known.filled = true;
  }
  return headers.filter(([name, value]) => {
    if (value !== "") return true;
    const known = names.get(asciiLowercase(name))!;
    if (known.filled || known.kept) return false;
    known.kept = true;
    return true;
  });
}
