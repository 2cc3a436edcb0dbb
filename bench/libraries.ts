// A decision put on a response, beside the field's most used middleware (`cors`), in one run: the
// same origins, the same request, a stub response that only keeps its headers. What the peer does not do
// (check method and headers, refuse a preflight, vary on refusals) is in our time and not in its.
// Run: npm run bench:libraries

import { applyDecision, compilePolicy, definePolicy } from "@corsway/cors";
import type { RequestHead } from "@corsway/cors";
import cors from "cors";

interface StubRequest {
  method: string;
  headers: Record<string, string>;
}

class StubResponse {
  statusCode = 200;
  readonly headers: Record<string, unknown> = {};
  setHeader(name: string, value: unknown): void {
    this.headers[name] = value;
  }
  getHeader(name: string): unknown {
    return this.headers[name];
  }
  end(): void {}
}

type Middleware = (request: StubRequest, response: StubResponse, next: () => void) => void;

function corsway(origins: readonly string[]): Middleware {
  const decide = compilePolicy(
    definePolicy({
      allowOrigins: origins,
      allowMethods: ["GET", "PUT", "DELETE"],
      allowHeaders: ["Content-Type", "X-Auth-Token"],
      exposeHeaders: ["X-Request-ID"],
      allowCredentials: true,
      maxAge: 600,
    }),
  );
  return (request, response, next) => {
    const head: RequestHead = {
      method: request.method,
      url: "https://api.example.com/users",
      headers: Object.entries(request.headers),
    };
    const decision = decide(head);
    for (const [name, value] of applyDecision(decision, []).headers)
      response.setHeader(name, value);
    if (decision.status === undefined) return next();
    response.statusCode = decision.status;
    response.end();
  };
}

function peer(origins: string[]): Middleware {
  return cors({
    origin: origins,
    methods: ["GET", "PUT", "DELETE"],
    allowedHeaders: ["Content-Type", "X-Auth-Token"],
    exposedHeaders: ["X-Request-ID"],
    credentials: true,
    maxAge: 600,
  }) as unknown as Middleware;
}

function requests(origin: string): Record<string, StubRequest> {
  const common = { host: "api.example.com", "user-agent": "bench", accept: "*/*", origin };
  return {
    preflight: {
      method: "OPTIONS",
      headers: {
        ...common,
        "access-control-request-method": "PUT",
        "access-control-request-headers": "content-type,x-auth-token",
      },
    },
    actual: { method: "GET", headers: common },
    refused: { method: "GET", headers: { ...common, origin: "https://evil.example" } },
  };
}

const rounds = 9;
const perRound = 50_000;

function time(middleware: Middleware, request: StubRequest): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < perRound; i++) middleware(request, new StubResponse(), nothing);
  return Number(process.hrtime.bigint() - start) / perRound;
}

function nothing(): void {}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

console.log(`ns a request, median of ${rounds} interleaved rounds; ${process.version}`);
console.log(`${"".padEnd(30)}${"cors".padStart(10)}${"corsway".padStart(10)}   cors ÷ corsway`);
for (const count of [1, 10, 1000]) {
  const origins = Array.from({ length: count }, (_, i) => `https://app${i}.example.com`);
  const candidates = [peer(origins), corsway(origins)];
  // The last of the list: the worst case of a linear scan, and the same as any for a map.
  for (const [name, request] of Object.entries(requests(origins.at(-1)!))) {
    const times: number[][] = [[], []];
    for (let round = 0; round <= rounds; round++)
      for (const [i, middleware] of candidates.entries()) {
        const taken = time(middleware, request);
        if (round > 0) times[i]!.push(taken);
      }
    const [theirs, ours] = times.map(median) as [number, number];
    console.log(
      `${`${name}, ${count} origins`.padEnd(30)}${theirs.toFixed(0).padStart(10)}${ours.toFixed(0).padStart(10)}   ×${(theirs / ours).toFixed(1)}`,
    );
  }
}
