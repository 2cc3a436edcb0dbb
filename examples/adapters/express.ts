// Express 4 and 5: the policy before everything that may answer.

import { cors } from "@corsway/cors/express";
import express, { type Express } from "express";

export const app: Express = express();

app.use(
  cors({
    allowOrigins: ["https://app.example.com", "https://*.preview.example.dev"],
    allowMethods: ["GET", "POST", "PUT"],
    allowHeaders: ["Content-Type", "Authorization"],
    allowCredentials: true,
    maxAge: "1h",
  }),
);

app.get("/users", (_request, response) => {
  response.json([{ name: "Ada" }]);
});

if (import.meta.main) app.listen(3000);
