// Koa 2 and 3: an error that is thrown below keeps the policy.

import { cors } from "@corsway/cors/koa";
import Koa from "koa";

export const app = new Koa();

app.use(
  cors({
    allowOrigins: ["https://app.example.com"],
    allowMethods: ["GET", "PUT"],
    allowCredentials: true,
  }),
);

app.use((context) => {
  if (context.path !== "/users") context.throw(404, "no such thing");
  context.body = [{ name: "Ada" }];
});

if (import.meta.main) app.listen(3000);
