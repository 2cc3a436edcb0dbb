// What each example of the playground must show: the verdict and the reason in the standard and in the
// three engines, and the first fix that can be written down.

export interface ExampleVerdict {
  readonly standard: string;
  /** Absent: as in the standard. */
  readonly chromium?: string;
  readonly firefox?: string;
  readonly webkit?: string;
  /** The first fix with a change, as data. Absent: nothing is to be fixed. */
  readonly fix?: string;
}

const readable = { standard: "readable" };
const allowOrigin = "actual Access-Control-Allow-Origin: https://app.example.com";

export const exampleVerdicts: Readonly<Record<string, ExampleVerdict>> = {
  "No Access-Control-Allow-Origin": { standard: "blocked acao-missing", fix: allowOrigin },
  "An error page without CORS headers": { standard: "blocked acao-missing", fix: allowOrigin },
  "The preflight dies in the login check": {
    standard: "blocked acao-missing",
    webkit: "blocked preflight-status",
    fix: "preflight Access-Control-Allow-Origin: https://app.example.com; preflight 204; preflight Access-Control-Allow-Headers: Authorization",
  },
  "* with credentials": {
    standard: "blocked acao-wildcard-credentials",
    fix: "request credentials: same-origin",
  },
  "Two layers both add the header": { standard: "blocked acao-multiple", fix: allowOrigin },
  "A slash at the end of the origin": { standard: "blocked acao-mismatch", fix: allowOrigin },
  "An SDK adds a header": {
    standard: "blocked header-not-allowed",
    fix: "preflight Access-Control-Allow-Headers: Content-Type, sentry-trace",
  },
  "The preflight is redirected": {
    standard: "blocked acao-missing",
    chromium: "blocked preflight-redirect",
    webkit: "blocked preflight-redirect",
    fix: "preflight Access-Control-Allow-Origin: https://app.example.com; preflight 204; preflight Access-Control-Allow-Methods: PUT",
  },
  "Authorization under *": {
    standard: "blocked header-not-allowed",
    // Measured: no engine enforces this step of the standard yet.
    chromium: "readable",
    firefox: "readable",
    webkit: "readable",
    fix: "preflight Access-Control-Allow-Headers: *, Authorization",
  },
  "The origin null of a sandboxed frame": {
    standard: "blocked acao-mismatch",
    fix: "actual Access-Control-Allow-Origin: *",
  },
  "Integration platform: an extra header is blocked": {
    standard: "blocked header-not-allowed",
    fix: 'policy allow_headers: ["Content-Type","X-Auth-Token","apikey","test"]',
  },
  "Four fields in a form: PUT with cookies passes": readable,
  "The article: a JSON POST needs a preflight": {
    standard: "blocked header-not-allowed",
    fix: "preflight Access-Control-Allow-Headers: Content-Type",
  },
  "Reverse proxy: mirrored origins with credentials": {
    standard: "fault policy/credentials-with-any-origin",
  },
  "The note: one preflight exchange": readable,
};
