// One example for each of the five source documents, and the ten most frequent blocks.

import { emptyQuestion, type Question } from "./question.ts";

export interface Example {
  readonly title: string;
  readonly question: Question;
}

function asked(
  title: string,
  question: Partial<Question>,
  actual = "HTTP/1.1 200 OK\n",
  preflight = "",
): Example {
  return {
    title,
    question: { ...emptyQuestion, server: { kind: "answer", preflight, actual }, ...question },
  };
}

function ruled(title: string, policy: string, question: Partial<Question>): Example {
  return {
    title,
    question: { ...emptyQuestion, server: { kind: "policy", text: policy }, ...question },
  };
}

/** Named by what they show. */
export const documents: readonly Example[] = [
  ruled(
    "Integration platform: an extra header is blocked",
    'allow_origins = ["https://app.example.com"]\nallow_methods = ["GET", "PUT"]\nallow_headers = "Content-Type, X-Auth-Token, apikey"\n',
    { headers: "apikey: 123\ntest: 1" },
  ),
  ruled(
    "Four fields in a form: PUT with cookies passes",
    'allow_origins = "https://example.com"\nallow_methods = "GET, POST, PUT"\nallow_headers = "Content-Type, Authorization"\nallow_credentials = true\n',
    {
      origin: "https://example.com",
      method: "PUT",
      headers: "Authorization: Bearer x",
      credentials: "include",
    },
  ),
  asked(
    "The article: a JSON POST needs a preflight",
    { method: "POST", headers: "Content-Type: application/json" },
    "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://app.example.com\n",
    "HTTP/1.1 204 No Content\nAccess-Control-Allow-Origin: https://app.example.com\nAccess-Control-Allow-Methods: GET, POST\n",
  ),
  ruled(
    "Reverse proxy: mirrored origins with credentials",
    'allow_origin = "$http_origin"\nallow_credentials = true\n',
    { credentials: "include" },
  ),
  asked(
    "The note: one preflight exchange",
    { method: "POST", headers: "X-Custom-Header: 1", credentials: "include" },
    "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://app.example.com\nAccess-Control-Allow-Credentials: true\n",
    "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://app.example.com\nAccess-Control-Allow-Methods: POST\nAccess-Control-Allow-Headers: X-Custom-Header\nAccess-Control-Allow-Credentials: true\nAccess-Control-Max-Age: 86400\n",
  ),
];

const allowed = "Access-Control-Allow-Origin: https://app.example.com\n";

export const frequent: readonly Example[] = [
  asked("No Access-Control-Allow-Origin", {}),
  asked("An error page without CORS headers", {}, "HTTP/1.1 500 Internal Server Error\n"),
  asked(
    "The preflight dies in the login check",
    { headers: "Authorization: Bearer x" },
    `HTTP/1.1 200 OK\n${allowed}`,
    "HTTP/1.1 401 Unauthorized\n",
  ),
  asked(
    "* with credentials",
    { credentials: "include" },
    "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Credentials: true\n",
  ),
  asked("Two layers both add the header", {}, `HTTP/1.1 200 OK\n${allowed}${allowed}`),
  asked(
    "A slash at the end of the origin",
    {},
    "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://app.example.com/\n",
  ),
  asked(
    "An SDK adds a header",
    { headers: "sentry-trace: 1-2" },
    `HTTP/1.1 200 OK\n${allowed}`,
    `HTTP/1.1 204 No Content\n${allowed}Access-Control-Allow-Headers: Content-Type\n`,
  ),
  asked(
    "The preflight is redirected",
    { method: "PUT" },
    `HTTP/1.1 200 OK\n${allowed}`,
    "HTTP/1.1 301 Moved Permanently\nLocation: https://api.example.com/users/\n",
  ),
  asked(
    "Authorization under *",
    { headers: "Authorization: Bearer x" },
    "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\n",
    "HTTP/1.1 204 No Content\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Headers: *\n",
  ),
  asked("The origin null of a sandboxed frame", { origin: "null" }, `HTTP/1.1 200 OK\n${allowed}`),
];
