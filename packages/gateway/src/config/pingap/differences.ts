// Where Corsway reads Pingap's files but then does something different from Pingap: each intentionally,
// with its reason. `corsway check --dialect pingap` prints the list.

export interface Difference {
  readonly pingap: string;
  readonly corsway: string;
  readonly reason: string;
}

export const differencesFromPingap: readonly Difference[] = [
  {
    pingap: "every OPTIONS on a matching path gets 204",
    corsway: "only preflights do: OPTIONS with Origin and Access-Control-Request-Method",
    reason: "any other OPTIONS is for the upstream to answer",
  },
  {
    pingap: "allow_origin is one fixed value, sent to every origin",
    corsway:
      "allow_origin is a list; an origin that is not on it gets no headers, and its preflight gets 403",
    reason: "that is what the document promises, and what a browser can enforce",
  },
  {
    pingap: "`{$http_origin}` with allow_credentials mirrors every origin",
    corsway: "it is an error, unless dangerously_allow_any_origin_with_credentials is set",
    reason: "every page on the web could act as the logged-in user",
  },
  {
    pingap: "`*` with allow_credentials loads",
    corsway: "it is an error",
    reason: "no browser accepts that response, so no page would ever work",
  },
  {
    pingap: "Vary is never set",
    corsway: "every response has a Vary that names what it depends on",
    reason: "a shared cache would serve one origin's response to another",
  },
  {
    pingap: "allow-methods, allow-headers and max-age go out on every response",
    corsway: "they are sent on preflight responses only, and expose-headers on all others",
    reason: "browsers do not read them anywhere else",
  },
  {
    pingap: "rejections by plugins (401, 429) and error pages (502) have no CORS headers",
    corsway: "every response has them",
    reason: "without them, a page sees a network error instead of the status",
  },
  {
    pingap: "`path` of the plugin is matched after the location's rewrite",
    corsway: "it is matched against the path that the browser requested",
    reason: "a rewrite must not switch off a policy",
  },
  {
    pingap: 'values of another type are dropped: max_age = 3600, allow_credentials = "true"',
    corsway: "they are read as intended, with a note",
    reason: "a policy that is silently different from the file is the worst kind of fault",
  },
  {
    pingap: "unknown keys are ignored",
    corsway:
      "unknown keys are errors, and Pingap's own keys get a note; match_* and global_certificates are errors",
    reason: "an ignored key would look like a rule and have no effect",
  },
  {
    pingap: "jwt, key_auth, limit and similar plugins reject requests, preflights too",
    corsway: "they are ignored, with a warning at each location; preflights are answered",
    reason: "Corsway decides about origins; authentication is up to the upstream",
  },
  {
    pingap: "`$NAME` in a plugin is a variable from the process's environment",
    corsway: "it is an error; `--env NAME` overlays what differs for an environment",
    reason: "a file must have one meaning, or it cannot be checked",
  },
  {
    pingap: "several cors plugins on a location all run",
    corsway: "a second one is an error",
    reason: "a browser gets one response",
  },
  {
    pingap: "paths are matched as they arrived",
    corsway:
      "they are decoded once and dot segments are resolved before they are matched and forwarded",
    reason: "the upstream must receive the path for which the policy was chosen",
  },
  {
    pingap: "a request without a matching location gets 500",
    corsway: "it gets 404",
    reason: "the server works; the resource does not exist",
  },
  {
    pingap: "HEAD is not among the default methods",
    corsway: "GET includes HEAD, and no list can stop GET, HEAD and POST",
    reason: "that is the Fetch standard",
  },
  {
    pingap: 'max_age = "0s" sends no header',
    corsway: "it sends 0",
    reason: "without the header, browsers assume five seconds; 0 is what was written",
  },
];
