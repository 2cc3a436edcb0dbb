// A page of one origin, in a context of its own (so: its own preflight cache, cookies and
// connections), and what its fetch let it see. DevTools tell the rest: Chromium's own reason and
// the console's words. They listen only; nothing is intercepted.

import type { Browser, BrowserContext, Page } from "playwright-core";

/** A fetch as JSON: the page makes the real one. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
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
  /** What went out, as DevTools list it: `OPTIONS https://…`, `PUT https://…`. */
  readonly requests: readonly string[];
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
    const response = await fetch(ask.url, ask.init as RequestInit);
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
  const requests: string[] = [];
  page.on("console", (message) => lines.push(message.text()));
  const session = await context.newCDPSession(page);
  session.on("Network.requestWillBeSent", (event) => {
    requests.push(`${event.request.method} ${event.request.url}`);
  });
  session.on("Network.loadingFailed", (event) => {
    if (event.corsErrorStatus !== undefined) corsErrors.push(event.corsErrorStatus);
  });
  await session.send("Network.enable");
  type Mark = readonly [number, number, number];
  return {
    mark: (): Mark => [lines.length, corsErrors.length, requests.length],
    since: ([line, cors, request]: Mark): Told => ({
      console: lines.slice(line),
      corsErrors: corsErrors.slice(cors),
      requests: requests.slice(request),
    }),
    /** The page hears of a block before DevTools do; a block has a console line, so wait for it. */
    settled: async ([line]: Mark, blocked: boolean): Promise<void> => {
      await session.send("Runtime.evaluate", { expression: "0" });
      if (!blocked) return;
      for (let turn = 0; lines.length === line && turn < 100; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}
