// @corsway/cors/hono: Hono on every runtime.

import { isPending } from "./answer.ts";
import { fetchReader, putOnResponse, responseOf } from "./fetch-head.ts";
import type { FetchRequest } from "./fetch-head.ts";
import type { Settings } from "./settings.ts";
import {
  createWalk,
  withControls,
  type CorsControls,
  type OriginList,
  type PolicyChoice,
} from "./walk.ts";

/** As much of a Hono context as is used. */
export interface HonoContext {
  readonly req: { readonly raw: FetchRequest };
  res: Response;
}

/** A Hono middleware, with the controls of its policy. */
export interface HonoMiddleware extends CorsControls {
  (context: HonoContext, next: () => Promise<void>): Promise<Response | undefined>;
}

/**
 * CORS for a Hono application. Install it before everything that may respond; 404s and errors keep the
 * policy.
 * @throws PolicyError with every fault of the arguments
 * @example app.use(cors({ allowOrigins: ["https://app.example.com"] }));
 */
export function cors<Origins extends OriginList = never>(
  policy: PolicyChoice<Origins>,
  settings?: Settings,
): HonoMiddleware {
  const walk = createWalk(policy, settings, fetchReader);
  return withControls(async (context: HonoContext, next: () => Promise<void>) => {
    const decided = walk.decide(context.req.raw);
    const answer = isPending(decided) ? await decided : decided;
    if (answer.status !== undefined) return responseOf(answer);
    await next();
    const response = context.res;
    const sent = putOnResponse(response, answer);
    if (sent !== response) {
      // Hono merges the old response's headers over a new one, which would restore what was removed.
      (context as { res: Response | undefined }).res = undefined;
      context.res = sent;
    }
    return undefined;
  }, walk);
}
