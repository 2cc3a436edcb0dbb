// `serve --debug`: the CORS decision as a field of the response, for a person who examines one request.

import type { Decision } from "@corsway/cors";
import { escapeNonAscii } from "@corsway/cors/diagnostics";
import { decidedBy, type CorsLayer } from "../route/cors-layer.ts";

/** `["Corsway-Decision", "policy=webapp; kind=actual; refused; reason=origin"]`. */
export function decisionField(decision: Decision | undefined, layer: CorsLayer): [string, string] {
  // The name of a policy may have characters that are not allowed in a field value.
  const policy = escapeNonAscii(decidedBy(layer, decision)?.name ?? layer.name ?? layer.kind);
  return ["Corsway-Decision", `policy=${policy}; ${outcome(decision)}`];
}

function outcome(decision: Decision | undefined): string {
  if (decision === undefined) return "none";
  const reason = decision.refusal === undefined ? "" : `; reason=${decision.refusal}`;
  return `kind=${decision.kind}; ${decision.allowed ? "allowed" : "refused"}${reason}`;
}
