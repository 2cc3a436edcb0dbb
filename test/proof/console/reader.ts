// What an engine's console prints while a page carries out acts. Chromium's comes over DevTools' protocol.
// WebKit's can be read only without its driver (a session under automation prints nothing): the page takes
// its acts from the fragment, and the browser writes its console to stderr. Firefox's lines about CORS are
// in its own console only.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { EngineName } from "../browser.ts";
import { startProofChromium } from "../chromium.ts";
import type { Stage } from "../stage.ts";
import { findMiniBrowser, startScreen } from "../webkit.ts";

export interface ConsoleReader {
  readonly name: EngineName;
  /** Has the page with this URL play acts (JSON), and gives the lines about them in their order. */
  read(url: string, acts: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type StartReader = (stage: Stage) => Promise<ConsoleReader>;

export async function startChromiumReader(stage: Stage): Promise<ConsoleReader> {
  const browser = await startProofChromium(stage);
  return {
    name: "chromium",
    async read(url, acts) {
      const { printed = [] } = await browser.ask(url, "playActs", acts);
      // Printed about every request that fails, whatever the reason.
      return printed.filter((line) => !line.startsWith("Failed to load resource: net::"));
    },
    close: () => browser.close(),
  };
}

export async function startWebkitReader(): Promise<ConsoleReader> {
  const binary = findMiniBrowser();
  const children: ChildProcess[] = [];
  const display = await startScreen(children);
  return {
    name: "webkit",
    async read(url, acts) {
      const home = await mkdtemp(path.join(tmpdir(), "corsway-webkit-"));
      const browser = spawn(
        binary,
        [
          "--enable-write-console-messages-to-stdout=true",
          "--cookies-policy=always",
          `${url}#${encodeURIComponent(acts)}`,
        ],
        {
          stdio: ["ignore", "ignore", "pipe"],
          env: {
            ...process.env,
            DISPLAY: display,
            GDK_BACKEND: "x11",
            XDG_DATA_HOME: home,
            XDG_CACHE_HOME: home,
            no_proxy: "*",
          },
        },
      );
      let text = "";
      browser.stderr.setEncoding("utf8").on("data", (part: string) => (text += part));
      try {
        for (let turn = 0; turn < 600 && !text.includes("played"); turn++) await pause(50);
        // The last lines may come from another process than the page's end.
        await pause(300);
        return text.split("\n").flatMap((line) => {
          const said = /CONSOLE [A-Z]+ ERROR (.*)$/.exec(line)?.[1];
          return said === undefined || said.startsWith("SyntaxError") ? [] : [said];
        });
      } finally {
        const ended = new Promise((done) => browser.once("exit", done));
        browser.kill();
        await ended;
        await rm(home, { recursive: true, force: true, maxRetries: 5 });
      }
    },
    async close() {
      for (const child of children.reverse()) child.kill();
    },
  };
}
