// A request to an upstream, as its connections and pools are asked in tests.

import type { Asker, UpstreamRequest } from "../../packages/gateway/src/upstream/connection.ts";

/** A GET without a body. */
export const upstreamGet: UpstreamRequest = {
  head: "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  method: "GET",
  body: undefined,
  length: undefined,
  upgrade: false,
  headTimeout: 5000,
  bodyTimeout: 5000,
};

/** Resolves when the response has ended. `chunk`: what becomes of its body, and whether more may come. */
export function askUpstream(
  ask: (asker: Asker) => void,
  chunk: Asker["chunk"] = () => true,
): Promise<void> {
  return new Promise((resolve, reject) => {
    ask({
      sent: () => undefined,
      answered: () => undefined,
      headAlone: () => undefined,
      chunk,
      ended: resolve,
      switched: () => reject(new Error("switched")),
      failed: ({ cause }) => reject(new Error(cause)),
    });
  });
}
