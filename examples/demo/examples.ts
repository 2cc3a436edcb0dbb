// The examples of the five source documents, and the four locks, one per button. The pages draw this table, and
// test/demo.test.ts clicks each button on both pages and compares with `allowed` and `foreign`.

export interface Step {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Send that many bytes instead of `body`. */
  readonly bodyBytes?: number;
  readonly credentials?: "include";
  /** Load it as a web font (from CSS, not with fetch). */
  readonly font?: true;
  /** Request the same URL twice. */
  readonly twice?: true;
  /** Send it without asking to read the response, as a form does. */
  readonly mode?: "no-cors";
  /** Open a WebSocket. */
  readonly socket?: true;
  /** Send what a page would send whose own name was re-pointed at the gateway. */
  readonly rebound?: true;
}

export interface Outcome {
  /** What the page gets: a status that it can read, or only a TypeError; for `no-cors` and a WebSocket, not even that. */
  readonly sees: number | "blocked" | "opaque" | "open" | "refused";
  /** How many preflights the gateway gets. */
  readonly preflights: number;
  /** Whether the request itself gets to the gateway. */
  readonly sent: boolean;
  /** The last status in the gateway's log, where the page cannot tell. */
  readonly logged?: number;
}

export interface Example {
  readonly id: string;
  readonly title: string;
  /** What to look at: one or two sentences. */
  readonly watch: string;
  readonly step: Step;
  readonly allowed: Outcome;
  readonly foreign: Outcome;
}

export interface Chapter {
  readonly document: string;
  readonly title: string;
  readonly examples: readonly Example[];
}

const readable = (status: number, preflights: number): Outcome => ({
  sees: status,
  preflights,
  sent: true,
});
/** The preflight failed: the request itself was never sent. */
const stopped: Outcome = { sees: "blocked", preflights: 1, sent: false };
/** The request went through, but the page may not read the response. */
const withheld: Outcome = { sees: "blocked", preflights: 0, sent: true };

/** The page cannot tell what became of it; the gateway's log can. */
const unseen = (sees: "opaque" | "open" | "refused", logged: number): Outcome => ({
  sees,
  preflights: 0,
  sent: true,
  logged,
});

const json = { "Content-Type": "application/json" };

export const chapters: readonly Chapter[] = [
  {
    document: "000",
    title: "A policy for a pipeline",
    examples: [
      {
        id: "get-apikey",
        title: "GET with an apikey",
        watch: "A custom header makes the browser ask first: OPTIONS, then GET.",
        step: { method: "GET", path: "/api/users", headers: { ...json, apikey: "demo" } },
        allowed: readable(200, 1),
        foreign: stopped,
      },
      {
        id: "get-test-header",
        title: "The same with a header `test`",
        watch: "`test` is not in `allow_headers`, so the GET never leaves the browser.",
        step: {
          method: "GET",
          path: "/api/users",
          headers: { ...json, apikey: "demo", test: "1" },
        },
        allowed: stopped,
        foreign: stopped,
      },
      {
        id: "post-404",
        title: "A POST that no location accepts",
        watch: "404, and the page can read it: the gateway’s own responses carry the policy too.",
        step: { method: "POST", path: "/api/users", headers: json, body: '{"name":"Alan"}' },
        allowed: readable(404, 1),
        foreign: stopped,
      },
      {
        id: "upload",
        title: "Upload a file",
        watch: "text/csv is not a safelisted type, so there is a preflight before the upload.",
        step: {
          method: "POST",
          path: "/files/report.csv",
          headers: { "Content-Type": "text/csv" },
          body: "id,name\n1,Ada\n",
        },
        allowed: readable(201, 1),
        foreign: stopped,
      },
      {
        id: "download",
        title: "Download a file",
        watch: "The page can read Content-Disposition, because `expose_headers` names it.",
        step: { method: "GET", path: "/files/report.csv" },
        allowed: readable(200, 0),
        foreign: withheld,
      },
      {
        id: "too-large",
        title: "Upload too much",
        watch: "The limit is 1 kB and this is 2 kB: 413, and the page can read why.",
        step: {
          method: "POST",
          path: "/files/small",
          headers: { "Content-Type": "text/csv" },
          bodyBytes: 2048,
        },
        allowed: readable(413, 1),
        foreign: stopped,
      },
    ],
  },
  {
    document: "001",
    title: "Four fields",
    examples: [
      {
        id: "any-origin",
        title: "Any origin: `*`",
        watch: "A public resource: both pages may read it.",
        step: { method: "GET", path: "/public/weather" },
        allowed: readable(200, 0),
        foreign: readable(200, 0),
      },
      {
        id: "several-origins",
        title: "Several origins",
        watch:
          "Two origins are listed; the response to each page names its own origin, never the list.",
        step: {
          method: "GET",
          path: "/partners/prices",
          headers: { Authorization: "Bearer demo" },
        },
        allowed: readable(200, 1),
        foreign: readable(200, 1),
      },
    ],
  },
  {
    document: "002",
    title: "Simple and preflighted requests",
    examples: [
      {
        id: "simple-get",
        title: "A simple GET",
        watch:
          "No preflight. On the other page the API responds too, but the page may not read the response.",
        step: { method: "GET", path: "/api/users" },
        allowed: readable(200, 0),
        foreign: withheld,
      },
      {
        id: "delete",
        title: "DELETE",
        watch: "The preflight response lists `GET, PUT`. The browser reads that and stops.",
        step: { method: "DELETE", path: "/api/users" },
        allowed: stopped,
        foreign: stopped,
      },
    ],
  },
  {
    document: "003",
    title: "A front end and its API",
    examples: [
      {
        id: "put-token",
        title: "PUT with X-Auth-Token",
        watch: "A preflight, then the PUT. The page may read X-Request-ID.",
        step: {
          method: "PUT",
          path: "/api/users",
          headers: { ...json, "X-Auth-Token": "demo" },
          body: '{"id":1,"name":"Ada Lovelace"}',
        },
        allowed: readable(200, 1),
        foreign: stopped,
      },
      {
        id: "cookie",
        title: "A cookie",
        watch: "With `credentials: include`. Send it several times: the API counts your visits.",
        step: { method: "GET", path: "/api/session", credentials: "include" },
        allowed: readable(200, 0),
        foreign: withheld,
      },
      {
        id: "twice",
        title: "PUT, twice",
        watch: "`max_age` is 24 hours: the second PUT needs no OPTIONS.",
        step: { method: "PUT", path: "/api/users", headers: json, body: '{"id":2}', twice: true },
        allowed: readable(200, 1),
        foreign: { sees: "blocked", preflights: 2, sent: false },
      },
      {
        id: "font",
        title: "A web font",
        watch: "CSS loads fonts under CORS. If the font may be used, a check mark appears.",
        step: { method: "GET", path: "/fonts/check.ttf", font: true },
        allowed: readable(200, 0),
        foreign: withheld,
      },
      {
        id: "outside",
        title: "A path without a policy",
        watch: "The gateway changes nothing here, and this API sends no CORS headers.",
        step: { method: "GET", path: "/plain" },
        allowed: withheld,
        foreign: withheld,
      },
    ],
  },
  {
    document: "004",
    title: "A preflight, byte for byte",
    examples: [
      {
        id: "note",
        title: "POST with X-Custom-Header",
        watch:
          "`preflight_status` is 200: the preflight response is exactly as the note prints it, and is cached for 86400 seconds.",
        step: { method: "POST", path: "/resource", headers: { "X-Custom-Header": "1" } },
        allowed: readable(200, 1),
        foreign: stopped,
      },
    ],
  },
  {
    document: "locks",
    title: "What a foreign page can do",
    examples: [
      {
        id: "lock-read",
        title: "Read",
        watch: "`allow_origins`: the API responds, and the foreign page may not read it.",
        step: { method: "GET", path: "/notes", credentials: "include" },
        allowed: readable(200, 0),
        foreign: withheld,
      },
      {
        id: "lock-write",
        title: "Write",
        watch:
          'A simple POST needs no preflight. `on_mismatch = "reject-writes"`: the foreign page’s never reaches the API. Neither page can tell; the log can.',
        step: {
          method: "POST",
          path: "/notes",
          body: "all=mine",
          credentials: "include",
          mode: "no-cors",
        },
        allowed: unseen("opaque", 200),
        foreign: unseen("opaque", 403),
      },
      {
        id: "lock-socket",
        title: "Open a WebSocket",
        watch: "Browsers let any page open one. The gateway lets only `allow_origins`.",
        step: { method: "GET", path: "/notes/live", socket: true },
        allowed: unseen("open", 101),
        foreign: unseen("refused", 403),
      },
      {
        id: "lock-host",
        title: "Come in under another name",
        watch:
          "DNS rebinding: `rebound.example` is re-pointed at this machine, so its page is same-origin with the gateway. `hosts`: the gateway does not answer to that name. (This page’s server sends what the browser would send.)",
        step: { method: "GET", path: "/notes", rebound: true },
        allowed: { sees: 421, preflights: 0, sent: true, logged: 421 },
        foreign: { sees: 421, preflights: 0, sent: true, logged: 421 },
      },
    ],
  },
];
