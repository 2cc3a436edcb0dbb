// The application on what takes a `Request` and gives a `Response`, and on Lambda's events.

import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { cors as fetchCors } from "@corsway/cors/fetch";
import { cors as h3Cors } from "@corsway/cors/h3";
import { cors as honoCors } from "@corsway/cors/hono";
import { cors as lambdaCors, type LambdaEvent, type LambdaResult } from "@corsway/cors/lambda";
import { H3 } from "h3";
import { Hono } from "hono";
import { toNodeHandler } from "srvx/node";
import type { Application } from "./application.ts";
import { listen, type Listener } from "./on-node.ts";

/** The routes as fetch handlers have them; undefined: there is no such route. */
function respond(path: string): Response | undefined {
  switch (path) {
    case "/plain":
      return new Response("ok", { headers: { "X-Request-ID": "7" } });
    case "/vary":
      return new Response("ok", { headers: { Vary: "Accept-Encoding" } });
    case "/layer":
      return new Response("ok", {
        headers: {
          "Access-Control-Allow-Origin": "*",
          "access-control-allow-credentials": "true",
        },
      });
    case "/head": {
      const headers = new Headers({ Vary: "Accept", "Access-Control-Allow-Origin": "null" });
      headers.append("Set-Cookie", "a=1");
      headers.append("Set-Cookie", "b=2");
      return new Response("ok", { headers });
    }
    case "/stream":
      return new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode("data: 1\n\n"));
            setImmediate(() => {
              controller.enqueue(new TextEncoder().encode("data: 2\n\n"));
              controller.close();
            });
          },
        }),
        { headers: { "Content-Type": "text/event-stream" } },
      );
    case "/error":
      return new Response("broken", { status: 500 });
    case "/not-modified":
      return new Response(null, { status: 304, headers: { ETag: '"1"' } });
    case "/throws":
      throw new Error("thrown on purpose");
    default:
      return undefined;
  }
}

function onNodeServer(handler: (request: Request) => Response | Promise<Response>): Listener {
  return toNodeHandler(handler) as unknown as Listener;
}

const onFetch: Application = {
  name: "a fetch handler",
  serve(policy, settings) {
    const middleware = fetchCors(policy, settings);
    const reached: string[] = [];
    const handler = middleware((request: Request) => {
      const path = new URL(request.url).pathname;
      reached.push(`${request.method} ${path}`);
      return respond(path) ?? new Response(null, { status: 404 });
    });
    return listen(onNodeServer(handler), middleware, reached);
  },
  skips: {
    "an error that was thrown can be read":
      "it passes through: frameworks throw redirects, and a runtime reports what it catches",
  },
};

const onHono: Application = {
  name: "hono 4",
  serve(policy, settings) {
    const middleware = honoCors(policy, settings);
    const reached: string[] = [];
    const app = new Hono();
    app.use(middleware);
    app.use(async (context, next) => {
      reached.push(`${context.req.method} ${context.req.path}`);
      await next();
    });
    app.onError(() => new Response("broken", { status: 500 }));
    app.all("/vary", (context) => {
      context.header("Vary", "Accept-Encoding");
      return context.text("ok");
    });
    app.all("*", (context) => respond(context.req.path) ?? context.notFound());
    return listen(onNodeServer(app.fetch), middleware, reached);
  },
};

const onH3: Application = {
  name: "h3 2",
  serve(policy, settings) {
    const middleware = h3Cors(policy, settings);
    const reached: string[] = [];
    const app = new H3({ silent: true });
    app.use(middleware);
    app.use((event) => {
      reached.push(`${event.req.method} ${event.url.pathname}`);
    });
    app.all("/vary", (event) => {
      event.res.headers.set("Vary", "Accept-Encoding");
      return "ok";
    });
    app.all("/layer", (event) => {
      event.res.headers.set("Access-Control-Allow-Origin", "*");
      event.res.headers.set("access-control-allow-credentials", "true");
      return "ok";
    });
    for (const path of ["plain", "head", "stream", "error", "not-modified", "throws"])
      app.all(`/${path}`, (event) => respond(event.url.pathname));
    return listen(onNodeServer(app.fetch), middleware, reached);
  },
};

function onLambda(name: string, through: (handler: LambdaHandler) => Listener): Application {
  return {
    name,
    serve(policy, settings) {
      const middleware = lambdaCors(policy, settings);
      const reached: string[] = [];
      const handler = middleware(async (event: LambdaEvent & Routed) => {
        reached.push(`${event.routedMethod} ${event.routedPath}`);
        const response = respond(event.routedPath) ?? new Response(null, { status: 404 });
        const cookies = response.headers.getSetCookie();
        response.headers.delete("set-cookie");
        return {
          statusCode: response.status,
          headers: Object.fromEntries(response.headers),
          ...("httpMethod" in event
            ? { multiValueHeaders: { "Set-Cookie": cookies } }
            : { cookies }),
          body: await response.text(),
        };
      });
      return listen(through(handler), middleware, reached);
    },
    skips: {
      "an error that was thrown can be read": "it passes through, for Lambda to report",
    },
  };
}

/** What the application itself looks at, whatever the format. */
interface Routed {
  readonly routedMethod: string;
  readonly routedPath: string;
}

type LambdaHandler = (event: LambdaEvent & Routed) => Promise<LambdaResult>;

function routed({ method = "GET", url = "/" }: IncomingMessage): Routed {
  return { routedMethod: method, routedPath: new URL(url, "http://any").pathname };
}

/** What a function URL does: the request becomes an event, the result the response. */
function throughV2(handler: LambdaHandler): Listener {
  return async (request: IncomingMessage, response: ServerResponse) => {
    await text(request);
    const headers = Object.fromEntries(
      Object.entries(request.headersDistinct).map(([name, lines]) => [name, lines?.join(",")]),
    );
    const http = { method: request.method ?? "GET" };
    const result = await handler({ ...routed(request), headers, requestContext: { http } });
    response.statusCode = result.statusCode;
    for (const [name, value] of Object.entries(result.headers ?? {}))
      response.setHeader(name, String(value));
    if (result.cookies !== undefined && result.cookies.length > 0)
      response.setHeader("Set-Cookie", [...result.cookies]);
    response.end(result.body);
  };
}

/** What a REST API does: names as the client wrote them, the last line in `headers`, and both fields are sent back. */
function throughV1(handler: LambdaHandler): Listener {
  return async (request: IncomingMessage, response: ServerResponse) => {
    await text(request);
    const headers: Record<string, string> = {};
    const multiValueHeaders: Record<string, string[]> = {};
    for (let i = 0; i < request.rawHeaders.length; i += 2) {
      const [name, value] = request.rawHeaders.slice(i, i + 2) as [string, string];
      headers[name] = value;
      (multiValueHeaders[name] ??= []).push(value);
    }
    const httpMethod = request.method ?? "GET";
    const result = await handler({
      ...routed(request),
      httpMethod,
      headers,
      multiValueHeaders,
      requestContext: {},
    });
    response.statusCode = result.statusCode;
    for (const [name, value] of Object.entries(result.headers ?? {}))
      response.appendHeader(name, String(value));
    for (const [name, lines] of Object.entries(result.multiValueHeaders ?? {}))
      for (const line of lines) response.appendHeader(name, String(line));
    response.end(result.body);
  };
}

export const fetchApplications: readonly Application[] = [
  onFetch,
  onHono,
  onH3,
  onLambda("lambda, payload format 2.0", throughV2),
  onLambda("lambda, payload format 1.0", throughV1),
];
