// A scene for the write lock in any engine: plain http on *.localhost, which every engine takes for
// trustworthy, so that it sends Fetch Metadata there.

import { freePorts } from "../support/free-ports.ts";
import { serveFiles } from "../support/browser/gateway.ts";
import { startUpstream } from "../support/browser/upstream.ts";
import type { ProofBrowser } from "./browser.ts";
import { pagePath } from "./page.ts";
import { pageOrigin, type Stage } from "./stage.ts";
import { carryOutAll, judgeLock, lockLocations, settings, type LockScene } from "./write-lock.ts";

export interface LockReport {
  readonly requests: number;
  readonly refused: number;
  readonly differences: readonly string[];
}

export async function proveWriteLock(browser: ProofBrowser, stage: Stage): Promise<LockReport> {
  const html = { headers: { "Content-Type": "text/html" }, body: "<!doctype html><title>own" };
  const upstream = await startUpstream({ "GET /": html });
  const [port] = await freePorts(1);
  const allowed = pageOrigin(stage, "other");
  const gateway = await serveFiles(
    {
      "corsway.toml": `
        [servers.api]
        addr = "127.0.0.1:${port}"
        hosts = "a.localhost"

        [upstreams.api]
        addrs = ["127.0.0.1:${upstream.port}"]

        [locations.root]
        path = "= /"
        upstream = "api"
        ${lockLocations(allowed)}
      `,
    },
    [port!],
  );
  try {
    const api = `http://a.localhost:${port}`;
    const foreign = `${pageOrigin(stage, "bare")}${pagePath}`;
    const scene: LockScene = {
      api,
      allowed,
      pages: {
        own: `${api}/`,
        allowed: `${allowed}${pagePath}`,
        sibling: `${pageOrigin(stage, "below")}${pagePath}`,
        foreign,
        sandboxed: foreign,
      },
      gateway,
      upstream,
      visit: browser.visit,
    };
    const reached = await carryOutAll(scene);
    const outcomes = settings.map((setting) => judgeLock(scene, reached, setting));
    const sum = (of: (outcome: (typeof outcomes)[number]) => number): number =>
      outcomes.reduce((total, outcome) => total + of(outcome), 0);
    return {
      requests: sum(({ carriedOut, refused }) => carriedOut + refused),
      refused: sum(({ refused }) => refused),
      differences: outcomes.flatMap(({ differences }) => differences),
    };
  } finally {
    await gateway.stop();
    await upstream.close();
  }
}
