// @corsway/cors/koa: Koa 2 and 3. Koa clears all headers for an error that was thrown; the policy goes
// on when the head is written, so it is there all the same.

import type { Answer } from "./answer.ts";
import { isDecided, nodeReader, putOnHead } from "./node-head.ts";
import type { NodeRequest, NodeResponse } from "./node-head.ts";
import type { Settings } from "./settings.ts";
import { createWalk, withControls, type CorsControls, type PolicyChoice } from "./walk.ts";

/** As much of a Koa context as is used. */
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
 * CORS for a Koa application. Use it before everything that may answer.
 * @throws PolicyError with everything that is wrong with the arguments
 * @example app.use(cors({ allowOrigins: ["https://app.example.com"] }));
 */
export function cors(policy: PolicyChoice, settings?: Settings): KoaMiddleware {
  const walk = createWalk(policy, settings, nodeReader);
  return withControls((context: KoaContext, next: () => Promise<unknown>): Promise<unknown> => {
    if (isDecided(context.res)) {
      walk.report({ kind: "decided-already" });
      return next();
    }
    const answer = walk.decide(context.req);
    return answer instanceof Promise
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
  context.body = null; // sets the status 204, so the status comes after it
  context.status = answer.status;
  return done;
}
