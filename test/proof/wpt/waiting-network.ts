// The page's end of the network: it waits, as a synchronous request must.

import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { NetworkAnswer, NetworkRequest } from "./network.ts";

export interface WaitingNetwork {
  send(request: NetworkRequest): NetworkAnswer;
  forgetCookies(): void;
  close(): Promise<void>;
}

export async function startNetwork(): Promise<WaitingNetwork> {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("network.ts", import.meta.url), {
    workerData: { port: port2, signal },
    transferList: [port2],
  });
  await new Promise((done) => worker.once("message", done));
  return {
    send(request) {
      Atomics.store(signal, 0, 0);
      port1.postMessage(request);
      Atomics.wait(signal, 0, 0, 20_000);
      const received = receiveMessageOnPort(port1) as { message: NetworkAnswer } | undefined;
      return received?.message ?? { kind: "network-error", why: "no answer in time" };
    },
    forgetCookies: () => port1.postMessage("forget cookies"),
    async close() {
      port1.close();
      await worker.terminate();
    },
  };
}
