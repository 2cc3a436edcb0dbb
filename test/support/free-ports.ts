// Ports that can be written into a file before anybody listens on them. A port that the system gave
// and took back is anybody's: of two test processes one then talks to the other's gateway. So each
// process claims a block by listening on its first port for as long as it lives; the blocks lie
// below the ports that systems give out by themselves, and hold none that browsers refuse.

import { createServer, type Server } from "node:net";

const first = 12_000;
const last = 32_000;
const blockSize = 100;

let next = 0;
let end = 0;

/** Ports of 127.0.0.1 that are this process's alone, each given once. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    if (next === end) await claimBlock();
    const port = next++;
    const server = await listening(port);
    if (server === undefined) continue;
    await new Promise((resolve) => server.close(resolve));
    ports.push(port);
  }
  return ports;
}

async function claimBlock(): Promise<void> {
  for (let start = Math.max(first, end); start < last; start += blockSize) {
    const claim = await listening(start);
    if (claim === undefined) continue;
    claim.unref();
    next = start + 1;
    end = start + blockSize;
    return;
  }
  throw new Error(`no block of ports is free between ${first} and ${last}`);
}

function listening(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(undefined) : reject(error),
    );
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
