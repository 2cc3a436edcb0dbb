// An Express app whose CORS is one policy, decided before anything that can refuse: the log-in
// check comes after it, so a 401 is readable and a preflight needs no token.

import { applyDecision, compilePolicy, definePolicy } from "@corsway/cors";
import express, { type Express } from "express";

const decide = compilePolicy(
  definePolicy({
    allowOrigins: "https://app.example.com",
    allowMethods: "GET, PUT",
    allowHeaders: "Authorization, Content-Type",
    exposeHeaders: "X-Total-Count",
    allowCredentials: true,
    maxAge: "10m",
  }),
);

export const app: Express = express();

app.use((request, response, next) => {
  const headers: [string, string][] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2)
    headers.push([request.rawHeaders[i]!, request.rawHeaders[i + 1]!]);
  const url = `${request.protocol}://${request.host}${request.originalUrl}`;
  const decision = decide({ method: request.method, url, headers });
  for (const [name, value] of applyDecision(decision, []).headers) response.setHeader(name, value);
  if (decision.status === undefined) next();
  else response.status(decision.status).end();
});

app.use((request, response, next) => {
  if (request.headers.authorization === "Bearer secret") next();
  else response.status(401).json({ error: "log in" });
});

app.get("/users", (_request, response) => {
  response.setHeader("X-Total-Count", "1");
  response.setHeader("X-Served-By", "node-7");
  response.json([{ name: "Ada" }]);
});

app.put("/users/:id", express.json(), (request, response) => {
  response.json(request.body);
});
