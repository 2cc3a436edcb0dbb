// The text of a first configuration: a file that says of each line what it is for, and that check
// finds clean.

import { tomlString } from "./show.ts";

export interface FirstConfig {
  /** Where browsers reach the gateway. */
  readonly listen: string;
  /** The API: `127.0.0.1:5001`, `http://localhost:3000`, `https://api.internal`. */
  readonly api: string;
  readonly origins: readonly string[];
  readonly credentials: boolean;
  readonly methods: readonly string[];
  readonly headers: readonly string[];
}

export function writeFirstConfig(from: FirstConfig): string {
  const { address, sni } = readApi(from.api);
  const list = (items: readonly string[]): string => `[${items.map(tomlString).join(", ")}]`;
  // What no list can stop is written as well, so that nobody reads it as stopped.
  const methods = [...new Set(["GET", "HEAD", "POST", ...from.methods])];
  const any = from.origins.length === 1 && from.origins[0] === "*";
  const lines = [
    "# Which pages of other origins may call the API, enforced by Corsway.",
    "# `corsway check` says whether this file is sound, `corsway serve` starts the gateway.",
    "",
    "# Where browsers reach the gateway.",
    "[servers.public]",
    `addr = ${tomlString(from.listen)}`,
    "",
    "# The API behind it.",
    "[upstreams.api]",
    `addrs = [${tomlString(address)}]`,
    ...(sni === undefined ? [] : [`sni = ${tomlString(sni)}   # it speaks https, under this name`]),
    "",
    "# Which requests go there: all of them. More locations may have paths and policies of their own.",
    "[locations.api]",
    'path = "/"',
    'upstream = "api"',
    'cors = "pages"',
    "",
    "[policies.pages]",
    "# The pages that may call: an origin is scheme, host and port, without a slash at its end.",
    `allow_origins = ${any ? '"*"' : list(from.origins)}`,
    "# The methods they may use. GET, HEAD and POST no list can stop.",
    `allow_methods = ${list(methods)}`,
    ...(from.headers.length === 0
      ? [
          "# The request headers they may set beyond the safelisted ones; none yet.",
          '# allow_headers = ["Content-Type"]',
        ]
      : ["# The request headers they may set.", `allow_headers = ${list(from.headers)}`]),
    from.credentials
      ? "# Their requests carry cookies and HTTP authentication."
      : "# Whether their requests carry cookies and HTTP authentication.",
    `allow_credentials = ${from.credentials}`,
    "# How long a browser may remember the answer to a preflight.",
    'max_age = "10m"',
  ];
  return `${lines.join("\n")}\n`;
}

/** A URL or an address, as a person would name an API. */
function readApi(api: string): { readonly address: string; readonly sni?: string } {
  const found = /^(?:(https?):\/\/)?([^/?#]+)/i.exec(api.trim());
  const scheme = found?.[1]?.toLowerCase();
  const authority = found?.[2] ?? api.trim();
  const port = /:\d+$/.test(authority)
    ? ""
    : scheme === "https"
      ? ":443"
      : scheme === "http"
        ? ":80"
        : "";
  const address = `${authority}${port}`;
  return scheme === "https" ? { address, sni: authority.replace(/:\d+$/, "") } : { address };
}
