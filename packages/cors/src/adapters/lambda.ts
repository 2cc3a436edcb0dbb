// @corsway/cors/lambda: AWS Lambda behind a function URL, an HTTP API, a REST API or an Application Load Balancer.
// Leave the CORS settings of the URL or the API empty, or they will respond in place of the policy.

import { mergeVary, isCorsHeader } from "../policy/decide/apply.ts";
import type { Answer } from "./answer.ts";
import { isV1, lambdaReader, type LambdaEvent, type LambdaEventV1 } from "./lambda-event.ts";
import type { Settings } from "./settings.ts";
import {
  createWalk,
  withControls,
  type CorsControls,
  type OriginList,
  type PolicyChoice,
} from "./walk.ts";

export type { LambdaEvent, LambdaEventV1, LambdaEventV2 } from "./lambda-event.ts";

/** A result with its status. The members are mutable, as `@types/aws-lambda` has them. */
export interface LambdaResult {
  statusCode: number;
  headers?: Record<string, string | number | boolean>;
  /** Payload format 1.0 only. */
  multiValueHeaders?: Record<string, (string | number | boolean)[]>;
  body: string;
  /** Payload format 2.0 only. */
  cookies?: string[];
  isBase64Encoded?: boolean;
}

/** Wraps a handler of events. */
export interface LambdaMiddleware extends CorsControls {
  <Event extends LambdaEvent, Rest extends unknown[]>(
    handler: (event: Event, ...rest: Rest) => unknown,
  ): (event: Event, ...rest: Rest) => Promise<LambdaResult>;
}

/**
 * CORS around a Lambda handler. What the handler throws is passed on for Lambda to report: the service's own
 * 500 has no CORS headers.
 * @throws PolicyError with every fault of the arguments
 * @example
 * const withCors = cors({ allowOrigins: ["https://app.example.com"] });
 * export const handler = withCors(async () => ({ statusCode: 200, body: "hello" }));
 */
export function cors<Origins extends OriginList = never>(
  policy: PolicyChoice<Origins>,
  settings?: Settings,
): LambdaMiddleware {
  const walk = createWalk(policy, settings, lambdaReader);
  const middleware =
    <Event extends LambdaEvent, Rest extends unknown[]>(
      handler: (event: Event, ...rest: Rest) => unknown,
    ) =>
    async (event: Event, ...rest: Rest): Promise<LambdaResult> => {
      const answer = await walk.decide(event);
      const { status } = answer;
      const result = status === undefined ? await handler(event, ...rest) : { statusCode: status };
      return isV1(event) ? putOnV1(result, event, answer) : putOnV2(result, answer);
    };
  return withControls(middleware, walk);
}

type Fields = NonNullable<LambdaResult["headers"]>;

/** Any value without a status is the body of a 200, as JSON: so does the service. */
function putOnV2(value: unknown, answer: Answer): LambdaResult {
  const result = isObject(value) && "statusCode" in value ? value : wholeResult(value);
  const varies: string[] = [];
  const headers = withoutPolicy(result["headers"] as Fields | undefined, varies);
  putPolicy(headers, varies, answer);
  return { body: "", ...result, headers } as unknown as LambdaResult;
}

/** A value that is not a result is passed on: the service reports it as malformed. */
function putOnV1(value: unknown, event: LambdaEventV1, answer: Answer): LambdaResult {
  if (!isObject(value)) return value as LambdaResult;
  const given = value as Partial<LambdaResult>;
  const varies: string[] = [];
  const headers = withoutPolicy(given.headers, varies);
  const multiValueHeaders = withoutPolicy(given.multiValueHeaders, varies);
  const policy: Fields = {};
  putPolicy(policy, varies, answer);
  // A load balancer reads the field that it has filled itself; everything else reads both.
  if (event.headers === undefined || event.headers === null)
    for (const [name, line] of Object.entries(policy)) multiValueHeaders[name] = [line];
  else Object.assign(headers, policy);
  const isUsed = Object.keys(multiValueHeaders).length > 0;
  return {
    body: "",
    ...value,
    headers,
    ...(isUsed && { multiValueHeaders }),
  } as unknown as LambdaResult;
}

/** A copy without CORS headers; what `Vary` held goes into `varies`. */
function withoutPolicy<Value>(
  headers: Readonly<Record<string, Value>> | undefined,
  varies: string[],
): Record<string, Value> {
  const kept: Record<string, Value> = {};
  for (const [name, value] of Object.entries(headers ?? {}))
    if (name.toLowerCase() === "vary") varies.push(...[value].flat().map(String));
    else if (!isCorsHeader(name)) kept[name] = value;
  return kept;
}

function putPolicy(headers: Fields, varies: readonly string[], answer: Answer): void {
  for (const [name, line] of answer.headers) headers[name] = line;
  if (varies.length > 0 || answer.vary.length > 0) headers["Vary"] = mergeVary(varies, answer.vary);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The result that the service makes of a value without a status. */
function wholeResult(value: unknown): Readonly<Record<string, unknown>> {
  const body = typeof value === "string" ? value : JSON.stringify(value);
  return {
    statusCode: 200,
    headers: { "Content-Type": "application/json" },
    ...(body !== undefined && { body }),
  };
}
