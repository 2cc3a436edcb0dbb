// The middleware against the four that most people use, on the same work in one interleaved run: a stub
// response that only keeps its headers shows the library alone; a real ServerResponse (without a
// socket) shows what a server sees of it. `ideal` is written by hand for this one policy: a Map from
// origin to a flat list, no check of anything. Each peer runs in its own framework's way, and so do we.
// Run: npm run bench:library [-- --quick] [--only=TEXT] [--write: the table of bench/README.md]

import { readFileSync, writeFileSync } from "node:fs";
import { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import fastifyPeer from "@fastify/cors";
import { cors as fastifyOurs } from "@corsway/cors/fastify";
import { cors as honoOurs } from "@corsway/cors/hono";
import { cors as koaOurs } from "@corsway/cors/koa";
import { cors as nodeOurs } from "@corsway/cors/node";
import { Hono } from "hono";
import { cors as honoPeer } from "hono/cors";

// Packages without types of their own.
const require = createRequire(import.meta.url);
type Options = Record<string, unknown>;
const corsPeer = require("cors") as (options: Options) => NodeMiddleware;
const koaPeer = require("@koa/cors") as (options: Options) => KoaMiddleware;

type Response = StubResponse | ServerResponse;
type NodeMiddleware = (request: IncomingMessage, response: Response, next: () => void) => void;
type KoaMiddleware = (context: KoaContext, next: () => Promise<void>) => Promise<void>;

/** As much of a ServerResponse as a middleware may ask of it, and nothing of its cost. */
class StubResponse {
  statusCode = 200;
  readonly headersSent = false;
  headers: Record<string, unknown> = {};
  setHeader(name: string, value: unknown): void {
    this.headers[name] = value;
  }
  getHeader(name: string): unknown {
    return this.headers[name];
  }
  removeHeader(name: string): void {
    delete this.headers[name];
  }
  getHeaderNames(): string[] {
    return Object.keys(this.headers);
  }
  writeHead(status: number, headers?: unknown): void {
    this.statusCode = status;
    if (headers !== undefined) this.headers = headers as Record<string, unknown>;
  }
  end(): void {
    this.writeHead(this.statusCode);
  }
}

/** What Koa's context is to a CORS middleware. */
class KoaContext {
  readonly req: IncomingMessage;
  readonly res: Response;
  readonly method: string;
  body: unknown;
  constructor(request: IncomingMessage, response: Response) {
    this.req = request;
    this.res = response;
    this.method = request.method!;
  }
  get status(): number {
    return this.res.statusCode;
  }
  set status(code: number) {
    this.res.statusCode = code;
  }
  get(name: string): unknown {
    return this.req.headers[name.toLowerCase()] ?? "";
  }
  set(name: string, value: string): void {
    this.res.setHeader(name, value);
  }
  vary(name: string): void {
    const had = this.res.getHeader("Vary");
    this.res.setHeader("Vary", typeof had === "string" ? `${had}, ${name}` : name);
  }
}

interface Shape {
  readonly count: number;
  readonly wildcards: boolean;
}
interface Exchange {
  readonly method: string;
  readonly headers: Record<string, string>;
}
/** One request through one middleware, to the end of its response. */
type Candidate = (exchange: Exchange) => void | Promise<void>;

const methods = ["GET", "PUT", "DELETE"];
const allowed = ["Content-Type", "X-Auth-Token"];
const exposed = ["X-Request-ID"];

function originsOf({ count, wildcards }: Shape): string[] {
  return Array.from({ length: count }, (_, i) =>
    wildcards ? `https://*.tenant${i}.example.com` : `https://app${i}.example.com`,
  );
}

function hitOf({ count, wildcards }: Shape): string {
  return wildcards
    ? `https://pr-7.tenant${count - 1}.example.com`
    : `https://app${count - 1}.example.com`;
}

function ours(shape: Shape) {
  return {
    allowOrigins: originsOf(shape) as `https://${string}`[],
    allowMethods: methods,
    allowHeaders: allowed,
    exposeHeaders: exposed,
    allowCredentials: true,
    maxAge: 600,
  } as const;
}

/** What the peers match origins with: strings, and regular expressions as their users write them. */
function peerOrigins(shape: Shape): (string | RegExp)[] {
  if (!shape.wildcards) return originsOf(shape);
  return Array.from(
    { length: shape.count },
    (_, i) => new RegExp(`^https://[a-z0-9-]+\\.tenant${i}\\.example\\.com$`),
  );
}

function peerFunction(shape: Shape): (origin: string) => string {
  const list = peerOrigins(shape);
  return (origin) =>
    list.some((one) => (typeof one === "string" ? one === origin : one.test(origin))) ? origin : "";
}

function peerOptions(shape: Shape): Options {
  return {
    origin: peerOrigins(shape),
    methods,
    allowedHeaders: allowed,
    exposedHeaders: exposed,
    credentials: true,
    maxAge: 600,
  };
}

function ideal(shape: Shape): NodeMiddleware {
  const common = ["Access-Control-Allow-Credentials", "true"];
  const actual = new Map<string, string[]>();
  const preflight = new Map<string, string[]>();
  for (const origin of shape.wildcards ? [hitOf(shape)] : originsOf(shape)) {
    const base = ["Access-Control-Allow-Origin", origin, ...common];
    actual.set(origin, [
      ...base,
      "Access-Control-Expose-Headers",
      "X-Request-ID",
      "Vary",
      "Origin",
    ]);
    preflight.set(origin, [
      ...base,
      "Access-Control-Allow-Methods",
      methods.join(", "),
      "Access-Control-Allow-Headers",
      allowed.join(", "),
      "Access-Control-Max-Age",
      "600",
      "Vary",
      "Origin, Access-Control-Request-Method",
    ]);
  }
  const none = ["Vary", "Origin"];
  const refused = ["Vary", "Origin, Access-Control-Request-Method", "Content-Length", "0"];
  return (request, response) => {
    const origin = request.headers.origin!;
    if (request.method !== "OPTIONS") response.writeHead(200, actual.get(origin) ?? none);
    else {
      const answer = preflight.get(origin);
      if (answer === undefined) response.writeHead(403, refused);
      else response.writeHead(204, answer);
    }
    response.end();
  };
}

const makeStub = (): Response => new StubResponse();
const makeReal = (request: IncomingMessage): Response => new ServerResponse(request);

function requestOf({ method, headers }: Exchange): IncomingMessage {
  const request = new IncomingMessage(undefined as unknown as Socket);
  request.method = method;
  request.headers = headers;
  return request;
}

const requests = new WeakMap<Exchange, IncomingMessage>();
function requestFor(exchange: Exchange): IncomingMessage {
  let request = requests.get(exchange);
  if (request === undefined) requests.set(exchange, (request = requestOf(exchange)));
  return request;
}

function onNode(middleware: NodeMiddleware, make: typeof makeReal): Candidate {
  return (exchange) => {
    const request = requestFor(exchange);
    const response = make(request);
    middleware(request, response, () => response.end());
  };
}

function onKoa(middleware: KoaMiddleware, make: typeof makeReal): Candidate {
  return async (exchange) => {
    const request = requestFor(exchange);
    const response = make(request);
    await middleware(new KoaContext(request, response), settled);
    response.end();
  };
}

async function settled(): Promise<void> {}

type Hook = (request: object, reply: object, done: () => void) => unknown;

/** The plugin's onRequest hook, with as much of a request and a reply as it touches. */
async function onFastify(
  register: (server: object) => unknown,
  make: typeof makeReal,
): Promise<Candidate> {
  let hook: Hook | undefined;
  const server = {
    addHook: (name: string, added: Hook) => {
      if (name === "onRequest") hook = added;
    },
    decorateRequest: () => undefined,
    hasRequestDecorator: () => false,
    options: () => undefined,
    log: { warn: () => undefined },
  };
  await register(server);
  return (exchange) => {
    const raw = requestFor(exchange);
    const reply = new FastifyReply(make(raw));
    hook!(new FastifyRequest(raw), reply, () => void reply.raw.end());
  };
}

/** As much of Fastify's request as a CORS hook touches. */
class FastifyRequest {
  readonly raw: IncomingMessage;
  readonly is404 = false;
  readonly routeOptions = routeOptions;
  constructor(raw: IncomingMessage) {
    this.raw = raw;
  }
  get method(): string {
    return this.raw.method!;
  }
  get headers(): IncomingMessage["headers"] {
    return this.raw.headers;
  }
}
const routeOptions = { config: {} };

class FastifyReply {
  readonly raw: Response;
  constructor(raw: Response) {
    this.raw = raw;
  }
  header(name: string, value: string): this {
    this.raw.setHeader(name, value);
    return this;
  }
  getHeader(name: string): unknown {
    return this.raw.getHeader(name);
  }
  removeHeader(name: string): void {
    this.raw.removeHeader(name);
  }
  code(status: number): this {
    this.raw.statusCode = status;
    return this;
  }
  status(status: number): this {
    return this.code(status);
  }
  send(): void {
    this.raw.end();
  }
}

function onHono(middleware: Parameters<Hono["use"]>[1]): Candidate {
  const app = new Hono();
  app.use("*", middleware);
  app.all("*", (context) => context.body("ok"));
  return async ({ method, headers }) => {
    await app.request("https://api.example.com/users", { method, headers });
  };
}

interface Pair {
  readonly name: string;
  readonly peer: Candidate;
  readonly ours: Candidate;
  /** The same way without any CORS: what neither of the two is responsible for. */
  readonly floor: Candidate;
}

async function pairs(shape: Shape, make: typeof makeReal, isReal: boolean): Promise<Pair[]> {
  const express = onNode(nodeOurs(ours(shape)) as NodeMiddleware, make);
  const find = peerFunction(shape);
  const floor = onNode((_request, _response, next) => next(), make);
  const list: Pair[] = [
    { name: "ideal", peer: onNode(ideal(shape), make), ours: express, floor },
    { name: "cors", peer: onNode(corsPeer(peerOptions(shape)), make), ours: express, floor },
    {
      name: "@fastify/cors",
      floor: await onFastify(
        (server) =>
          (server as { addHook(name: string, hook: Hook): void }).addHook(
            "onRequest",
            (_request, _reply, done) => done(),
          ),
        make,
      ),
      peer: await onFastify(
        (server) =>
          new Promise<void>((resolve) => {
            (fastifyPeer as unknown as (...args: unknown[]) => void)(
              server,
              peerOptions(shape),
              resolve,
            );
          }),
        make,
      ),
      ours: await onFastify(
        (server) =>
          (fastifyOurs(ours(shape)) as unknown as (...args: unknown[]) => void)(
            server,
            {},
            nothing,
          ),
        make,
      ),
    },
    {
      name: "@koa/cors",
      floor: onKoa((_context, next) => next(), make),
      peer: onKoa(
        koaPeer({
          ...peerOptions(shape),
          origin: (context: KoaContext) => find(String(context.get("origin"))),
          allowMethods: methods,
          allowHeaders: allowed,
          exposeHeaders: exposed,
        }),
        make,
      ),
      ours: onKoa(koaOurs(ours(shape)) as unknown as KoaMiddleware, make),
    },
  ];
  if (isReal)
    list.push({
      name: "hono/cors",
      floor: onHono((_context, next) => next()),
      peer: onHono(
        honoPeer({
          origin: shape.wildcards ? peerFunction(shape) : originsOf(shape),
          allowMethods: methods,
          allowHeaders: allowed,
          exposeHeaders: exposed,
          credentials: true,
          maxAge: 600,
        }),
      ),
      ours: onHono(honoOurs(ours(shape))),
    });
  return list;
}

function nothing(): void {}

function exchanges(origin: string, asked = "content-type,x-auth-token"): Record<string, Exchange> {
  const common = { host: "api.example.com", "user-agent": "bench", accept: "*/*" };
  const preflight = { ...common, "access-control-request-method": "PUT" };
  return {
    preflight: {
      method: "OPTIONS",
      headers: { ...preflight, origin, "access-control-request-headers": asked },
    },
    actual: { method: "GET", headers: { ...common, origin } },
    miss: { method: "GET", headers: { ...common, origin: "https://evil.example" } },
    "preflight miss": {
      method: "OPTIONS",
      headers: {
        ...preflight,
        origin: "https://evil.example",
        "access-control-request-headers": asked,
      },
    },
  };
}

const quick = process.argv.includes("--quick");
const rounds = quick ? 5 : 11;
/** Long enough for a timer, short enough for rounds of all candidates to see the same machine. */
const slice = quick ? 4 : 10;

/** CPU time of this thread, µs: what a busy neighbour takes away is not counted. */
function cpu(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** ns of one call, over a slice of CPU time. */
async function time(candidate: Candidate, exchange: Exchange): Promise<number> {
  const start = cpu();
  const end = start + slice * 1000;
  let calls = 0;
  do {
    for (let i = 0; i < 256; i++) {
      const pending = candidate(exchange);
      if (pending !== undefined) await pending;
    }
    calls += 256;
  } while (cpu() < end);
  return ((cpu() - start) * 1000) / calls;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

interface Figures {
  readonly name: string;
  readonly peer: number;
  readonly ours: number;
  readonly floor: number;
  /** How many times ours the peer takes; then the same above the floor. */
  readonly times: number;
  readonly net: number | undefined;
}

function printFigures({ name, peer, ours: own, floor, times, net }: Figures): string {
  const figures = [peer, own, floor].map((cost) => cost.toFixed(0).padStart(8));
  const above = net === undefined ? "–" : `×${net.toFixed(1)}`;
  return `${name.padEnd(15)}${figures.join("")}   ×${times.toFixed(2)}   ${above}`;
}

/** `peer`, `ours`, and how many times ours the peer takes; then the same above the floor. */
async function compare(list: readonly Pair[], exchange: Exchange): Promise<Figures[]> {
  const taken = list.map(() => ({
    peer: [] as number[],
    ours: [] as number[],
    floor: [] as number[],
  }));
  for (let round = -2; round < rounds; round++)
    for (const [i, pair] of list.entries())
      for (const who of ["peer", "ours", "floor"] as const) {
        const cost = await time(pair[who], exchange);
        if (round >= 0) taken[i]![who].push(cost);
      }
  return list.map(({ name }, i) => {
    const { peer, ours: own, floor } = taken[i]!;
    const base = median(floor);
    const times = median(peer.map((cost, round) => cost / own[round]!));
    const above = median(own) - base;
    // Where we answer by ourselves the way without CORS may well be the longer one.
    const net = above > base / 20 ? (median(peer) - base) / above : undefined;
    return { name, peer: median(peer), ours: median(own), floor: base, times, net };
  });
}

console.log(
  `ns of CPU a request, medians of ${rounds} interleaved rounds; ${process.version}\nfirst ×: the peer's time over ours (over 1 we are faster); second ×: the same above the floor, the way without CORS\n`,
);
const shapes: Shape[] = [
  { count: 1, wildcards: false },
  { count: 10, wildcards: false },
  { count: 1000, wildcards: false },
  { count: 10, wildcards: true },
  { count: 1000, wildcards: true },
];
const measured: {
  kind: string;
  shape: Shape;
  exchange: string;
  rows: Figures[];
}[] = [];
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7);
for (const [kind, make] of [
  ["stub", makeStub],
  ["real", makeReal],
] as const)
  for (const shape of shapes)
    for (const [name, exchange] of Object.entries(exchanges(hitOf(shape)))) {
      const title = `${kind} response, ${shape.count} ${shape.wildcards ? "wildcard" : "exact"}, ${name}`;
      if (only !== undefined && !title.includes(only)) continue;
      console.log(title);
      console.log(`${"".padEnd(17)}    peer    ours   floor`);
      const rows = await compare(await pairs(shape, make, kind === "real"), exchange);
      for (const row of rows) console.log(`  ${printFigures(row)}`);
      measured.push({ kind, shape, exchange: name, rows });
    }

const hostile: Record<string, string> = {
  "16 KiB of commas": ",".repeat(16_384),
  "16 KiB of spaces": " ".repeat(16_384),
  "16 KiB of one name": "x".repeat(16_384),
  "16 KiB of allowed names": "content-type,".repeat(1261),
  "16 KiB of other names": "x-n,".repeat(4096),
  "16 KiB of spaced commas": " ,".repeat(8192),
};
if (only === undefined || "hostile".includes(only)) {
  console.log("hostile Access-Control-Request-Headers, stub response, ns of CPU");
  const shape: Shape = { count: 10, wildcards: false };
  const listed = onNode(nodeOurs(ours(shape)) as NodeMiddleware, makeStub);
  const echoing = onNode(
    nodeOurs({ ...ours(shape), allowHeaders: "*" }) as NodeMiddleware,
    makeStub,
  );
  for (const [name, asked] of Object.entries(hostile)) {
    const exchange = exchanges(hitOf(shape), asked)["preflight"]!;
    const times: number[][] = [[], []];
    for (let round = -2; round < rounds; round++)
      for (const [i, candidate] of [listed, echoing].entries()) {
        const taken = await time(candidate, exchange);
        if (round >= 0) times[i]!.push(taken);
      }
    console.log(
      `  ${name.padEnd(28)} a list ${median(times[0]!).toFixed(0).padStart(7)}   echoed ${median(times[1]!).toFixed(0).padStart(7)}`,
    );
  }
}

/** The ratios as the table of bench/README.md: a row a peer and size, a column a request. */
function table(): string {
  const columns = ["preflight", "actual", "miss", "preflight miss"];
  const lines = [
    `| real response | ${columns.join(" | ")} |`,
    `|---|${columns.map(() => "---|").join("")}`,
  ];
  const name = ({ count, wildcards }: Shape): string =>
    `${count.toLocaleString("en")} ${wildcards ? "wildcard" : "exact"}`;
  for (const shape of shapes)
    for (const peer of ["ideal", "cors", "@fastify/cors", "@koa/cors", "hono/cors"]) {
      const cells = columns.map((column) => {
        const found = measured.find(
          (one) => one.kind === "real" && one.shape === shape && one.exchange === column,
        );
        return found?.rows.find((row) => row.name === peer)?.times.toFixed(2) ?? "–";
      });
      lines.push(`| ${name(shape)}: ${peer} | ${cells.join(" | ")} |`);
    }
  return lines.join("\n");
}

if (process.argv.includes("--write")) {
  const file = new URL("README.md", import.meta.url);
  const text = readFileSync(file, "utf8");
  const begin = "<!-- begin: npm run bench:library -- --write -->";
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf("<!-- end -->", from);
  if (from < begin.length || to < 0) throw new Error(`bench/README.md has no ${begin}`);
  writeFileSync(file, `${text.slice(0, from)}\n${table()}\n${text.slice(to)}`);
}
