// Fetch §4.10 TAO check: may the page read the timings of this hop? A failure applies to the whole
// request from then on; it never blocks the response.

import { headerLines } from "../standard/header-list.ts";
import type { HeaderList } from "../standard/message.ts";
import type { FetchParams } from "./fetch-params.ts";
import { serializeRequestOrigin } from "./redirect-taint.ts";
import type { Algorithm } from "./trace.ts";

const algorithm: Algorithm = { name: "TAO check", anchor: "concept-tao-check" };

/** Fetch: concept-tao-check. */
export function taoCheck({ request, trace }: FetchParams, headers: HeaderList): boolean {
  if (request.timingAllowFailed) {
    trace.step(algorithm, "2", "an earlier hop failed it", "failed");
    return false;
  }
  const values = headerLines(headers, "timing-allow-origin").flatMap((line) =>
    line.split(",").map((value) => value.replace(/^[\t ]+|[\t ]+$/g, "")),
  );
  const origin = serializeRequestOrigin(request);
  if (values.includes("*") || values.includes(origin)) {
    const number = values.includes("*") ? "4" : "5";
    trace.step(algorithm, number, "Timing-Allow-Origin names the origin", "passed", { values });
    return true;
  }
  if (request.tainting === "basic") {
    trace.step(algorithm, "7", "the tainting is basic", "passed", { tainting: request.tainting });
    return true;
  }
  trace.step(algorithm, "8", "Timing-Allow-Origin names the origin", "failed", { values, origin });
  return false;
}
