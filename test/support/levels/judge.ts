// What pages learn of a policy by nothing but their own requests: whose pages read, which methods
// and headers pass, which response headers they see, whether credentials do, and whether a
// preflight is remembered. DevTools listen for what a page is not told: the age it was given.

import type { Browser } from "playwright-core";
import { openPage, type OpenPage } from "../browser/page.ts";
import { levels, words, type Field, type Level } from "./table.ts";

export interface Learned {
  readonly allow_origins?: readonly Level[];
  readonly allow_methods?: readonly Level[];
  readonly allow_headers?: readonly Level[];
  readonly expose_headers?: readonly Level[];
  readonly allow_credentials?: boolean;
  /** The value that came with the preflight; absent there: null. */
  readonly max_age?: number | null;
}

/** One location to be judged, from the page that is to be let in. */
export interface Judged {
  readonly url: string;
  readonly from: Level;
  readonly fields: readonly Field[];
  /** A method that passes beyond GET, HEAD and POST, or a header: what a preflight can be kept of. */
  readonly keeps?: Ask["init"];
}

interface Ask {
  readonly from: Level;
  readonly url: string;
  readonly init: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly credentials?: "include" | "omit";
  };
}

type Answer = readonly string[] | null;

export interface Jury {
  /** What each place's pages learned, in order. */
  judge(places: readonly Judged[]): Promise<readonly Learned[]>;
  close(): Promise<void>;
}

/** A page per level, of the origin that the level allows. */
export async function summonJury(
  browser: Browser,
  origins: Readonly<Record<Level, string>>,
): Promise<Jury> {
  const pages = new Map<Level, Listening>();
  for (const level of levels) pages.set(level, await listening(browser, origins[level]));
  return {
    judge: async (places) => {
      const asks = places.flatMap(asksOf);
      const answers = new Map<string, Answer>();
      await Promise.all(
        levels.map(async (level) => {
          const own = asks.filter(({ from }) => from === level);
          const got = await pages.get(level)!.ask(own);
          own.forEach((ask, index) => answers.set(keyOf(ask), got[index] as Answer));
        }),
      );
      return Promise.all(places.map((place) => learn(place, answers, pages.get(place.from)!)));
    },
    close: async () => {
      for (const { page } of pages.values()) await page.close();
    },
  };
}

function keyOf({ from, url }: Ask): string {
  return `${from} ${url}`;
}

const read = (place: Judged, from: Level): Ask => ({ from, url: `${place.url}/read`, init: {} });
const method = (place: Judged, of: Level): Ask => ({
  from: place.from,
  url: `${place.url}/method/${of}`,
  init: { method: words[of].method },
});
const header = (place: Judged, of: Level): Ask => ({
  from: place.from,
  url: `${place.url}/header/${of}`,
  init: { headers: { [words[of].header]: "1" } },
});
const credentials = (place: Judged): Ask => ({
  from: place.from,
  url: `${place.url}/credentials`,
  init: { credentials: "include" },
});
const age = (place: Judged): Ask => ({
  from: place.from,
  url: `${place.url}/age`,
  init: place.keeps ?? { method: "PUT" },
});

function asksOf(place: Judged): Ask[] {
  const asks: Readonly<Record<Field, () => Ask[]>> = {
    allow_origins: () => levels.map((from) => read(place, from)),
    allow_methods: () => levels.map((of) => method(place, of)),
    allow_headers: () => levels.map((of) => header(place, of)),
    expose_headers: () => [read(place, place.from)],
    allow_credentials: () => [credentials(place)],
    max_age: () => [age(place)],
  };
  const all = place.fields.flatMap((field) => asks[field]());
  return [...new Map(all.map((ask) => [keyOf(ask), ask])).values()];
}

async function learn(
  place: Judged,
  answers: ReadonlyMap<string, Answer>,
  page: Listening,
): Promise<Learned> {
  const passes = (ask: Ask): boolean => answers.get(keyOf(ask)) !== null;
  const lessons: Readonly<Record<Field, () => unknown>> = {
    allow_origins: () => levels.filter((from) => passes(read(place, from))),
    allow_methods: () => levels.filter((of) => passes(method(place, of))),
    allow_headers: () => levels.filter((of) => passes(header(place, of))),
    expose_headers: () => {
      const seen = answers.get(keyOf(read(place, place.from))) ?? [];
      return levels.filter((of) => seen.includes(words[of].exposed));
    },
    allow_credentials: () => passes(credentials(place)),
    max_age: () => page.ageOf(age(place).url),
  };
  const learned: Record<string, unknown> = {};
  for (const field of place.fields) learned[field] = await lessons[field]();
  return learned;
}

interface Listening {
  readonly page: OpenPage;
  /** The names of the headers that were seen, or null for a request that was blocked. */
  ask(asks: readonly Ask[]): Promise<readonly Answer[]>;
  /** What the preflight of that URL said of its age. */
  ageOf(url: string): Promise<number | null>;
}

async function listening(browser: Browser, origin: string): Promise<Listening> {
  const page = await openPage(browser, origin);
  const session = await page.context.newCDPSession(page.page);
  const preflights = new Map<string, string>();
  const came = new Map<string, Readonly<Record<string, string>>>();
  session.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (request.method === "OPTIONS") preflights.set(request.url, requestId);
  });
  session.on("Network.responseReceivedExtraInfo", ({ requestId, headers }) => {
    came.set(requestId, headers);
  });
  await session.send("Network.enable");
  return {
    page,
    ask: (asks) =>
      page.page.evaluate(
        fetchAll,
        asks.map(({ url, init }) => ({ url, init })),
      ),
    ageOf: async (url) => {
      for (let turn = 0; turn < 250; turn++) {
        const headers = came.get(preflights.get(url) ?? "");
        if (headers !== undefined) {
          const name = Object.keys(headers).find((key) => /^access-control-max-age$/i.test(key));
          return name === undefined ? null : Number(headers[name]);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`no preflight was seen for ${url}`);
    },
  };
}

/** Runs in the page: it must not use anything from outside its own text. */
async function fetchAll(asks: readonly { readonly url: string; readonly init: RequestInit }[]) {
  const answers: (string[] | null)[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < asks.length; index = next++) {
      const { url, init } = asks[index]!;
      try {
        const response = await fetch(url, init);
        await response.arrayBuffer();
        answers[index] = [...response.headers.keys()];
      } catch {
        answers[index] = null;
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, work));
  return answers;
}
