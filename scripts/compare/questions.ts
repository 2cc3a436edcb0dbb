// What every contender is asked, and why our answer is what it is.

import { openPage } from "@corsway/cors/testing";
import type { Verdict } from "@corsway/cors/testing";
import type { Running, Wanted } from "./contenders.ts";

export interface Question {
  readonly asks: string;
  readonly wanted: Wanted;
  answer(running: Running): Promise<string>;
  /** Why ours differs, or that it does not. */
  readonly why: string;
}

const app = "https://app.example.com";
const stranger = "https://evil.example";
const api = "https://api.example.com";

const listed: Wanted = { origin: [app], credentials: true };

async function ask(
  running: Running,
  origin: string,
  path: string,
  init: RequestInit = {},
): Promise<Verdict> {
  const page = openPage(origin, running.server as never);
  try {
    return await page.ask(`${api}${path}`, init);
  } finally {
    await page.close();
  }
}

const withCookies: RequestInit = { credentials: "include" };
const put: RequestInit = {
  method: "PUT",
  credentials: "include",
  headers: { "Content-Type": "application/json" },
  body: "{}",
};

function reads({ outcome }: Verdict): string {
  return outcome === "readable" ? "reads" : "blocked";
}

/** The headers of an answer about CORS, or in `Vary`; `kind` is which of the two answers. */
function headersOf(verdict: Verdict, kind: "actual" | "preflight"): (readonly [string, string])[] {
  const wire = verdict.wire.find((one) => one.kind === kind)?.response;
  return wire === undefined || "kind" in wire
    ? []
    : wire.headers.map(([name, value]) => [name.toLowerCase(), value] as const);
}

function varies(verdict: Verdict, kind: "actual" | "preflight" = "actual"): string {
  const members = headersOf(verdict, kind)
    .filter(([name]) => name === "vary")
    .flatMap(([, value]) => value.split(",").map((member) => member.trim().toLowerCase()));
  return members.some((member) => member === "origin" || member === "*")
    ? "varies"
    : "does not vary";
}

/** What a stranger learns of the policy. */
function leaks(verdict: Verdict, kind: "actual" | "preflight"): string {
  const names = headersOf(verdict, kind)
    .map(([name]) => name)
    .filter((name) => name.startsWith("access-control-") && name !== "access-control-allow-origin");
  return names.length === 0 ? "none" : String(names.length);
}

export const questions: readonly Question[] = [
  {
    asks: "a listed page reads, with cookies",
    wanted: listed,
    answer: async (running) => reads(await ask(running, app, "/plain", withCookies)),
    why: "the common ground",
  },
  {
    asks: "a listed page sends `PUT` with JSON",
    wanted: listed,
    answer: async (running) => reads(await ask(running, app, "/plain", put)),
    why: "the common ground",
  },
  {
    asks: "a stranger's page reads",
    wanted: listed,
    answer: async (running) => reads(await ask(running, stranger, "/plain", withCookies)),
    why: "the common ground",
  },
  {
    asks: "headers that show the policy to a stranger's `GET`",
    wanted: listed,
    answer: async (running) => leaks(await ask(running, stranger, "/plain", withCookies), "actual"),
    why: "an origin that is refused gets no `Access-Control-*` header at all",
  },
  {
    asks: "headers that show the policy to a stranger's preflight",
    wanted: listed,
    answer: async (running) => leaks(await ask(running, stranger, "/plain", put), "preflight"),
    why: "the lists of methods and headers are nothing to a page that may not use them",
  },
  {
    asks: "a stranger's preflight reaches the application",
    wanted: listed,
    async answer(running) {
      await ask(running, stranger, "/plain", put);
      return running.reached.length === 0 ? "no" : "yes";
    },
    why: "a preflight is answered by whoever holds the policy, with 403 if it is refused",
  },
  {
    asks: "the answer to a stranger, for a cache",
    wanted: listed,
    answer: async (running) => varies(await ask(running, stranger, "/plain", withCookies)),
    why: "without `Vary: Origin` a shared cache hands the stranger's answer to the listed page, which is then blocked",
  },
  {
    asks: "an `OPTIONS` that is not a preflight reaches the application",
    wanted: listed,
    async answer(running) {
      // Same-origin, so that the model sends no preflight before it.
      await ask(running, api, "/plain", { method: "OPTIONS" });
      return running.reached.length === 0 ? "no" : "yes";
    },
    why: "only `Access-Control-Request-Method` makes a preflight; other `OPTIONS` belong to the application",
  },
  {
    asks: "the handler sets `Vary: Accept-Encoding` later; the answer for a cache",
    wanted: listed,
    answer: async (running) => varies(await ask(running, app, "/vary", withCookies)),
    why: "the policy goes on when the head is written, so what a handler sets cannot replace it",
  },
  {
    asks: "a nested layer appends `Access-Control-Allow-Origin: *`; the listed page reads",
    wanted: listed,
    answer: async (running) => reads(await ask(running, app, "/layer", withCookies)),
    why: "two values match no origin, and one of them may be for everybody: the policy alone speaks",
  },
  {
    asks: "the handler throws; the page can read the 500",
    wanted: listed,
    answer: async (running) => reads(await ask(running, app, "/throws", withCookies)),
    why: 'a page that cannot read the error shows a "CORS error" instead of it',
  },
  {
    asks: "the default configuration: a stranger reads with the visitor's cookies",
    wanted: { origin: "default" },
    answer: async (running) => reads(await ask(running, stranger, "/plain", withCookies)),
    why: "who may read is the one thing that a library cannot know, so it must be written",
  },
  {
    asks: "the default configuration: a stranger reads without cookies",
    wanted: { origin: "default" },
    answer: async (running) => reads(await ask(running, stranger, "/plain")),
    why: "the same",
  },
  {
    asks: "the key for the origin is misspelt: a stranger reads",
    wanted: { ...listed, misspelt: true, credentials: false },
    answer: async (running) => reads(await ask(running, stranger, "/plain")),
    why: "an unknown key is an error at construction, with the key that was meant",
  },
  {
    asks: "`*` with credentials: a stranger reads with cookies",
    wanted: { origin: "*", credentials: true },
    answer: async (running) => reads(await ask(running, stranger, "/plain", withCookies)),
    why: "no browser accepts it, and turning it into a reflection would open everything",
  },
  {
    asks: "the origin is reflected, with credentials: a sandboxed frame (`null`) reads with cookies",
    wanted: { origin: "reflect", credentials: true },
    answer: async (running) => reads(await ask(running, "null", "/plain", withCookies)),
    why: "reflection with credentials needs `dangerouslyAllowAnyOriginWithCredentials`, and never covers `null`",
  },
  {
    asks: "`/example\\.com$/`: `https://evil-example.com` reads with cookies",
    wanted: { origin: [/example\.com$/], credentials: true },
    answer: async (running) =>
      reads(await ask(running, "https://evil-example.com", "/plain", withCookies)),
    why: "origins are matched as scheme, labels and port; regular expressions are refused, with the pattern to write",
  },
];
