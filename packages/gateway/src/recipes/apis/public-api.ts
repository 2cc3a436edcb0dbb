import type { Recipe } from "./recipe.ts";
import { maxAge } from "./usual.ts";

export const publicApi: Recipe = {
  name: "public-api",
  title: "A public API",
  about:
    "Everybody may call it from everywhere, with a key in a header or without one. Cookies play no part, so that any page may read the answers.",
  api: "127.0.0.1:5001",
  origins: "*",
  pages: "Every page. Without cookies a page learns no more than anybody could.",
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "POST"],
      says: "Add PUT, PATCH and DELETE if the API has them.",
    },
    {
      key: "allow_headers",
      value: ["Content-Type", "Authorization", "X-API-Key", "Idempotency-Key", "If-None-Match"],
      says: "The key, and what a careful client sends.",
    },
    {
      key: "expose_headers",
      value: [
        "ETag",
        "Link",
        "Location",
        "Retry-After",
        "RateLimit",
        "RateLimit-Policy",
        "X-RateLimit-Limit",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
        "X-Request-Id",
        "X-Total-Count",
      ],
      says: "Pages of a list, limits and ids: what a client cannot see is not there for it.",
    },
    maxAge,
  ],
  notes: [
    "A key in a page is readable by its visitors. Give pages keys that may be public.",
    "WebSockets stay open to the API's own pages only: `*` lists no origin.",
  ],
};
