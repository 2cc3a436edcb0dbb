// The start of a gateway: load, refuse what has faults, serve, watch.

import { hasErrors } from "@corsway/cors";
import type { Config } from "../config/config.ts";
import { crewOfOne } from "../crew/crew-of-one.ts";
import type { Crew } from "../crew/crew.ts";
import { loadAside, type LoadedAside } from "../load/load-aside.ts";
import { UnusableConfig, type Gateway, type GatewayOptions } from "./gateway.ts";
import { asLoaded, RunningGateway } from "./running-gateway.ts";

/**
 * Starts a gateway from a file or directory (absolute path) or from a configuration made already.
 * Rejects with UnusableConfig, or with the system's error where an address cannot be had.
 */
export function startGateway(
  from: string | Config,
  options: GatewayOptions = {},
): Promise<Gateway> {
  const { debug = false, log = "off", color = false, out = process.stdout } = options;
  return startGatewayOf(crewOfOne({ ...options, debug, log, color, out }), from, options);
}

/** As startGateway, with a crew that was made already, which has its own options for the log. */
export async function startGatewayOf(
  crew: Crew,
  from: string | Config,
  options: GatewayOptions,
): Promise<Gateway> {
  const ending = new AbortController();
  const loadOptions = {
    ...(options.env !== undefined && { env: options.env }),
    ...(options.base !== undefined && { base: options.base }),
  };
  const load = async (): Promise<LoadedAside> =>
    typeof from === "string" ? loadAside(from, loadOptions, ending.signal) : asLoaded(from);
  const { loaded, hash } = await load();
  const { config } = loaded;
  if (config === undefined || hasErrors(loaded.diagnostics)) throw new UnusableConfig(loaded);
  const first = { ...loaded, config };
  const gateway = new RunningGateway(crew, { ...options, load, ending }, first, hash);
  await gateway.start();
  if (typeof from === "string" && (options.watch ?? true)) gateway.watch(from);
  return gateway;
}
