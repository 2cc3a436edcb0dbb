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
import type { Status } from "./status.ts";

const file = z.object({ name: z.string(), text: z.string() });
const files = z.object({ files: z.array(file).max(1000) });
const edits = z.object({
  text: z.string(),
  edits: z.array(
    z.object({
      path: z.array(z.union([z.string(), z.number()])).min(1),
      value: z.unknown().optional(),
      remove: z.boolean().optional(),
    }),
  ),
});
const fault = z.object({ error: z.string(), message: z.string() });
// Values of other rooms, as their types say; the document only names them.
const anything = z.any();

const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { "application/json": { schema } },
});
const taking = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { "application/json": { schema } } },
});

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
      responses: { 200: json(anything, "what is served, and how it goes") },
    }),
    async (context) => {
      const now = await status();
      const { effective, diagnostics } = control.served();
      return context.json({ ...now, effective, diagnostics });
    },
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/hour",
      responses: { 200: json(anything, "the last hour by the minute, and refusals grouped") },
    }),
    async (context) => context.json({ ...(await control.hour()) }),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/decisions",
      request: { headers: since },
      responses: {
        200: {
          description:
            "server-sent events: the newest requests, then each finished one; Last-Event-ID goes on where a reader was",
          content: { "text/event-stream": { schema: z.string() } },
        },
      },
    }),
    (context) => streamDecisions(context, control),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/config",
      responses: { 200: json(anything, "the files as they are on disk, with an etag") },
    }),
    (context) => context.json({ ...control.config() }),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/schema",
      responses: { 200: json(anything, "the JSON Schema of a configuration file") },
    }),
    (context) => context.json(configSchema()),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/check",
      request: taking(files),
      responses: { 200: json(anything, "what these files would mean; nothing is written") },
    }),
    (context) => {
      const checked = control.check(context.req.valid("json").files);
      const changes =
        checked.effective && effectiveChanges(control.served().effective, checked.effective);
      return context.json({ ...checked, ...(changes && { changes }) });
    },
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/edit",
      request: taking(edits),
      responses: {
        200: json(z.object({ text: z.string() }), "the text with these values changed in place"),
        422: json(fault, "the change cannot be made in place"),
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
        return context.json({ error: "not_editable", message }, 422);
      }
    },
  );
  const answers = {
    200: json(anything, "saved and served"),
    404: json(fault, "there is no such revision"),
    409: json(anything, "somebody else has changed the files"),
    422: json(anything, "the files have faults; nothing was written"),
    428: json(fault, "If-Match is missing"),
  };
  app.openapi(
    createRoute({
      method: "put",
      path: "/api/config",
      request: { ...taking(files), headers: basedOn },
      responses: answers,
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
      responses: { 200: json(z.array(anything), "what was served, newest first") },
    }),
    (context) => context.json([...control.history()]),
  );
  const numbered = z.object({ number: z.coerce.number().int().positive() });
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/history/{number}",
      request: { params: numbered },
      responses: { 200: json(anything, "one revision with its files"), 404: answers[404] },
    }),
    (context) => {
      const revision = control.revision(context.req.valid("param").number);
      return revision === undefined
        ? context.json(noRevision, 404)
        : context.json({ ...revision }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/history/{number}/rollback",
      request: { params: numbered, ...taking(z.object({})), headers: basedOn },
      responses: answers,
    }),
    async (context) => {
      const etag = etagOf(context);
      if (etag === undefined) return context.json(noEtag, 428);
      const saved = await control.rollback(context.req.valid("param").number, etag);
      return saved === undefined ? context.json(noRevision, 404) : answerSaved(context, saved);
    },
  );
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
        "What the console asks. Only for pages of this listener, under its own host name: otherwise 403; without a token where one is needed: 401. A body without Content-Length: 411, above 4 MiB: 413, not JSON: 415.",
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

const noEtag = { error: "etag_missing", message: "send If-Match with the etag of /api/config" };
const noRevision = { error: "not_found", message: "the history does not hold this revision" };

function etagOf(context: Context): string | undefined {
  return /^"([^"]+)"$/.exec(context.req.header("if-match") ?? "")?.[1];
}

function answerSaved(context: Context, saved: Saved) {
  switch (saved.outcome) {
    case "saved":
      return context.json({ ...saved.config, diagnostics: saved.diagnostics }, 200);
    case "conflict":
      return context.json({ error: "conflict", ...saved.config }, 409);
    case "refused":
      return context.json(
        { error: "refused", message: saved.problem ?? "", diagnostics: saved.diagnostics },
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
