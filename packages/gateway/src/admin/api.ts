// The admin API: what the console page asks, described as OpenAPI 3.1. Loaded when the first request for
// it comes; the listener has checked the host, the origin and the token by then.

import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { streamSSE } from "hono/streaming";
import { configSchema } from "../config/sections/schema.ts";
import { editToml } from "../config/documents/edit.ts";
import { effectiveChanges } from "./effective-changes.ts";
import type { Control, Saved } from "./control.ts";
import { DecisionFeed } from "./decision-feed.ts";
import * as shapes from "./shapes.ts";
import type { Status } from "./status.ts";

const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { "application/json": { schema } },
});
const taking = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { "application/json": { schema } } },
});

const { fault } = shapes;
/** What every call may get. The listener sends 401 and 403. */
const anyCall = {
  401: json(fault("token_missing"), "a token is required"),
  403: json(
    fault("foreign_host", "foreign_page"),
    "not under the listener's own name, or not of its own page",
  ),
  500: json(fault("internal"), "a fault of the gateway"),
};
const badRequest = { 400: json(fault("bad_request"), "the request is not as described here") };
const withBody = {
  ...anyCall,
  ...badRequest,
  411: json(fault("length_required"), "the body has no Content-Length"),
  413: json(fault("too_large"), "the body is larger than 4 MiB"),
  415: json(fault("not_json"), "the Content-Type is not that of JSON"),
};

/** Not required by the schema: without it the answer is 428, and not 400. */
const basedOn = z.object({
  "if-match": z.string().optional().openapi({ description: "the etag of /api/config, quoted" }),
});
const since = z.object({
  "last-event-id": z.string().optional().openapi({ description: "the id of the last event read" }),
});

const largestBody = 4 * 1024 * 1024;
/** How often the processes are asked for new decisions; ms. */
const pollPause = 100;
const keepAlive = 15_000;

export function adminApi(status: () => Promise<Status>, control: Control): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const message = result.error.issues
        .map(({ path, message }) => `${path.join(".") || "the body"}: ${message}`)
        .join("; ");
      return context.json({ error: "bad_request", message }, 400);
    },
  });
  // By its length, which node:http holds a body to: a limit that counts chunks would need another Request,
  // and the global one cannot be made from the listener's.
  app.use("/api/*", async (context, next) => {
    if (context.req.header("transfer-encoding") !== undefined)
      return context.json(
        { error: "length_required", message: "send the body with a Content-Length" },
        411,
      );
    if (Number(context.req.header("content-length") ?? 0) > largestBody)
      return context.json({ error: "too_large", message: "the body is larger than 4 MiB" }, 413);
    return next();
  });

  app.openapi(
    createRoute({
      method: "get",
      path: "/api/overview",
      responses: { ...anyCall, 200: json(shapes.overview, "what is served, and how it goes") },
    }),
    async (context) => {
      const now = await status();
      const { effective, diagnostics } = control.served();
      return context.json({ ...now, effective, diagnostics }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/hour",
      responses: {
        ...anyCall,
        200: json(shapes.hour, "the last hour by the minute, and refusals grouped"),
      },
    }),
    async (context) => context.json(await control.hour(), 200),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/decisions",
      request: { headers: since },
      responses: {
        ...anyCall,
        200: {
          description:
            "server-sent events: the newest requests, then each finished one; Last-Event-ID goes on where a reader was",
          content: { "text/event-stream": { schema: shapes.decisionEvents } },
        },
      },
    }),
    (context) => streamDecisions(context, control),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/config",
      responses: {
        ...anyCall,
        200: json(shapes.config, "the files as they are on disk, with an etag"),
      },
    }),
    (context) => context.json(control.config(), 200),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/schema",
      responses: {
        ...anyCall,
        200: json(shapes.jsonSchema, "the JSON Schema of a configuration file"),
      },
    }),
    (context) => context.json(configSchema(), 200),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/check",
      request: taking(shapes.files),
      responses: {
        ...withBody,
        200: json(shapes.checked, "what these files would mean; nothing is written"),
      },
    }),
    (context) => {
      const checked = control.check(context.req.valid("json").files);
      const changes =
        checked.effective && effectiveChanges(control.served().effective, checked.effective);
      return context.json({ ...checked, ...(changes && { changes }) }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/edit",
      request: taking(shapes.edits),
      responses: {
        ...withBody,
        200: json(shapes.edited, "the text with these values changed in place"),
        422: json(fault("not_editable"), "the change cannot be made in place"),
      },
    }),
    (context) => {
      const { text, edits } = context.req.valid("json");
      try {
        const edited = editToml(
          text,
          edits.map(({ path, value, remove }) => (remove === true ? { path } : { path, value })),
        );
        return context.json({ text: edited }, 200);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return context.json({ error: "not_editable" as const, message }, 422);
      }
    },
  );
  const saving = {
    ...withBody,
    200: json(shapes.saved, "saved and served"),
    409: json(shapes.conflict, "somebody else has changed the files, which are these now"),
    422: json(shapes.refused, "the files have faults; nothing was written"),
    428: json(fault("etag_missing"), "If-Match is missing"),
  };
  const unknown = { 404: json(fault("not_found"), "there is no such revision") };
  app.openapi(
    createRoute({
      method: "put",
      path: "/api/config",
      request: { ...taking(shapes.files), headers: basedOn },
      responses: saving,
    }),
    async (context) => {
      const etag = etagOf(context);
      if (etag === undefined) return context.json(noEtag, 428);
      return answerSaved(context, await control.save(context.req.valid("json").files, etag));
    },
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/history",
      responses: { ...anyCall, 200: json(shapes.history, "what was served, newest first") },
    }),
    (context) => context.json(control.history(), 200),
  );
  const numbered = z.object({ number: z.coerce.number().int().positive() });
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/history/{number}",
      request: { params: numbered },
      responses: {
        ...anyCall,
        ...badRequest,
        ...unknown,
        200: json(shapes.revision, "one revision with its files"),
      },
    }),
    (context) => {
      const revision = control.revision(context.req.valid("param").number);
      return revision === undefined ? context.json(noRevision, 404) : context.json(revision, 200);
    },
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/history/{number}/rollback",
      request: { params: numbered, ...taking(z.strictObject({})), headers: basedOn },
      responses: { ...saving, ...unknown },
    }),
    async (context) => {
      const etag = etagOf(context);
      if (etag === undefined) return context.json(noEtag, 428);
      const saved = await control.rollback(context.req.valid("param").number, etag);
      return saved === undefined ? context.json(noRevision, 404) : answerSaved(context, saved);
    },
  );
  app.openAPIRegistry.register("Decisions", shapes.decisions);
  app.openAPIRegistry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
    description: "the content of the token_file of [admin]; needed where one is configured",
  });
  app.doc31("/api/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "Corsway admin API",
      version: "1",
      description:
        "What the console asks. Every error is `{ error, message }`: a stable code, and a sentence for a person.",
    },
    security: [{}, { token: [] }],
  });
  app.notFound((context) =>
    context.json({ error: "not_found", message: "see /api/openapi.json" }, 404),
  );
  app.onError((error, context) => {
    if (!(error instanceof HTTPException))
      return context.json({ error: "internal", message: error.message }, 500);
    // What the framework itself refuses: a body that is not JSON, or not said to be.
    const { status, message } = error;
    return context.json({ error: status === 415 ? "not_json" : "bad_request", message }, status);
  });
  return app;
}

const noEtag = {
  error: "etag_missing",
  message: "send If-Match with the etag of /api/config",
} as const;
const noRevision = {
  error: "not_found",
  message: "the history does not hold this revision",
} as const;

function etagOf(context: Context): string | undefined {
  return /^"([^"]+)"$/.exec(context.req.header("if-match") ?? "")?.[1];
}

function answerSaved(context: Context, saved: Saved) {
  switch (saved.outcome) {
    case "saved":
      return context.json({ ...saved.config, diagnostics: saved.diagnostics }, 200);
    case "conflict":
      return context.json(
        {
          error: "conflict" as const,
          message: "somebody else has changed the files",
          ...saved.config,
        },
        409,
      );
    case "refused":
      return context.json(
        {
          error: "refused" as const,
          message: saved.problem ?? "the files have faults",
          diagnostics: saved.diagnostics,
        },
        422,
      );
  }
}

/** Nothing is read while the last event is still on its way: a slow reader costs no memory. */
function streamDecisions(context: Context, control: Control) {
  const feed = new DecisionFeed(
    (after) => control.decisions(after),
    context.req.header("last-event-id"),
  );
  return streamSSE(context, async (stream) => {
    let idle = 0;
    while (!stream.aborted && !stream.closed) {
      const event = await feed.next();
      if (event !== undefined) {
        const { id, ...data } = event;
        await stream.writeSSE({ event: "decisions", id, data: JSON.stringify(data) });
        idle = 0;
      } else if ((idle += pollPause) >= keepAlive) {
        await stream.write(": still here\n\n");
        idle = 0;
      }
      await stream.sleep(pollPause);
    }
  });
}
