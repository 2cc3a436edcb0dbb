// h3 2, and Nitro on it.

import { cors } from "@corsway/cors/h3";
import { H3 } from "h3";

export const app = new H3();

app.use(
  cors({
    allowOrigins: ["https://app.example.com"],
    allowMethods: ["GET", "PUT"],
    allowCredentials: true,
  }),
);

app.get("/users", () => [{ name: "Ada" }]);
