// What WebKit says of requests that something other than CORS stopped. Each wording is a whole sentence.

import { cspVerbs, url } from "./not-cors-parts.ts";
import type { Wording } from "./wording.ts";

export const webkitNotCors: readonly Wording[] = [
  {
    reason: "csp-blocked",
    pattern: new RegExp(
      `Refused to (?:${cspVerbs}|load|execute a script from) ${url} because it (?:does not appear in the|violates the following Content Security Policy directive:) ["']?([\\w-]{1,40})`,
    ),
    holes: ["url", "directive"],
  },
  {
    reason: "csp-blocked",
    pattern: /Failed to load resource: Blocked by Content Security Policy/,
  },
  {
    reason: "mixed-content",
    pattern: new RegExp(
      `The page at '?([^' ]{1,4096}?)'? (?:requested insecure content from ${url}\\.? This content was automatically upgraded|was allowed to (?:display|run) insecure content from ${url}(?=\\.? |\\.?$))`,
    ),
    holes: ["origin", "url", "url"],
    passes: true,
  },
  {
    reason: "mixed-content",
    pattern: new RegExp(
      `(?:\\[blocked\\] )?The page at '?([^' ]{1,4096}?)'? (?:was not allowed to (?:display|run) insecure content from|requested insecure content from) ${url}(?=\\.? |\\.?$)`,
    ),
    holes: ["origin", "url"],
  },
  {
    reason: "canvas-tainted",
    pattern:
      /Unable to get image data from canvas because the canvas has been tainted by cross-origin data/,
  },
  {
    reason: "coep-blocked",
    pattern:
      /Refused to load '?([a-z]{2,20}:[^' ]{1,4096}?)'? because of Cross-Origin-Embedder-Policy/,
    holes: ["url"],
  },
  {
    reason: "stylesheet-unreadable",
    pattern: /Not allowed to access cross-origin stylesheet/,
  },
  {
    reason: "content-blocker",
    pattern:
      /Content blocker prevented frame displaying ([^ ]{1,4096}) from loading a resource from ([^ ]{1,4096})/,
    holes: ["origin", "url"],
  },
  {
    reason: "frame-refused",
    pattern: new RegExp(`Refused to display ${url} in a frame because it set 'X-Frame-Options'`),
    holes: ["url"],
  },
  {
    reason: "network-error",
    pattern: /A server with the specified hostname could not be found/,
    fixed: { why: "the host's name cannot be resolved" },
  },
  {
    reason: "network-error",
    pattern: /Could not connect to the server/,
    fixed: { why: "nothing is listening at the server's address and port" },
  },
  {
    reason: "network-error",
    pattern: /The network connection was lost/,
    fixed: { why: "the connection broke before a response arrived" },
  },
  {
    reason: "network-error",
    pattern: /The request timed out/,
    fixed: { why: "the server did not respond in time" },
  },
  {
    reason: "network-error",
    pattern: /The Internet connection appears to be offline/,
    fixed: { why: "this machine has no network" },
  },
  {
    reason: "network-error",
    pattern: /App Transport Security policy requires the use of a secure connection/,
    fixed: { why: "iOS refuses plain http to the app (App Transport Security)" },
  },
  {
    reason: "certificate",
    pattern:
      /The certificate for this server is invalid|An SSL error has occurred and a secure connection to the server cannot be made/,
  },
];
