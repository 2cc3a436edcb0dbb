// A page of one origin, in a context of its own (so: its own preflight cache, cookies and
// connections), and what its fetch let it see. DevTools tell the rest: Chromium's own reason and
// the console's words. They listen only; nothing is intercepted.

import type { Browser, BrowserContext, Page } from "playwright-core";

/** A fetch as JSON: the page makes the real one. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A file of that many bytes instead of `body`. */
  readonly bodyBytes?: number;
  readonly credentials?: RequestCredentials;
  readonly mode?: RequestMode;
  readonly redirect?: RequestRedirect;
  readonly cache?: RequestCache;
}

export type Seen =
  | {
      readonly blocked: false;
      readonly ok: boolean;
      readonly status: number;
      readonly type: ResponseType;
      /** Exactly the headers the page may read, lower case. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly told: Told;
    }
  | {
      readonly blocked: true;
      /** The TypeError's message: all that the page learns. */
      readonly message: string;
      readonly told: Told;
    };

/** What Chromium tells its developer, not the page. */
export interface Told {
  readonly console: readonly string[];
  /** Network.loadingFailed's corsErrorStatus, of a blocked request. */
  readonly corsErrors: readonly { readonly corsError: string; readonly failedParameter: string }[];
  /** What really went out, preflights too, in order. */
  readonly wire: readonly Wire[];
}

export interface Wire {
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  /** The response's headers as they came, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface OpenPage {
  readonly origin: string;
  readonly page: Page;
  readonly context: BrowserContext;
  /** The page's own fetch. */
  fetch(url: string, init?: FetchInit): Promise<Seen>;
  close(): Promise<void>;
}

/** Opens a blank page of that origin; a page server must answer there. */
export async function openPage(browser: Browser, origin: string): Promise<OpenPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  const told = await listenIn(context, page);
  return {
    origin,
    page,
    context,
    fetch: async (url, init = {}) => {
      const mark = told.mark();
      const seen = await page.evaluate(fetchInPage, { url, init });
      await told.settled(mark, seen.blocked);
      return { ...seen, told: told.since(mark) } as Seen;
    },
    close: () => context.close(),
  };
}

/** Runs in the page: it must not use anything from outside its own text. */
async function fetchInPage(ask: { url: string; init: FetchInit }) {
  try {
    const { bodyBytes, ...init } = ask.init;
    const body = bodyBytes === undefined ? {} : { body: new Blob([new Uint8Array(bodyBytes)]) };
    const response = await fetch(ask.url, { ...(init as RequestInit), ...body });
    return {
      blocked: false,
      ok: response.ok,
      status: response.status,
      type: response.type,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  } catch (error) {
    return { blocked: true, message: String(error) };
  }
}

async function listenIn(context: BrowserContext, page: Page) {
  const lines: string[] = [];
  const corsErrors: { corsError: string; failedParameter: string }[] = [];
  const asked = new Map<string, { readonly method: string; readonly url: string }>();
  const sent: string[] = [];
  const answered = new Map<string, Pick<Wire, "status" | "headers">>();
  const ended = new Set<string>();
  page.on("console", (message) => lines.push(message.text()));
  const session = await context.newCDPSession(page);
  session.on("Network.requestWillBeSent", ({ requestId, request }) => {
    asked.set(requestId, { method: request.method, url: request.url });
  });
  // requestWillBeSent tells what the page wants; only ExtraInfo comes from the wire. A request
  // whose preflight failed has the first and never the second.
  session.on("Network.requestWillBeSentExtraInfo", ({ requestId }) => sent.push(requestId));
  session.on("Network.responseReceivedExtraInfo", ({ requestId, statusCode, headers }) => {
    const fields = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    answered.set(requestId, { status: statusCode, headers: Object.fromEntries(fields) });
  });
  session.on("Network.loadingFailed", ({ requestId, corsErrorStatus }) => {
    if (corsErrorStatus !== undefined) corsErrors.push(corsErrorStatus);
    ended.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId }) => ended.add(requestId));
  // What comes from the wire is told on a way of its own, and may come later than the end.
  const promised = new Set<string>();
  session.on("Network.responseReceived", ({ requestId, type, hasExtraInfo }) => {
    if (hasExtraInfo) promised.add(requestId);
    if (type === "Preflight") ended.add(requestId);
  });
  await session.send("Network.enable");
  type Mark = readonly [line: number, corsError: number, asked: number];
  const askedSince = (mark: Mark): string[] => [...asked.keys()].slice(mark[2]);
  const isOpen = (id: string): boolean =>
    !ended.has(id) || (promised.has(id) && !(sent.includes(id) && answered.has(id)));
  return {
    mark: (): Mark => [lines.length, corsErrors.length, asked.size],
    since: (mark: Mark): Told => ({
      console: lines.slice(mark[0]),
      corsErrors: corsErrors.slice(mark[1]),
      wire: sent
        .filter((id) => askedSince(mark).includes(id))
        .map((id) => {
          const { method, url } = asked.get(id)!;
          const { status, headers } = answered.get(id) ?? { headers: {} };
          return status === undefined ? { method, url, headers } : { method, url, status, headers };
        }),
    }),
    /** The page hears first, DevTools after: waits until every request of the page has its end. */
    settled: async (mark: Mark, blocked: boolean): Promise<void> => {
      const open = () =>
        asked.size === mark[2] ||
        askedSince(mark).some(isOpen) ||
        (blocked && lines.length === mark[0]);
      for (let turn = 0; open() && turn < 1500; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}
