// Starts a gateway: loads the configuration, rejects faults, serves, watches.

import { resolve } from "node:path";
import { hasErrors } from "@corsway/cors";
import type { Config } from "../config/config.ts";
import { crewOfOne } from "../crew/crew-of-one.ts";
import type { Crew } from "../crew/crew.ts";
import { loadAside, type LoadedAside } from "../load/load-aside.ts";
import { UnusableConfig, type Gateway, type GatewayOptions } from "./gateway.ts";
import { FileControl } from "./file-control.ts";
import { RunningGateway, type RunningOptions } from "./running-gateway.ts";

/**
 * Starts a gateway from a file or a directory of `*.toml` files; a relative path is relative to the
 * process's directory. Rejects with UnusableConfig if the configuration has errors or cannot be read, and
 * with the system's error if an address is not available.
 */
export function startGateway(path: string, options: GatewayOptions = {}): Promise<Gateway> {
  return startGatewayOf(inProcess(options), resolve(path), options);
}

/** Like startGateway, with an existing crew, which has its own options for the log. */
export async function startGatewayOf(
  crew: Crew,
  path: string,
  options: GatewayOptions,
): Promise<RunningGateway> {
  const ending = new AbortController();
  const loadOptions = {
    ...(options.env !== undefined && { env: options.env }),
    ...(options.base !== undefined && { base: options.base }),
  };
  const load = (serving: boolean): Promise<LoadedAside> =>
    loadAside(path, loadOptions, ending.signal, serving);
  const control = (running: RunningGateway, of: Crew): FileControl =>
    new FileControl(running, of, path, loadOptions, options.history);
  const gateway = await start(crew, options, load, ending, control);
  if (options.watch ?? true) await gateway.watch(path);
  return gateway;
}

/**
 * Starts from a configuration made in the program: for tests of what serves it, without TOML. A reload
 * applies the same configuration again and rereads its certificates.
 */
export function startGatewayWith(
  config: Config,
  options: GatewayOptions = {},
): Promise<RunningGateway> {
  const loaded = { config, diagnostics: [], sources: new Map<string, string>() };
  return start(inProcess(options), options, async () => ({ loaded }), new AbortController());
}

async function start(
  crew: Crew,
  options: GatewayOptions,
  load: (serving: boolean) => Promise<LoadedAside>,
  ending: AbortController,
  control?: RunningOptions["control"],
): Promise<RunningGateway> {
  const { loaded, hash } = await load(false);
  const { config } = loaded;
  if (config === undefined || hasErrors(loaded.diagnostics)) throw new UnusableConfig(loaded);
  const gateway = new RunningGateway(
    crew,
    { ...options, load: () => load(true), ending, ...(control && { control }) },
    { ...loaded, config },
    hash,
  );
  await gateway.start();
  return gateway;
}

function inProcess(options: GatewayOptions): Crew {
  const { debug = false, log = "off", color = false, out = process.stdout } = options;
  return crewOfOne({ ...options, debug, log, color, out });
}
