// The doors of a gateway: its listening addresses, each with the site that it currently serves.

import type { Address, ServerConfig } from "../config/config.ts";
import type { Listener, Reception } from "../engine/engine.ts";
import { listen } from "../engine/listener.ts";
import type { Generation } from "./generation.ts";
import type { Site } from "../walk/site.ts";
import { Walk } from "../walk/walk.ts";

/** One address that is listened on, and by whom. */
export interface Listening {
  readonly server: string;
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
}

export interface Door {
  readonly key: string;
  readonly server: string;
  readonly listener: Listener;
  site: Site;
}

/** Lets requests in progress finish, within `grace` ms, then cuts them. */
export async function drainDoor({ listener }: Door, grace: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, grace);
  });
  const drained = listener.drain();
  await Promise.race([drained, late]);
  clearTimeout(timer);
  listener.destroy();
}

/** The doors of a generation; those that are already open are reused. */
export async function openDoors(
  generation: Generation,
  open: readonly Door[],
  refused: Reception["refused"],
): Promise<Door[]> {
  const result: Door[] = [];
  try {
    for (const server of generation.config.servers) {
      for (const [index, address] of server.addresses.entries()) {
        const key = doorKey(server, address, index);
        const known = open.find((door) => door.key === key);
        result.push(known ?? (await openDoor(generation, server, address, key, refused)));
      }
    }
  } catch (error) {
    for (const door of result) if (!open.includes(door)) door.listener.destroy();
    throw error;
  }
  return result;
}

async function openDoor(
  generation: Generation,
  server: ServerConfig,
  address: Address,
  key: string,
  refused: Reception["refused"],
): Promise<Door> {
  const door = { key, server: server.name } as { -readonly [K in keyof Door]: Door[K] };
  const reception: Reception = {
    visit: (arrival, reply) => new Walk(door.site, arrival, reply),
    refused,
  };
  door.listener = await listen({
    address,
    certificate: generation.certificates.get(server.name),
    limits: generation.config.limits,
    reception,
  });
  door.site = generation.site(server, door.listener.address.port);
  return door;
}

/** Makes a door serve another generation. */
export function point(door: Door, generation: Generation): void {
  const server = generation.config.servers.find(({ name }) => name === door.server);
  if (server === undefined) return;
  door.listener.configure(generation.config.limits, generation.certificates.get(server.name));
  door.site = generation.site(server, door.listener.address.port);
}

/** Port 0 is a different port each time, so such an address is identified by its position. */
export function doorKey(server: ServerConfig, { host, port }: Address, index: number): string {
  const scheme = server.tls === undefined ? "http" : "https";
  return `${server.name} ${scheme} ${host} ${port === 0 ? `0#${index}` : port}`;
}

export function listening(door: Door, generation: Generation): Listening {
  const { host, port } = door.listener.address;
  const server = generation.config.servers.find(({ name }) => name === door.server);
  return named(door.server, server?.tls === undefined ? "http" : "https", host, port);
}

export function named(
  server: string,
  scheme: "http" | "https",
  host: string,
  port: number,
): Listening {
  const shown = host === "" ? "0.0.0.0" : host.includes(":") ? `[${host}]` : host;
  return { server, host, port, url: `${scheme}://${shown}:${port}` };
}
