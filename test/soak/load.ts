// Clients that ask without a pause, each request from an origin that no request had before, and look
// at every answer: its status, its policy, its body.

import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { faultCount, goodBody } from "./faulty-upstream.ts";

/** Of so many requests one goes where the upstream is at fault: five in a hundred. */
const faultEvery = 20;

export interface Answer {
  /** 0: the connection ended first. */
  readonly status: number;
  readonly whole: boolean;
  readonly body: string;
  readonly allowed: string | undefined;
}

export interface Load {
  readonly requests: number;
  readonly faults: number;
  /** Requests that got no whole answer though nothing was wrong with them: when, and what was seen. */
  readonly lost: readonly { readonly at: number; readonly what: string }[];
  /** Answers that are not what they must be. */
  readonly wrong: readonly string[];
  /** Ends all clients, and waits for what is under way. */
  stop(): Promise<void>;
}

export function startLoad(port: number, clients: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const lost: { at: number; what: string }[] = [];
  const wrong: string[] = [];
  const load = { requests: 0, faults: 0, lost, wrong, stop };
  const state = { stopped: false };
  let next = 0;

  async function client(): Promise<void> {
    while (!state.stopped) {
      const number = next++;
      const fault = number % faultEvery === faultEvery - 1;
      const kind = fault
        ? `/fault/${Math.floor(number / faultEvery) % faultCount}`
        : `/ok/${number}`;
      const method = number % 7 === 3 && !fault ? "POST" : number % 5 === 1 ? "OPTIONS" : "GET";
      const origin = `https://u${number}.example.com`;
      const answer = await ask(agent, port, method, kind, origin);
      load.requests++;
      if (fault) load.faults++;
      const told = `${method} ${kind}: ${answer.status} ${answer.allowed} ${answer.body.length}`;
      if (fault && method !== "OPTIONS") {
        // A clean failure, or a visible cut; never an answer that looks good.
        if (answer.whole && answer.status !== 502) wrong.push(told);
      } else if (!answer.whole) lost.push({ at: performance.now(), what: told });
      else if (answer.allowed !== origin) wrong.push(told);
      else if (method === "OPTIONS" ? answer.status !== 204 : answer.body !== goodBody)
        wrong.push(told);
    }
  }
  const running = Array.from({ length: clients }, client);

  async function stop(): Promise<void> {
    state.stopped = true;
    await Promise.all(running);
    agent.destroy();
  }
  return load;
}

function ask(
  agent: Agent,
  port: number,
  method: string,
  path: string,
  origin: string,
): Promise<Answer> {
  return new Promise((resolve) => {
    let seen: IncomingMessage | undefined;
    let body = "";
    const settle = (whole: boolean): void =>
      resolve({
        status: seen?.statusCode ?? 0,
        whole,
        body,
        allowed: seen?.headers["access-control-allow-origin"],
      });
    const headers = {
      Origin: origin,
      ...(method === "OPTIONS" && { "Access-Control-Request-Method": "PUT" }),
      ...(method === "POST" && { "Content-Length": "5" }),
    };
    const asked = httpRequest(
      { host: "127.0.0.1", port, agent, method, path, headers },
      (answer) => {
        seen = answer;
        answer.setEncoding("latin1");
        answer.on("data", (chunk: string) => (body += chunk));
        answer.on("error", () => settle(false));
        answer.on("end", () => settle(answer.complete));
      },
    );
    asked.on("error", () => settle(false));
    asked.end(method === "POST" ? "hello" : undefined);
  });
}
