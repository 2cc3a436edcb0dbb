// An Express app whose CORS is one policy, decided before anything that can refuse: the log-in
// check comes after it, so a 401 is readable and a preflight needs no token.

import { cors } from "@corsway/cors/express";
import express, { type Express } from "express";

export const app: Express = express();

app.use(
  cors({
    allowOrigins: "https://app.example.com",
    allowMethods: ["GET", "PUT"],
    allowHeaders: ["Authorization", "Content-Type"],
    exposeHeaders: ["X-Total-Count"],
    allowCredentials: true,
    maxAge: "10m",
  }),
);

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
