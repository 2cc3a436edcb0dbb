// The write lock on a scene: every way in which a page can send a request, from every kind of page,
// under each value of on_mismatch. What a browser sends under `omit` reaches the API, headers and all;
// from that `admits` says what is carried out under the others, and the API's own log has to agree.

import { admits, definePolicy, type Header, type Policy, type RequestHead } from "@corsway/cors";
import {
  actionScript,
  isNavigation,
  sandboxedScript,
  ways,
  type ActionKind,
  type PageAction,
} from "../support/browser/page-actions.ts";
import type { RunningGateway } from "../support/browser/gateway.ts";
import type { Reached, Upstream } from "../support/browser/upstream.ts";

export const pageNames = ["own", "allowed", "sibling", "foreign", "sandboxed"] as const;
export type PageName = (typeof pageNames)[number];
export const settings = ["omit", "reject-writes", "reject"] as const;
export type Setting = (typeof settings)[number];
export const actionKinds = Object.keys(ways) as ActionKind[];

export interface LockScene {
  /** The origin of the API behind the gateway. */
  readonly api: string;
  /** The origin that the policies allow. */
  readonly allowed: string;
  /** A page of each kind, by its URL. The sandboxed one is a frame in its page. */
  readonly pages: Readonly<Record<PageName, string>>;
  readonly gateway: Pick<RunningGateway, "logged">;
  readonly upstream: Pick<Upstream, "reached">;
  /** Opens the page anew and runs a script there. It stays open until the next visit. */
  visit(url: string, script: string): Promise<void>;
}

/** Locations of the file, one for each setting; they name the upstream `api`. */
export function lockLocations(allowed: string): string {
  return settings
    .map(
      (setting) => `
[locations.${setting}]
path = "/${setting}"
upstream = "api"
cors = { allow_origins = "${allowed}", allow_methods = "GET, HEAD, POST, PUT", allow_headers = "Content-Type", allow_credentials = true, on_mismatch = "${setting}" }
`,
    )
    .join("");
}

function policyWith(allowed: string, onMismatch: Setting): Policy {
  return definePolicy({
    allowOrigins: allowed,
    allowMethods: ["GET", "HEAD", "POST", "PUT"],
    allowHeaders: "Content-Type",
    allowCredentials: true,
    onMismatch,
  });
}

export function pathOf(setting: Setting, page: PageName, kind: ActionKind): string {
  return `/${setting}/${page}/${kind.replaceAll(" ", "-")}`;
}

/** A sandboxed frame cannot navigate its page. */
export function canDo(page: PageName, kind: ActionKind): boolean {
  return page !== "sandboxed" || !isNavigation(kind);
}

/** Carries everything out, and gives what reached the API, by path. */
export async function carryOutAll(scene: LockScene): Promise<ReadonlyMap<string, Reached>> {
  for (const name of pageNames) {
    const actions = settings.flatMap((setting) =>
      actionKinds
        .filter((kind) => canDo(name, kind))
        .map((kind): PageAction => ({ kind, url: scene.api + pathOf(setting, name, kind) })),
    );
    const staying = actions.filter(({ kind }) => !isNavigation(kind));
    const script = name === "sandboxed" ? sandboxedScript : actionScript;
    await scene.visit(scene.pages[name], script(staying));
    await logged(scene, staying);
    for (const action of actions) {
      if (!isNavigation(action.kind)) continue;
      await scene.visit(scene.pages[name], actionScript([action]));
      await logged(scene, [action]);
    }
  }
  const carriedOut = scene.upstream.reached.filter(({ method }) => method !== "OPTIONS");
  return new Map(carriedOut.map((one) => [one.url, one]));
}

async function logged({ gateway }: LockScene, actions: readonly PageAction[]): Promise<void> {
  const paths = actions.map(({ url }) => new URL(url).pathname);
  const isMissing = (path: string): boolean => !gateway.logged.some((one) => one.path === path);
  for (let turn = 0; turn < 1200 && paths.some(isMissing); turn++)
    await new Promise((resolve) => setTimeout(resolve, 25));
  const missing = paths.filter(isMissing);
  if (missing.length > 0) throw new Error(`never seen by the gateway: ${missing.join(", ")}`);
}

/** What names a request's page and its kind: all that the table of the write lock asks for. */
const told = ["origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "cookie"];

function headOf(api: string, { method, url, headers }: Reached): RequestHead {
  const sent = told.flatMap((name): Header[] => {
    const value = headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return { method, url: api + url, headers: sent };
}

export interface LockOutcome {
  readonly carriedOut: number;
  readonly refused: number;
  /** Where the API's log and `admits` part, in words. */
  readonly differences: readonly string[];
}

/** Holds what reached the API under a setting against `admits`. */
export function judgeLock(
  { api, allowed, gateway }: LockScene,
  reached: ReadonlyMap<string, Reached>,
  setting: Setting,
): LockOutcome {
  const policy = policyWith(allowed, setting);
  const differences: string[] = [];
  const count = { carriedOut: 0, refused: 0 };
  for (const page of pageNames)
    for (const kind of actionKinds) {
      if (!canDo(page, kind)) continue;
      const path = pathOf(setting, page, kind);
      const isCarriedOut = reached.has(path);
      count[isCarriedOut ? "carriedOut" : "refused"]++;
      const sent = reached.get(pathOf("omit", page, kind));
      // What does not arrive under `omit` never left the browser: its preflight was refused.
      const isStopped = "preflighted" in ways[kind] && page !== "own" && page !== "allowed";
      const expected = sent === undefined ? false : admits(policy, headOf(api, sent));
      if (sent === undefined && !isStopped) differences.push(`${path} was not sent`);
      if (isCarriedOut !== expected)
        differences.push(`${path} was ${isCarriedOut ? "" : "not "}carried out`);
      const status = gateway.logged.findLast((one) => one.path === path)?.status;
      if (status !== (isCarriedOut ? 200 : 403)) differences.push(`${path} got ${status}`);
    }
  return { ...count, differences };
}
