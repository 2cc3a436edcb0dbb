// As much of a framework's objects as a CORS middleware touches, and none of the framework's cost.

import type { IncomingMessage, ServerResponse } from "node:http";

export type Response = StubResponse | ServerResponse;

/** As much of a ServerResponse as a middleware may ask of it, and nothing of its cost. */
export class StubResponse {
  statusCode = 200;
  headersSent = false;
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
    this.headersSent = true;
    if (headers !== undefined) this.headers = headers as Record<string, unknown>;
  }
  end(): void {
    if (!this.headersSent) this.writeHead(this.statusCode);
  }
}

/** What Koa's context is to a CORS middleware. */
export class KoaContext {
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

/** Fastify's request. */
export class FastifyRequest {
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

/** Fastify's reply: it keeps headers itself, and passes them to `writeHead`. */
export class FastifyReply {
  readonly raw: Response;
  readonly headers: Record<string, string> = {};
  constructor(raw: Response) {
    this.raw = raw;
  }
  header(name: string, value: string): this {
    this.headers[name.toLowerCase()] = value;
    return this;
  }
  getHeader(name: string): unknown {
    return this.headers[name.toLowerCase()] ?? this.raw.getHeader(name);
  }
  removeHeader(name: string): void {
    delete this.headers[name.toLowerCase()];
  }
  code(status: number): this {
    this.raw.statusCode = status;
    return this;
  }
  status(status: number): this {
    return this.code(status);
  }
  send(): void {
    this.raw.writeHead(this.raw.statusCode, this.headers);
    this.raw.end();
  }
}
