// Fetch §4.2 scheme fetch: the browser itself answers whatever is not HTTP.

import {
  blocked,
  currentUrl,
  isHttpScheme,
  placeOf,
  type FetchParams,
  type Fetching,
  type FetchResponse,
  type FetchResult,
} from "./fetch-params.ts";
import { httpFetch } from "./http-fetch.ts";
import type { Algorithm } from "./trace.ts";

const algorithm: Algorithm = { name: "scheme fetch", anchor: "concept-scheme-fetch" };

export function* schemeFetch(params: FetchParams): Fetching<FetchResult> {
  const { request, trace } = params;
  const url = currentUrl(request);
  if (isHttpScheme(url)) return yield* httpFetch(params);
  const scheme = url.protocol.slice(0, -1);
  const answer = (type: string): FetchResponse => {
    trace.step(algorithm, "3", `${scheme}: needs no network`, "done");
    return { kind: "response", status: 200, headers: [["Content-Type", type]], url };
  };
  if (scheme === "about" && url.pathname === "blank") return answer("text/html;charset=utf-8");
  if (scheme === "data" && url.pathname.includes(",")) return answer(dataUrlType(url.pathname));
  const known = scheme === "blob" || scheme === "file";
  trace.step(algorithm, "3", `fetch ${scheme}:`, known ? "not-modelled" : "failed", { scheme });
  const why = known ? `${scheme}: is not modelled` : `${scheme}: cannot be fetched`;
  return blocked({ ...placeOf(request, "request"), reason: "network-error", why });
}

/** Fetch: data-url-processor, its MIME type only. */
function dataUrlType(path: string): string {
  const type = path
    .slice(0, path.indexOf(","))
    .replace(/; *base64 *$/i, "")
    .trim();
  if (type.startsWith(";")) return `text/plain${type}`;
  return type.includes("/") ? type : "text/plain;charset=US-ASCII";
}
