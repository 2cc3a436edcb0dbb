// The two shapes in which AWS hands a request to Lambda, read alike. Payload format 2.0 has names in lower case and
// lines joined; 1.0 keeps names as the client wrote them, and each line only in `multiValueHeaders`.

import { isOriginOf } from "./own-origin.ts";
import type { UpgradeRequest, WalkReader } from "./walk.ts";

/** The part that is read of an event of a function URL or an HTTP API (payload format 2.0). */
export interface LambdaEventV2 {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly requestContext: {
    readonly domainName?: string | undefined;
    readonly http: { readonly method: string };
  };
}

/**
 * The part that is read of an event of a REST API, of an HTTP API with payload format 1.0, or of an Application Load
 * Balancer, which fills only one of the two header fields.
 */
export interface LambdaEventV1 {
  readonly httpMethod: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly multiValueHeaders?:
    | Readonly<Record<string, readonly string[] | undefined>>
    | null
    | undefined;
  readonly requestContext?: object;
}

/** An event of either format. */
export type LambdaEvent = LambdaEventV1 | LambdaEventV2;

/** Whether the event, and so its result, is of payload format 1.0. */
export function isV1(event: LambdaEvent): event is LambdaEventV1 {
  return "httpMethod" in event;
}

/** Reads an event of either format. */
export const lambdaReader: WalkReader<LambdaEvent> = {
  method: (event) => (isV1(event) ? event.httpMethod : event.requestContext.http.method),
  field: (event, lowerName) =>
    isV1(event) ? fieldOfV1(event, lowerName) : event.headers[lowerName],
  host,
  isOwnOrigin(event, origin) {
    const authority = host(event);
    // Only a load balancer may listen without TLS; it sets this field itself.
    const encrypted = !isV1(event) || fieldOfV1(event, "x-forwarded-proto") !== "http";
    return authority !== undefined && isOriginOf(origin, authority, encrypted);
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

/** Several lines are joined: two of `Origin` must not be read as the last one. */
function fieldOfV1(
  { headers, multiValueHeaders }: LambdaEventV1,
  lowerName: string,
): string | undefined {
  for (const name in multiValueHeaders)
    if (isNamed(name, lowerName)) return multiValueHeaders[name]?.join(", ");
  for (const name in headers) if (isNamed(name, lowerName)) return headers[name];
  return undefined;
}

function isNamed(name: string, lowerName: string): boolean {
  return name.length === lowerName.length && name.toLowerCase() === lowerName;
}

function host(event: LambdaEvent): string | undefined {
  const { domainName } = (event.requestContext ?? {}) as { readonly domainName?: string };
  return lambdaReader.field(event, "host") ?? domainName;
}
