// Where Corsway reads Pingap's files and then does something else than Pingap: each one on
// purpose, with the reason. `corsway check --dialect pingap` prints the list.

export interface Difference {
  readonly pingap: string;
  readonly corsway: string;
  readonly reason: string;
}

export const differencesFromPingap: readonly Difference[] = [
  {
    pingap: "every OPTIONS on a matching path is answered 204",
    corsway: "only preflights are: OPTIONS with Origin and Access-Control-Request-Method",
    reason: "any other OPTIONS is the upstream's own business",
  },
  {
    pingap: "allow_origin is one fixed value, sent to everybody",
    corsway:
      "allow_origin is a list; an origin that is not on it gets no headers, its preflight 403",
    reason: "that is what the document promises, and what a browser can enforce",
  },
  {
    pingap: "`{$http_origin}` with allow_credentials mirrors every origin",
    corsway: "it is an error, unless dangerously_allow_any_origin_with_credentials is set",
    reason: "every page on the web could act as the person who is logged in",
  },
  {
    pingap: "`*` with allow_credentials loads",
    corsway: "it is an error",
    reason: "no browser takes that answer, so no page would ever work",
  },
  {
    pingap: "Vary is never set",
    corsway: "Vary names what the answer depends on, on every response",
    reason: "a shared cache would hand one origin's answer to another",
  },
  {
    pingap: "allow-methods, allow-headers and max-age go out on every response",
    corsway: "they go out on preflights only, expose-headers on the others only",
    reason: "browsers read them nowhere else",
  },
  {
    pingap: "a plugin's own refusals (401, 429) and error pages (502) have no CORS headers",
    corsway: "every response has them",
    reason: "without them a page sees a network error and not the status",
  },
  {
    pingap: "`path` of the plugin is matched after the location's rewrite",
    corsway: "it is matched on the path that the browser asked for",
    reason: "a rewrite must not switch a policy off",
  },
  {
    pingap: 'values of another type are dropped: max_age = 3600, allow_credentials = "true"',
    corsway: "they are read as meant, with a note",
    reason: "a policy that silently is another one is the worst of faults",
  },
  {
    pingap: "unknown keys are ignored",
    corsway:
      "unknown keys are errors, Pingap's own a note; match_* and global_certificates are refused",
    reason: "a key that nothing reads is a promise that nobody keeps",
  },
  {
    pingap: "jwt, key_auth, limit and their like refuse requests, preflights too",
    corsway: "they are left out, with a warning at each location; preflights are answered",
    reason: "Corsway decides about origins; who a person is, is the upstream's to say",
  },
  {
    pingap: "`$NAME` in a plugin is a variable of the process's environment",
    corsway: "it is an error; what differs in an environment is laid over by `--env NAME`",
    reason: "a file has to mean one thing, or nobody can check it",
  },
  {
    pingap: "several cors plugins on a location all run",
    corsway: "a second one is an error",
    reason: "a browser is given one answer",
  },
  {
    pingap: "paths are matched as they came",
    corsway: "they are matched, and forwarded, decoded once and with dot segments resolved",
    reason: "what a policy was chosen for has to be what the upstream is asked for",
  },
  {
    pingap: "no matching location is 500",
    corsway: "it is 404",
    reason: "the server is well; what was asked for is not there",
  },
  {
    pingap: "HEAD is not among the default methods",
    corsway: "GET takes HEAD as well, and no list can stop GET, HEAD and POST",
    reason: "that is the Fetch standard",
  },
  {
    pingap: 'max_age = "0s" sends no header',
    corsway: "it sends 0",
    reason: "no header means five seconds to a browser; 0 means what was written",
  },
];
