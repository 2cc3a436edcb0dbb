// Calls whose middlewares meet on one request. Of other middlewares the last one wrote the headers; of policies the first one
// that sees a request decides it. So a second call that says something else must not be migrated as it stands.

import type { Diagnostic } from "@corsway/cors/diagnostics";
import type { CorsCall, Mount } from "./find-calls.ts";
import { noteAt, type CallMigration, type Source } from "./migrate-call.ts";

/** What there is to report about each call because of another one. */
export function meetingFaults(
  calls: readonly CallMigration[],
  { file }: Source,
): ReadonlyMap<CorsCall, Diagnostic> {
  const faults = new Map<CorsCall, Diagnostic>();
  for (const one of calls) {
    const { call } = one;
    if (call.mount === undefined) continue;
    if (call.mount.method === "options") {
      if (calls.some(({ call: { mount } }) => mount?.method === "use" && mount.path === undefined))
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
    const first = calls.find(
      (other) =>
        other.call.library === call.library &&
        other.call.node.start < call.node.start &&
        other.call.mount !== undefined &&
        covers(other.call.mount, call.mount!),
    );
    if (first === undefined || saysTheSame(first, one)) continue;
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

/** Whether each request of the second mount passes the first one: `use`, on its path or above. */
function covers(first: Mount, second: Mount): boolean {
  if (first.method !== "use") return false;
  // A router is mounted elsewhere; but what is on no router of the file is reached through the application.
  if (first.on !== second.on && second.method === "use") return false;
  if (first.path === undefined) return true;
  if (second.path === undefined) return false;
  const [above, below] = [first.path, second.path].map(bareLiteral);
  return below === above || below!.startsWith(`${above}/`);
}

/** `"/api/*"` → `/api`; an expression stays as it is written. */
function bareLiteral(path: string): string {
  return path.replace(/^(["'`])(.*)\1$/s, "$2").replace(/\/?\*?$/, "");
}

function saysTheSame({ policy, call }: CallMigration, other: CallMigration): boolean {
  if (policy !== undefined && other.policy !== undefined)
    return policy.value === other.policy.value;
  return call.options === undefined && other.call.options === undefined;
}
