// @corsway/cors/fetch: handlers from `Request` to `Response`: Deno, Bun, Cloudflare Workers, the route
// handlers of Next.js and SvelteKit.

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

export type { FetchRequest } from "./fetch-head.ts";

/** Wraps a handler; anything else that the runtime passes to it (`env`, `context`) is passed on. */
export interface FetchMiddleware extends CorsControls {
  <R extends FetchRequest, Rest extends unknown[]>(
    handler: (request: R, ...rest: Rest) => Response | Promise<Response>,
  ): (request: R, ...rest: Rest) => Promise<Response>;
}

/**
 * CORS around a fetch handler: answers preflights, and applies the policy to every response of the handler.
 * What the handler throws is passed on, because frameworks throw redirects, and a runtime reports what it
 * catches.
 * @throws PolicyError with every fault of the arguments
 * @example
 * const withCors = cors({ allowOrigins: ["https://app.example.com"] });
 * export default { fetch: withCors((request) => new Response("hello")) };
 */
export function cors<Origins extends OriginList = never>(
  policy: PolicyChoice<Origins>,
  settings?: Settings,
): FetchMiddleware {
  const walk = createWalk(policy, settings, fetchReader);
  const middleware =
    <R extends FetchRequest, Rest extends unknown[]>(
      handler: (request: R, ...rest: Rest) => Response | Promise<Response>,
    ) =>
    async (request: R, ...rest: Rest): Promise<Response> => {
      const decided = walk.decide(request);
      const answer = isPending(decided) ? await decided : decided;
      if (answer.status !== undefined) return responseOf(answer);
      return putOnResponse(await handler(request, ...rest), answer);
    };
  return withControls(middleware, walk);
}
