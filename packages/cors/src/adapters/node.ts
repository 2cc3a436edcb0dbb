// @corsway/cors/node: plain `node:http`, `node:http2` and connect.

import { isDecided, nodeReader, putOnHead, sendAnswer } from "./node-head.ts";
import type { NodeRequest, NodeResponse } from "./node-head.ts";
import { isPending, type Answer } from "./answer.ts";
import type { Settings } from "./settings.ts";
import {
  createWalk,
  withControls,
  type CorsControls,
  type OriginList,
  type PolicyChoice,
} from "./walk.ts";

export type { NodeRequest, NodeResponse } from "./node-head.ts";

/** A connect-style middleware, with the controls of its policy. */
export interface NodeMiddleware extends CorsControls {
  (request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void): void;
}

/**
 * CORS for a Node server: answers preflights, and applies the policy to every other response when its head is
 * written. Requests answered here do not reach `next`.
 * @throws PolicyError with every fault of the arguments
 * @example
 * const withCors = cors({ allowOrigins: ["https://app.example.com"] });
 * createServer((request, response) => withCors(request, response, () => app(request, response)));
 */
export function cors<Origins extends OriginList = never>(
  policy: PolicyChoice<Origins>,
  settings?: Settings,
): NodeMiddleware {
  const walk = createWalk(policy, settings, nodeReader);
  const middleware: Parameters<typeof withControls>[0] & NodeCall = (request, response, next) => {
    if (isDecided(response)) {
      walk.report({ kind: "decided-already" });
      return next();
    }
    const answer = walk.decide(request);
    if (isPending(answer)) void answer.then((settled) => carryOut(settled, response, next));
    else carryOut(answer, response, next);
  };
  return withControls(middleware, walk);
}

type NodeCall = (
  request: NodeRequest,
  response: NodeResponse,
  next: (error?: unknown) => void,
) => void;

function carryOut(answer: Answer, response: NodeResponse, next: () => void): void {
  if (answer.status !== undefined) return sendAnswer(response, answer);
  putOnHead(response, answer);
  next();
}
