// The text of a first configuration: a file that explains each of its lines, and in which check finds no
// fault.

import { tomlString } from "../config/tree/show.ts";
import { readApi } from "../recipes/api.ts";

export interface FirstConfig {
  /** The address where browsers reach the gateway. */
  readonly listen: string;
  /** The API: `127.0.0.1:5001`, `http://localhost:3000`, `https://api.internal/v1`. */
  readonly api: string;
  readonly origins: readonly string[];
  readonly credentials: boolean;
  readonly methods: readonly string[];
  readonly headers: readonly string[];
}

export function writeFirstConfig(from: FirstConfig): string {
  const { address, sni, host, path } = readApi(from.api);
  const list = (items: readonly string[]): string => `[${items.map(tomlString).join(", ")}]`;
  // Methods that no list can stop are written too, so that the list does not seem to stop them.
  const methods = [...new Set(["GET", "HEAD", "POST", ...from.methods.map(asMethod)])];
  const any = from.origins.length === 1 && from.origins[0] === "*";
  const lines = [
    "# Which pages of other origins may call the API. Corsway enforces this.",
    "# `corsway check` checks this file, and `corsway serve` starts the gateway.",
    "",
    "# The address where browsers reach the gateway.",
    "[servers.public]",
    `addr = ${tomlString(from.listen)}`,
    "",
    "# The API behind it.",
    "[upstreams.api]",
    `addrs = [${tomlString(address)}]`,
    ...(sni === undefined ? [] : [`sni = ${tomlString(sni)}   # it uses https, with this name`]),
    "",
    "# Which requests go there: all that no other location takes. More may have a path and a policy of",
    '# their own: path = "/orders".',
    "[locations.api]",
    'upstream = "api"',
    'cors = "pages"',
    ...(path === undefined
      ? []
      : [`rewrite = ${tomlString(`^/ ${path}`)}   # /users is the API's ${path}users`]),
    ...(host === undefined
      ? []
      : [`proxy_set_headers = [${tomlString(`Host: ${host}`)}]   # the API expects its own name`]),
    "",
    "[policies.pages]",
    "# The pages that may call the API. An origin is a scheme, a host and a port, without a slash at its end.",
    `allow_origins = ${any ? '"*"' : list(from.origins)}`,
    "# The methods they may use. A list cannot stop GET, HEAD and POST.",
    `allow_methods = ${list(methods)}`,
    ...(from.headers.length === 0
      ? [
          "# The request headers they may set in addition to the safelisted ones; none yet.",
          '# allow_headers = ["Content-Type"]',
        ]
      : ["# The request headers they may set.", `allow_headers = ${list(from.headers)}`]),
    from.credentials
      ? "# Their requests carry cookies and HTTP authentication."
      : "# Whether their requests carry cookies and HTTP authentication.",
    `allow_credentials = ${from.credentials}`,
    ...(from.credentials && !any
      ? [
          "# Other pages cannot write with those cookies: methods other than GET, HEAD and OPTIONS get 403.",
          'on_mismatch = "reject-writes"',
        ]
      : []),
    "# How long a browser may cache a preflight response.",
    'max_age = "10m"',
  ];
  return `${lines.join("\n")}\n`;
}

const methodNames = new Set("GET HEAD POST PUT PATCH DELETE OPTIONS QUERY".split(" "));

/** Whether this word is the name of a method, in any case. */
export function isMethod(word: string): boolean {
  return /^[A-Z]+$/.test(word) || methodNames.has(word.toUpperCase());
}

/** As a page has to send it: `fetch` does not convert `patch`, and no API accepts that. */
function asMethod(word: string): string {
  const name = word.toUpperCase();
  return methodNames.has(name) ? name : word;
}
