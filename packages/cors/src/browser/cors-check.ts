// Fetch §4.9 CORS check: may this response be shared with this origin? A comparison of bytes, in eight
// steps. The standard says only yes or no; the reason is added here, in as much detail as the engine
// distinguishes.

import { headerLines } from "../standard/header-list.ts";
import type { HeaderList } from "../standard/message.ts";
import type { Engine } from "./engine.ts";
import { placeOf, type FetchParams } from "./fetch-params.ts";
import { isUrl } from "./location-url.ts";
import { responseHeader, responseHeaderLines } from "./response-header.ts";
import type { Algorithm, StepResult, Seen } from "./trace.ts";
import type { BlockDetail, BlockPlace } from "./verdict.ts";

const algorithm: Algorithm = { name: "CORS check", anchor: "concept-cors-check" };

/** What is checked: the response, the origin it must name, and whether the request has credentials. */
export interface CorsChecked {
  readonly at: "preflight" | "actual";
  readonly status: number;
  readonly headers: HeaderList;
  readonly origin: string;
  readonly include: boolean;
}

/** Why the check fails, or undefined if it succeeds. */
export function corsCheck(params: FetchParams, checked: CorsChecked): BlockDetail | undefined {
  const { request, engine, trace } = params;
  const { headers, status, origin, include } = checked;
  const place: BlockPlace = placeOf(request, checked.at, origin);
  const step = (
    number: string,
    says: string,
    result: StepResult,
    saw: Readonly<Record<string, Seen>>,
  ): void => trace.step(algorithm, number, says, result, saw);

  const value = responseHeader(headers, "access-control-allow-origin", engine);
  step("1", "get Access-Control-Allow-Origin", "done", { "Access-Control-Allow-Origin": value });
  if (value === null) {
    step("2", "there is none", "failed", { status });
    return { ...place, reason: "acao-missing", status };
  }
  const lines = headerLines(headers, "access-control-allow-origin");
  if (engine.quirks.acaoMultiple === "lines" && spelledAlike(headers) > 1) {
    step("quirk", "it comes once", "failed", { lines });
    return { ...place, reason: "acao-multiple", value: lines.join(", "), lines, status };
  }
  if (!include && value === "*") {
    step("3", "any origin, and no credentials", "passed", { credentials: request.credentials });
    return undefined;
  }
  if (value !== origin) {
    step("4", "it is the request's origin, byte for byte", "failed", { value, origin });
    return { ...place, ...mismatch(headers, value, engine), status };
  }
  step("4", "it is the request's origin, byte for byte", "passed", { value, origin });
  if (!include) {
    step("5", "no credentials, so nothing more is checked", "passed", {
      credentials: request.credentials,
    });
    return undefined;
  }
  const credentials = responseHeader(headers, "access-control-allow-credentials", engine);
  step("6", "get Access-Control-Allow-Credentials", "done", {
    "Access-Control-Allow-Credentials": credentials,
  });
  if (credentials === "true") {
    step("7", "it is `true`, byte for byte", "passed", { value: credentials });
    return undefined;
  }
  step("8", "it is `true`, byte for byte", "failed", { value: credentials });
  return { ...place, reason: "acac-not-true", value: credentials, status };
}

/** Lines with the usual capitals; over HTTP/2, where names are lower case, there are none. */
function spelledAlike(headers: HeaderList): number {
  return headers.filter(([name]) => name === "Access-Control-Allow-Origin").length;
}

type Mismatch =
  | { readonly reason: "acao-multiple"; readonly value: string; readonly lines: readonly string[] }
  | {
      readonly reason: "acao-invalid" | "acao-mismatch" | "acao-wildcard-credentials";
      readonly value: string;
    };

function mismatch(headers: HeaderList, value: string, engine: Engine): Mismatch {
  const lines = responseHeaderLines(headers, "access-control-allow-origin", engine);
  if (value === "*") return { reason: "acao-wildcard-credentials", value };
  const { acaoMultiple, acaoInvalid } = engine.quirks;
  const multiple =
    acaoMultiple !== "lines" &&
    (value.includes(",") || (acaoMultiple === "space-or-comma" && value.includes(" ")));
  if (multiple) return { reason: "acao-multiple", value, lines };
  if (acaoInvalid && value !== "null" && !isUrl(value, engine))
    return { reason: "acao-invalid", value };
  return { reason: "acao-mismatch", value };
}
