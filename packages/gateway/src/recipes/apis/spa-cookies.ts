import type { Recipe } from "./recipe.ts";
import { app, maxAge } from "./usual.ts";

export const spaCookies: Recipe = {
  name: "spa-cookies",
  title: "A single-page app with a session cookie",
  about:
    "The app's pages and its API have different origins of one site, and the session is a cookie. Every other page's request carries the cookie too, so the same list of origins has to decide who may write.",
  api: "127.0.0.1:5001",
  origins: app,
  pages: "The app's own pages, and no others: they act as the visitor.",
  location: [
    {
      key: "login_redirect",
      value: "401",
      says: "When the session has ended, a call gets a 401 that the page can read, not a redirect to a login page.",
    },
  ],
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
      says: "The methods that the app uses.",
    },
    {
      key: "allow_headers",
      value: ["Content-Type", "X-CSRF-Token", "X-XSRF-TOKEN", "X-Requested-With"],
      says: "The request headers that the app sets.",
    },
    { key: "allow_credentials", value: true, says: "Requests carry the session's cookie." },
    {
      key: "on_mismatch",
      value: "reject-writes",
      says: "A form or a simple POST on another page needs no preflight and carries the cookie. It is refused before the API sees it.",
    },
    maxAge,
  ],
  notes: [
    "Send the cookie with `SameSite=Lax; Secure; HttpOnly`. Page and API of one site (`app.example.com`, `api.example.com`) need no more; a page of another site needs `SameSite=None`, which browsers increasingly ignore.",
    'In the page: `fetch(url, { credentials: "include" })`.',
  ],
};
