// Parts of the sentences in which browsers write of policies, networks and sockets.

export const cspVerbs =
  "connect to|load the [\\w-]{1,20}|load plugin data from|frame|send form data to|create a worker from|prefetch content from";

export const directives =
  "(?:default|connect|script|style|img|font|media|frame|child|worker|object|manifest|prefetch)-src(?:-elem|-attr)?|form-action|frame-ancestors";

/** The directive that applies, where the policy does not have it and another one stands in. */
export const fallback: string = `(?:[^"\\n]{0,4000}" ?\\.? Note that '(${directives})' was not explicitly set)?`;

/** What a console or a person writes in a URL's place. */
export const noUrl = "(?: '(?:<[^<>'\\n]{0,200}>)?')?";

/** A word for the console's URL. */
export const url = "'?([a-z]{2,20}:[^' ]{1,4096}?)'?";

export const webSocket =
  "the WebSocket was not opened (CORS does not apply to WebSockets; a server that refuses a page checks `Origin` itself)";
