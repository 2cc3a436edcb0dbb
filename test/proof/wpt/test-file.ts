// One test file of web-platform-tests: its scripts are taken from the server (which fills in names
// and ports), run under testharness.js in a realm of their own, and the results of its subtests read.

import vm from "node:vm";
import { fetchingOf, type PageAsk } from "./fetching.ts";
import type { WaitingNetwork } from "./waiting-network.ts";
import { installWindow } from "./window.ts";

export interface Subtest {
  readonly name: string;
  readonly passed: boolean;
  readonly message: string;
}

export interface FileResult {
  readonly path: string;
  readonly subtests: readonly Subtest[];
  /** Why there are none, or why the file stopped early. */
  readonly stopped?: string;
}

const patience = 45_000;

/** `path` as in the checkout: `fetch/api/cors/cors-basic.any.js`. */
export async function runTestFile(
  network: WaitingNetwork,
  origin: string,
  path: string,
): Promise<FileResult> {
  network.forgetCookies();
  const pageUrl = `${origin}/${path.replace(/\.(any|window)\.js$/, ".$1.html")}`;
  const source = get(network, `${origin}/${path}`);
  const scripts = path.endsWith(".js") ? metaScripts(source) : htmlScripts(source);
  const subtests: Subtest[] = [];
  const loop = { running: true };
  const context = openContext(network, origin, pageUrl, loop);
  try {
    run(context, get(network, `${origin}/resources/testharness.js`), "testharness.js");
    const finished = new Promise<void>((done) => {
      context.addResult = (name: string, status: number, message: string | null) =>
        subtests.push({ name, passed: status === 0, message: message ?? "" });
      context.complete = () => done();
    });
    run(
      context,
      `add_result_callback((test) => addResult(test.name, test.status, test.message));
       add_completion_callback(() => complete());`,
      "results",
    );
    // Only now: a document at the start would make the harness draw its results into it.
    if (!path.endsWith(".js")) context.document = titledDocument(source);
    for (const script of scripts) {
      const text =
        "source" in script ? get(network, new URL(script.source, pageUrl).href) : script.text;
      run(context, text, path);
    }
    if (path.endsWith(".js")) run(context, source, path);
    run(context, "done()", "done");
    const late = new Promise<string>((done) => {
      setTimeout(done, patience, "not finished in time").unref();
    });
    const stopped = await Promise.race([finished, late]);
    return stopped === undefined ? { path, subtests } : { path, subtests, stopped };
  } catch (error) {
    return { path, subtests, stopped: (error as Error)?.message ?? String(error) };
  } finally {
    loop.running = false;
  }
}

/** As much of a document as testharness.js itself asks for. */
function titledDocument(source: string): object {
  const title = /<title>([^<]*)/i.exec(source)?.[1] ?? "";
  return {
    title,
    getElementsByTagName: (name: string) =>
      name === "title" ? [{ firstChild: { data: title } }] : [],
  };
}

type Script = { readonly source: string } | { readonly text: string };

function metaScripts(source: string): Script[] {
  return [...source.matchAll(/^\/\/ META: script=(.+)$/gm)].map(([, script]) => ({
    source: script!.trim(),
  }));
}

function htmlScripts(source: string): Script[] {
  const scripts: Script[] = [];
  for (const [, attributes, text] of source.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/gi)) {
    const found = /\bsrc\s*=\s*["']?([^"'\s>]+)/i.exec(attributes!);
    if (found === null) scripts.push({ text: text! });
    else if (!/testharness(report)?\.js$/.test(found[1]!)) scripts.push({ source: found[1]! });
  }
  return scripts;
}

function get(network: WaitingNetwork, url: string): string {
  const answer = network.send({ method: "GET", url, headers: [], credentials: false });
  if (answer.kind === "network-error") throw new Error(`${url}: ${answer.why}`);
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
  return Buffer.from(answer.body, "latin1").toString("utf8");
}

type Context = vm.Context & Record<string, unknown>;

function openContext(
  network: WaitingNetwork,
  origin: string,
  pageUrl: string,
  loop: { running: boolean },
): Context {
  const url = new URL(pageUrl);
  const location = {
    toString: () => pageUrl,
    ...Object.fromEntries(
      (
        [
          "href",
          "origin",
          "protocol",
          "host",
          "hostname",
          "port",
          "pathname",
          "search",
          "hash",
        ] as const
      ).map((key) => [key, url[key]]),
    ),
  };
  const ask = fetchingOf(network);
  const later = (task: (...given: unknown[]) => void, wait: number, ...given: unknown[]) =>
    setTimeout(() => loop.running && task(...given), wait).unref();
  const context = vm.createContext({
    location,
    URL,
    URLSearchParams,
    Headers,
    Blob: class extends Blob {
      readonly source: string;
      constructor(parts: BlobPart[] = [], options: BlobPropertyBag = {}) {
        super(parts, options);
        this.source = parts.map(String).join("");
      }
    },
    FormData,
    DOMException,
    EventTarget,
    Event,
    AbortController,
    TextEncoder,
    TextDecoder,
    console,
    setTimeout: later,
    clearTimeout,
    setInterval: () => 0,
    clearInterval,
    queueMicrotask,
    btoa,
    atob,
    performance,
    outside: { origin, ask: (text: string) => JSON.stringify(ask(JSON.parse(text) as PageAsk)) },
  }) as Context;
  run(
    context,
    `globalThis.self = globalThis; globalThis.window = globalThis;
     globalThis.GLOBAL = { isWindow: () => true, isWorker: () => false, isShadowRealm: () => false };
     (${installWindow})(outside);`,
    "window",
  );
  return context;
}

function run(context: Context, text: string, filename: string): void {
  vm.runInContext(text, context, { filename });
}
