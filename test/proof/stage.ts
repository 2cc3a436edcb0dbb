// Where the cases play: every host of a case resolves to loopback, in every engine without help
// (`localhost` and names below it), so nothing between page and server can repair an answer. With
// the public suffix rules `a.localhost` is a site of its own and `x.a.localhost` belongs to it.

import { pagePath } from "./page.ts";
import type { Host, Place, Scene } from "./case.ts";

const hosts: Readonly<Record<Host, string>> = {
  named: "a.localhost",
  below: "x.a.localhost",
  other: "b.localhost",
  bare: "localhost",
  address: "127.0.0.1",
};

export interface Stage {
  readonly ports: readonly [number, number];
  /** The one that speaks https. */
  readonly tls: number;
  /** A name of this run: no URL of an earlier run is ever asked for again. */
  readonly run: string;
}

export function placeOrigin(stage: Stage, place: Place): string {
  const [host, port] = place.split(":") as [Host, "1" | "2" | "s"];
  if (port === "s") return `https://${hosts[host]}:${stage.tls}`;
  return `http://${hosts[host]}:${stage.ports[Number(port) - 1]}`;
}

/** Every name under which the servers are asked. */
export const hostNames: readonly string[] = Object.values(hosts);

/** A first visit gives each host its cookies; a request that may carry them then does. */
export function usualVisits(stage: Stage): string[] {
  return (Object.keys(hosts) as Host[]).map(
    (host) => `${pageOrigin(stage, host)}${pagePath}?visit`,
  );
}

/** The tuple origin of the page of a case; its own port is the first. */
export function pageOrigin(stage: Stage, page: Host, secure = false): string {
  return placeOrigin(stage, secure ? `${page}:s` : `${page}:1`);
}

let lastNumber = 0;

/** Numbers are never used twice in one run, so that nothing is remembered from an earlier case. */
export function nextNumber(): number {
  return lastNumber++;
}

/** The URL of a node of the case with this number. */
export function nodeUrl(stage: Stage, number: number, one: Scene, node: string): string {
  const { place } = one.nodes[node]!;
  return `${placeOrigin(stage, place)}/x/${stage.run}/${number}/${node}`;
}

/** Which case and node a URL of this stage belongs to. */
export function nodeOfUrl(
  stage: Stage,
  url: string,
): { readonly number: number; readonly node: string } | undefined {
  const match = /^https?:\/\/[^/]+\/x\/([^/]+)\/(\d+)\/([a-z0-9]+)(?:[?#].*)?$/.exec(url);
  if (match === null || match[1] !== stage.run) return undefined;
  return { number: Number(match[2]), node: match[3]! };
}
