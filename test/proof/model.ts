// The model's side of a case: the same steps against the same servers, with the same time passed
// between them, and one preflight cache for the case as its URLs are its own.

import {
  CorsPreflightCache,
  engines,
  runSync,
  type EngineName,
  type PageRequest,
  type Verdict,
} from "@corsway/cors/browser";
import { normalizeHeaderValue, type ResponseHead } from "@corsway/cors/standard";
import { caseServers } from "./answer.ts";
import type { NumberedCase } from "./browser.ts";
import type { Case, Step } from "./case.ts";
import { iteratedHeaders, wireLine, type Outcome, type StepOutcome } from "./outcome.ts";
import { nodeUrl, pageOrigin, type Stage } from "./stage.ts";

/** What this engine would make of the case, by the model. */
export function modelOutcome(stage: Stage, [number, one]: NumberedCase, name: EngineName): Outcome {
  const servers = caseServers(stage, number, one);
  const cache = new CorsPreflightCache();
  const engine = engines[name];
  let now = 0;
  const verdicts = one.steps.map((step) => {
    now += step.wait ?? 0;
    const request = pageRequest(stage, number, one, step);
    return runSync(request, (head) => received(servers(head)), { engine, cache, now: () => now });
  });
  return {
    steps: verdicts.map(stepOutcome),
    wire: verdicts.flatMap(({ wire }) =>
      wire.map(({ request, credentials }) => wireLine(request, credentials)),
    ),
  };
}

function pageRequest(stage: Stage, number: number, one: Case, step: Step): PageRequest {
  const { method, headers, mode, credentials, redirect, body, fragment } = step;
  const url = nodeUrl(stage, number, one, step.node);
  return {
    origin: one.sandboxed ? "null" : pageOrigin(stage, one.page),
    url: fragment === undefined ? url : `${url}#${fragment}`,
    method,
    headers,
    mode,
    credentials,
    redirect,
    ...(body === undefined
      ? {}
      : { body: { kind: "bytes", length: body.length, contentType: "text/plain;charset=UTF-8" } }),
    ...(step.referrerPolicy === undefined
      ? {}
      : { referrerPolicy: step.referrerPolicy as NonNullable<PageRequest["referrerPolicy"]> }),
  };
}

/** HTTP strips white space around a value before anybody sees it (RFC 9112 §5.1). */
function received(response: ResponseHead): ResponseHead {
  return {
    status: response.status,
    headers: response.headers.map(([name, value]) => [name, normalizeHeaderValue(value)]),
  };
}

function stepOutcome({ outcome, reason, detail, response }: Verdict): StepOutcome {
  if (response === undefined)
    return { verdict: outcome, response: "", headers: [], reason: `${detail?.at} ${reason}` };
  const { type, status, headers } = response;
  return { verdict: outcome, response: `${type} ${status}`, headers: iteratedHeaders(headers) };
}
