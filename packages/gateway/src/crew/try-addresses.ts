// Are the new addresses free? The process that leads tries before the others are told to listen there,
// because node:cluster cannot deal with an address in use: it keeps the socket that it could not bind,
// and fails on it when the address is asked for again.

import { createServer } from "node:net";
import type { Address, Config } from "../config/config.ts";
import { doorKey } from "./door.ts";

/** The keys of the doors; those in `held` are not tried. Rejects with the system's error. */
export async function tryAddresses(
  { servers }: Pick<Config, "servers">,
  held: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (const server of servers)
    for (const [index, address] of server.addresses.entries()) {
      const key = doorKey(server, address, index);
      keys.add(key);
      if (!held.has(key) && address.port !== 0) await tryAddress(address);
    }
  return keys;
}

function tryAddress({ host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    server.listen({ ...(host !== "" && { host }), port }, () => server.close(() => resolve()));
  });
}
