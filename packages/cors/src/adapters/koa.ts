// @corsway/cors/koa: Koa 2 and 3. Koa clears all headers when an error is thrown; the policy is applied when
// the head is written, so it is kept anyway.

import { isPending, type Answer } from "./answer.ts";
import { isDecided, nodeReader, putOnHead } from "./node-head.ts";
import type { NodeRequest, NodeResponse } from "./node-head.ts";
import type { Settings } from "./settings.ts";
import {
  createWalk,
  withControls,
  type CorsControls,
  type OriginList,
  type PolicyChoice,
} from "./walk.ts";

/** The part of a Koa context that is used. */
export interface KoaContext {
  readonly req: NodeRequest;
  readonly res: NodeResponse;
  status: number;
  body: unknown;
}

/** A Koa middleware, with the controls of its policy. */
export interface KoaMiddleware extends CorsControls {
  (context: KoaContext, next: () => Promise<unknown>): Promise<unknown>;
}

/**
 * CORS for a Koa application. Install it before everything that may respond.
 * @throws PolicyError with every fault of the arguments
 * @example app.use(cors({ allowOrigins: ["https://app.example.com"] }));
 */
export function cors<Origins extends OriginList = never>(
  policy: PolicyChoice<Origins>,
  settings?: Settings,
): KoaMiddleware {
  const walk = createWalk(policy, settings, nodeReader);
  return withControls((context: KoaContext, next: () => Promise<unknown>): Promise<unknown> => {
    if (isDecided(context.res)) {
      walk.report({ kind: "decided-already" });
      return next();
    }
    const answer = walk.decide(context.req);
    return isPending(answer)
      ? answer.then((settled) => carryOut(settled, context, next))
      : carryOut(answer, context, next);
  }, walk);
}

const done = Promise.resolve();

function carryOut(
  answer: Answer,
  context: KoaContext,
  next: () => Promise<unknown>,
): Promise<unknown> {
  putOnHead(context.res, answer);
  if (answer.status === undefined) return next();
  context.body = null; // sets the status to 204, so the status must come after it
  context.status = answer.status;
  return done;
}
