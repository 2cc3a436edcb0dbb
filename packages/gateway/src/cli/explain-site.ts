// `explain --config`: the gateway and what is around it. Where its upstream redirects to another host, or to another path,
// the configuration does not say what is there; that is assumed, and said.

import type { BrowserResponder, Verdict } from "@corsway/cors/browser";
import { headerReading, type Explanation } from "@corsway/cors/explain";
import type { Source } from "../config/config.ts";
import type { ConfigGateway, Ruling } from "../responders/config-gateway.ts";

export interface Site {
  readonly gateway: ConfigGateway;
  /** The same gateway after a redirect: what the upstream sends there is not known, so it is a bare 200. */
  readonly landed: ConfigGateway;
  readonly hostname: string;
}

type Note = readonly [label: string, text: string];

/** A redirect to another host leaves the configuration: that server is assumed to send no CORS header. */
export function respondAs({ gateway, landed, hostname }: Site): BrowserResponder {
  return (request, { hop }) => {
    if (new URL(request.url).hostname !== hostname) return { status: 200, headers: [] };
    return (hop > 0 ? landed : gateway).respond(request);
  };
}

export function redirectNotes({ hostname }: Site, { wire }: Verdict): readonly Note[] {
  const target = wire.find(({ hop }) => hop > 0)?.request.url;
  if (target === undefined) return [];
  const { hostname: to, host } = new URL(target);
  return [
    [
      "note",
      to === hostname
        ? "where the redirect leads, the upstream is assumed to respond with a bare 200"
        : `\`${host}\` is not in this configuration: it is assumed to send no CORS header`,
    ],
  ];
}

/** The line of the file that lets the page read a response header. */
export function exposeNotes(
  explanation: Explanation,
  asked: string,
  { effective, rule, outsidePath }: Ruling,
): readonly Note[] {
  const { name, because } = headerReading(explanation, asked);
  if ((because !== "not-exposed" && because !== "star-with-credentials") || outsidePath) return [];
  if (effective.kind !== "policy" && effective.kind !== "rules") return [];
  const decided = effective.kind === "policy" ? effective : effective.rules[rule ?? -1];
  if (decided === undefined) return [];
  const field = decided.fields.get("expose_headers");
  const at = field ?? decided.fields.get("allow_origins") ?? effective.from;
  const names = [...decided.policy.exposeHeaders.names, name];
  const list = names.map((each) => JSON.stringify(each)).join(", ");
  return [["fix", `${place(at)}  ${field === undefined ? "add " : ""}expose_headers = [${list}]`]];
}

/** `corsway.toml:2:8` */
export function place({ at, path }: Source): string {
  return at === undefined ? path : `${at.file}:${at.line}:${at.column}`;
}
