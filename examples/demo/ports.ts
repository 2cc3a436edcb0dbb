// The demo's five ports: the wanted one where it is free, else the next free one.

import { createServer } from "node:net";

export const wantedPorts = { gateway: 8080, api: 8081, allowed: 8082, foreign: 8083, admin: 9090 };
export type Ports = Record<keyof typeof wantedPorts, number>;

/** Chooses the ports; `moved` names those that were busy. */
export async function choosePorts(): Promise<{ ports: Ports; moved: (keyof Ports)[] }> {
  const ports = { ...wantedPorts };
  const moved: (keyof Ports)[] = [];
  const names = Object.keys(wantedPorts) as (keyof Ports)[];
  for (const name of names) if (!(await isFree(wantedPorts[name]))) moved.push(name);
  const spoken = new Set<number>(Object.values(wantedPorts));
  for (const name of moved) {
    let port = wantedPorts[name] + 1;
    while (spoken.has(port) || !(await isFree(port))) port += 1;
    if (port > 65_535) throw new Error("no free port is left on 127.0.0.1");
    spoken.add(port);
    ports[name] = port;
  }
  return { ports, moved };
}

function isFree(port: number): Promise<boolean> {
  if (port > 65_535) return Promise.resolve(true); // ends the search
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

/** The configuration with the wanted ports replaced by the chosen ones, all at once. */
export function withPorts(toml: string, ports: Ports): string {
  const chosen = new Map<string, number>();
  for (const [name, port] of Object.entries(wantedPorts)) {
    chosen.set(String(port), ports[name as keyof Ports]);
  }
  return toml.replace(/(127\.0\.0\.1:)(\d+)/g, (whole, host: string, port: string) => {
    const to = chosen.get(port);
    return to === undefined ? whole : `${host}${to}`;
  });
}
