// Everything one acceptance test needs, with the names its document uses: pages, the gateway on
// real files, the API behind it, and Chromium, which alone believes that the names are ours.

import { certificateFor } from "./certificate.ts";
import { startChromium } from "./chromium.ts";
import { freePorts } from "../free-ports.ts";
import { serveFiles, type Logged, type RunningGateway } from "./gateway.ts";
import { startPageServer } from "./page-server.ts";
import { openPage, type FetchInit, type OpenPage, type Seen } from "./page.ts";
import { startUpstream, type Reached, type Upstream } from "./upstream.ts";

export interface StageOptions {
  /** Origins with pages: `https://app.example.com`. */
  readonly pages: readonly string[];
  /** The gateway's listeners by a name of the test's, and the origins under which they are called. */
  readonly doors: Readonly<Record<string, readonly string[]>>;
  /** The files, given the port of each door and of the API; `cert.pem` and `key.pem` lie beside. */
  readonly files: (ports: Readonly<Record<string, number>>) => Readonly<Record<string, string>>;
  readonly answers?: Parameters<typeof startUpstream>[0];
  /** Lets cookies go with requests to another site. */
  readonly thirdPartyCookies?: boolean;
}

export interface Stage {
  readonly gateway: RunningGateway;
  readonly upstream: Upstream;
  /** The ports of the doors, and of the API as `upstream`. */
  readonly ports: Readonly<Record<string, number>>;
  open(origin: string): Promise<OpenPage>;
  /** A page's fetch, what the gateway logged of it, and what reached the API. */
  exchange(page: OpenPage, url: string, init?: FetchInit): Promise<Exchange>;
  close(): Promise<void>;
}

export interface Exchange {
  readonly seen: Seen;
  readonly log: readonly Logged[];
  /** The log in short: `OPTIONS /users 204`. */
  readonly lines: readonly string[];
  readonly reached: readonly Reached[];
}

export async function setStage(options: StageOptions): Promise<Stage> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.reverse().splice(0)) await closer();
  };
  try {
    const origins = [...options.pages, ...Object.values(options.doors).flat()];
    const certificate = await certificateFor(...new Set(origins.map((at) => new URL(at).hostname)));
    const upstream = await startUpstream(options.answers);
    closers.push(upstream.close);
    const doorNames = Object.keys(options.doors);
    const free = await freePorts(doorNames.length);
    const ports: Record<string, number> = { upstream: upstream.port };
    doorNames.forEach((door, index) => (ports[door] = free[index] as number));

    const gateway = await serveFiles(
      {
        "cert.pem": certificate.cert,
        "key.pem": certificate.key,
        ...options.files(ports),
      },
      free,
    );
    closers.push(gateway.stop);

    const secure = await startPageServer(certificate);
    const plain = await startPageServer();
    closers.push(secure.close, plain.close);
    const names: Record<string, number> = {};
    for (const page of options.pages) {
      names[hostAndPort(page)] = page.startsWith("https:") ? secure.port : plain.port;
    }
    for (const [door, called] of Object.entries(options.doors)) {
      for (const origin of called) names[hostAndPort(origin)] = ports[door] as number;
    }
    const chromium = await startChromium({
      names,
      thirdPartyCookies: options.thirdPartyCookies ?? false,
    });
    closers.push(chromium.close);

    return {
      gateway,
      upstream,
      ports,
      open: (origin) => openPage(chromium.browser, origin),
      exchange: async (page, url, init) => {
        const line = gateway.logged.length;
        const arrived = upstream.reached.length;
        const seen = await page.fetch(url, init);
        // What Chromium put on the wire, the gateway must have logged: a preflight that something
        // else answered would be missing here.
        const log = await gateway.lines(line, seen.told.wire.length);
        return {
          seen,
          log,
          lines: log.map((entry) => `${entry.method} ${entry.path} ${entry.status}`),
          reached: upstream.reached.slice(arrived),
        };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function hostAndPort(origin: string): string {
  const url = new URL(origin);
  return `${url.hostname}:${url.port || (url.protocol === "https:" ? 443 : 80)}`;
}
