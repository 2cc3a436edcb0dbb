// A Hono app with Hono's own CORS middleware: what is under test need not be Corsway.

import { Hono } from "hono";
import { cors } from "hono/cors";

export const app: Hono = new Hono();

app.use(
  "/api/*",
  cors({
    origin: "https://app.example.com",
    allowMethods: ["GET", "PUT"],
    allowHeaders: ["Content-Type"],
    exposeHeaders: ["X-Request-ID"],
    maxAge: 600,
  }),
);

app.get("/api/notes", (context) => {
  context.header("X-Request-ID", "42");
  return context.json(["buy milk"]);
});
app.put("/api/notes", async (context) => context.json(await context.req.json()));
app.get("/api/moved", (context) => context.redirect("https://cdn.example.net/notes"));
