// What is printed when the gateway starts and when it applies a changed configuration: on stderr, because
// stdout carries only the access log.

import type { Shortage } from "../engine/engine.ts";
import { renderText } from "@corsway/cors/diagnostics";
import type { ReloadOutcome } from "./gateway.ts";
import type { RunningGateway } from "./running-gateway.ts";

/** Listening addresses, what each serves, and every warning once. */
export function renderBanner(
  gateway: RunningGateway,
  path: string,
  processes: readonly number[],
  color: boolean,
): string {
  const lines: string[] = [];
  const { config, addresses, admin, generation, diagnostics, sources } = gateway;
  const warnings = diagnostics.filter(({ severity }) => severity !== "info");
  if (warnings.length > 0) lines.push(renderText(warnings, { sources, color }));
  lines.push(`corsway serves ${path}  (generation ${generation.number}, ${generation.hash})`);
  for (const { server, url } of addresses) {
    const routes = config.servers.find(({ name }) => name === server)?.routes ?? [];
    const policies = new Set(
      routes.flatMap(({ cors }) =>
        cors.kind === "policy"
          ? [cors.name]
          : cors.kind === "rules"
            ? cors.rules.map(({ name }) => name)
            : [],
      ),
    );
    lines.push(
      `  ${url}  ${server}: ${count(routes.length, "location")}, ${count(policies.size, "policy", "policies")}`,
    );
  }
  if (processes.length > 1)
    lines.push(`  by ${processes.length} processes: ${processes.join(", ")}`);
  if (admin !== undefined) lines.push(`  ${admin.url}  admin: status, /healthz, /metrics`);
  return `${lines.join("\n")}\n`;
}

/** Faults printed in full: ten thousand locations may have one each, and requests must be served. */
const mostShown = 20;

/** The result of a reload: one line if it succeeded, the faults if it did not. */
export function renderReload(outcome: ReloadOutcome, color: boolean): string {
  const { ok, generation, diagnostics, sources, problem } = outcome;
  const wanted = ok ? "warning" : "error";
  const all = diagnostics.filter(({ severity }) => severity === wanted);
  const shown = renderText(all.slice(0, mostShown), { sources, color });
  const rest = all.length - mostShown;
  const text = rest > 0 ? `${shown}\nand ${rest} more, which \`corsway check\` lists\n` : shown;
  if (ok)
    return `${text}corsway: applied the changed configuration (generation ${generation.number}, ${generation.hash})\n`;
  const why = problem === undefined ? "" : `: ${problem}`;
  return `${text}corsway: the changed configuration is not applied${why}; generation ${generation.number} stays in use\n`;
}

/** Printed once: further lines are only counted. */
export function renderLogLoss(error?: NodeJS.ErrnoException): string {
  const why =
    error === undefined
      ? "its reader has stopped reading"
      : error.code === "EPIPE"
        ? "its reader is gone"
        : error.message;
  return `corsway: the access log cannot be written (${why}): lines are dropped until it can, and counted in /metrics and on the status page\n`;
}

/** Printed once: further connections are only counted. */
export function renderShortage({ most, by }: Shortage): string {
  const what =
    by === "max_connections"
      ? "`max_connections` in [limits] allows"
      : "the system's limit of open files (`ulimit -n`) allows";
  return `corsway: new connections are closed at once: ${most} are open on one address, and ${what} no more; they are counted in /metrics\n`;
}

/** Printed once for each server: what follows is only counted. The name was read as a host: it has no control characters. */
export function renderMisdirected(server: string, name: string): string {
  return `corsway: a request to server \`${server}\` named \`${name}\`, which it does not answer to: 421. If the name is yours, add it to \`hosts\` of [servers.${server}]. Later ones are only counted and logged.\n`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
