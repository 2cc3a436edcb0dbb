// @corsway/cors/lambda: AWS Lambda behind a function URL or an HTTP API (payload format 2.0). Leave the CORS
// settings of the URL or the API empty, or they will respond in place of the policy.

import { mergeVary, isCorsHeader } from "../policy/decide/apply.ts";
import type { Answer } from "./answer.ts";
import { isOriginOf } from "./own-origin.ts";
import type { Settings } from "./settings.ts";
import {
  createWalk,
  withControls,
  type CorsControls,
  type PolicyChoice,
  type UpgradeRequest,
  type WalkReader,
} from "./walk.ts";

/** The part of an event (payload format 2.0) that is read; names are in lower case, lines joined. */
export interface LambdaEvent {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly requestContext: {
    readonly domainName?: string | undefined;
    readonly http: { readonly method: string };
  };
}

/** A result with its status; any other value is the body of a 200, as JSON. */
export interface LambdaResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: string;
  readonly cookies?: readonly string[];
  readonly isBase64Encoded?: boolean;
}

/** Wraps a handler of events. */
export interface LambdaMiddleware extends CorsControls {
  <Event extends LambdaEvent, Rest extends unknown[]>(
    handler: (event: Event, ...rest: Rest) => unknown,
  ): (event: Event, ...rest: Rest) => Promise<LambdaResult>;
}

const reader: WalkReader<LambdaEvent> = {
  method: ({ requestContext }) => requestContext.http.method,
  field: ({ headers }, lowerName) => headers[lowerName],
  host,
  isOwnOrigin(event, origin) {
    const authority = host(event);
    return authority !== undefined && isOriginOf(origin, authority, true);
  },
  handshake({ headers }: UpgradeRequest) {
    const fields = headers as Readonly<Record<string, string | undefined>>;
    const get = (name: string): string | undefined =>
      typeof headers.get === "function"
        ? ((headers as { get(name: string): string | null }).get(name) ?? undefined)
        : fields[name];
    return {
      headers: { origin: get("origin"), host: get("host") },
      requestContext: { http: { method: "GET" } },
    };
  },
};

function host({ headers, requestContext }: LambdaEvent): string | undefined {
  return headers["host"] ?? requestContext.domainName;
}

/**
 * CORS around a Lambda handler. What the handler throws is passed on for Lambda to report: the service's own
 * 500 has no CORS headers.
 * @throws PolicyError with every fault of the arguments
 * @example
 * const withCors = cors({ allowOrigins: ["https://app.example.com"] });
 * export const handler = withCors(async () => ({ statusCode: 200, body: "hello" }));
 */
export function cors(policy: PolicyChoice, settings?: Settings): LambdaMiddleware {
  const walk = createWalk(policy, settings, reader);
  const middleware =
    <Event extends LambdaEvent, Rest extends unknown[]>(
      handler: (event: Event, ...rest: Rest) => unknown,
    ) =>
    async (event: Event, ...rest: Rest): Promise<LambdaResult> => {
      const answer = await walk.decide(event);
      if (answer.status !== undefined) return putOnResult({ statusCode: answer.status }, answer);
      return putOnResult(await handler(event, ...rest), answer);
    };
  return withControls(middleware, walk);
}

function putOnResult(value: unknown, answer: Answer): LambdaResult {
  const result = isResult(value) ? value : wholeResult(value);
  const headers: Record<string, string | number | boolean> = {};
  const varies: string[] = [];
  for (const [name, line] of Object.entries(result.headers ?? {}))
    if (name.toLowerCase() === "vary") varies.push(String(line));
    else if (!isCorsHeader(name)) headers[name] = line;
  for (const [name, line] of answer.headers) headers[name] = line;
  if (varies.length > 0 || answer.vary.length > 0) headers["Vary"] = mergeVary(varies, answer.vary);
  return { ...result, headers };
}

function isResult(value: unknown): value is LambdaResult {
  return typeof value === "object" && value !== null && "statusCode" in value;
}

/** The result that the service makes of a value without a status. */
function wholeResult(value: unknown): LambdaResult {
  const body = typeof value === "string" ? value : JSON.stringify(value);
  return {
    statusCode: 200,
    headers: { "Content-Type": "application/json" },
    ...(body !== undefined && { body }),
  };
}
