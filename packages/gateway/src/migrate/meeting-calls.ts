// Calls whose middlewares meet on one request. Of other middlewares the last one wrote the headers; of policies the first one
// that sees a request decides it. So a second call that says something else must not be migrated as it stands.

import type { Diagnostic } from "@corsway/cors/diagnostics";
import type { CorsCall } from "./find-calls.ts";
import { noteAt, type CallMigration, type Source } from "./migrate-call.ts";

/** What there is to report about each call because of another one. */
export function meetingFaults(
  calls: readonly CallMigration[],
  { file }: Source,
): ReadonlyMap<CorsCall, Diagnostic> {
  const faults = new Map<CorsCall, Diagnostic>();
  const general = calls.filter(({ call }) => isGeneral(call));
  for (const one of calls) {
    const { call } = one;
    if (call.mount?.method === "options") {
      if (calls.some((other) => other !== one && isGeneral(other.call)))
        faults.set(
          call,
          noteAt("migrate/preflight-route", call.node, file, [
            `\`${call.mount.on}.options(…)\` is not needed for CORS`,
            "the policy of `use` answers every preflight, before any route",
            "remove the line",
          ]),
        );
      continue;
    }
    const first = general.find((other) => other !== one && isBefore(other, one));
    if (first === undefined || call.mount === undefined || saysTheSame(first, one)) continue;
    faults.set(
      call,
      noteAt("migrate/several-policies", call.node, file, [
        `this call meets the one of line ${first.call.node.loc.start.line}, which says something else`,
        "the last one wrote the headers of a response, and the first one answered preflights; of two policies the first one decides both",
        "keep one of them; or put the policy of a path before the general one",
      ]),
    );
  }
  return faults;
}

/** `app.use(cors())`, without a path. */
function isGeneral({ mount }: CorsCall): boolean {
  return mount?.method === "use" && mount.path === undefined;
}

function isBefore({ call }: CallMigration, { call: later }: CallMigration): boolean {
  return (
    call.library === later.library &&
    call.node.start < later.node.start &&
    // Of a router, only what is on the same one; a general one of the application meets every route of it.
    (call.mount!.on === later.mount?.on || later.mount?.method !== "use")
  );
}

function saysTheSame({ policy, call }: CallMigration, other: CallMigration): boolean {
  if (policy !== undefined && other.policy !== undefined) return policy.text === other.policy.text;
  return call.options === undefined && other.call.options === undefined;
}
