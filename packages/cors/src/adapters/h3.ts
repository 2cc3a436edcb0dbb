// @corsway/cors/h3: h3 2, and Nitro on it. h3 keeps the headers of an event, of its errors and of a returned
// response separately and merges them; the policy is applied to each.

import { isPending, type Answer } from "./answer.ts";
import { fetchReader, putOnHeaders, putOnResponse, responseOf } from "./fetch-head.ts";
import type { FetchRequest } from "./fetch-head.ts";
import type { Settings } from "./settings.ts";
import {
  createWalk,
  withControls,
  type CorsControls,
  type OriginList,
  type PolicyChoice,
} from "./walk.ts";

/** As much of an h3 event as is used. */
export interface H3Event {
  readonly req: FetchRequest;
  readonly res: { readonly headers: Headers; readonly errHeaders: Headers };
}

/** An h3 middleware, with the controls of its policy. */
export interface H3Middleware extends CorsControls {
  (event: H3Event, next: () => unknown): Promise<unknown>;
}

/**
 * CORS for an h3 application. Install it before everything that may respond; 404s and errors keep the
 * policy.
 * @throws PolicyError with every fault of the arguments
 * @example app.use(cors({ allowOrigins: ["https://app.example.com"] }));
 */
export function cors<Origins extends OriginList = never>(
  policy: PolicyChoice<Origins>,
  settings?: Settings,
): H3Middleware {
  const walk = createWalk(policy, settings, fetchReader);
  return withControls(async (event: H3Event, next: () => unknown): Promise<unknown> => {
    const decided = walk.decide(event.req);
    const answer = isPending(decided) ? await decided : decided;
    if (answer.status !== undefined) return responseOf(answer);
    try {
      return putOnValue(await next(), event, answer);
    } catch (error) {
      putOnError(error, event, answer);
      throw error;
    }
  }, walk);
}

function putOnValue(value: unknown, event: H3Event, answer: Answer): unknown {
  if (!(value instanceof Response)) {
    putOnError(value, event, answer);
    putOnHeaders(event.res.headers, answer);
    return value;
  }
  // The headers staged on the event are merged over the response, `Vary` included.
  for (const staged of [event.res.headers, event.res.errHeaders]) {
    const vary = staged.get("vary");
    if (vary !== null) value.headers.append("vary", vary);
    putOnHeaders(staged, nothing);
    staged.delete("vary");
  }
  return putOnResponse(value, answer);
}

/** Removes CORS headers, and sets none. */
const nothing = { headers: [], vary: [] } as const;

/** h3 merges `errHeaders` over an error's own headers. */
function putOnError(error: unknown, event: H3Event, answer: Answer): void {
  const own = (error as { headers?: unknown } | null | undefined)?.headers;
  const vary = own instanceof Headers ? own.get("vary") : null;
  if (own instanceof Headers) putOnHeaders(own, nothing);
  if (vary !== null) event.res.errHeaders.append("vary", vary);
  putOnHeaders(event.res.errHeaders, answer);
}
