// Hono on every runtime.

import { cors } from "@corsway/cors/hono";
import { Hono } from "hono";

export const app = new Hono();

app.use(
  cors({
    allowOrigins: ["https://app.example.com"],
    allowMethods: ["GET", "PUT"],
    allowCredentials: true,
  }),
);

app.get("/users", (context) => context.json([{ name: "Ada" }]));

export default app;
