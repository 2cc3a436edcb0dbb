// WebKitGTK under proof: its MiniBrowser through WebKitWebDriver's plain HTTP interface, on a screen
// that exists in memory only (Xvfb). It tells no reasons.

import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { freePorts } from "../support/free-ports.ts";
import { pageCase, type ProofBrowser } from "./browser.ts";
import type { Case } from "./case.ts";
import type { Seen } from "./page.ts";
import { pagePath } from "./page.ts";
import { pageOrigin, visitedHosts, type Stage } from "./stage.ts";

const miniBrowsers = [
  "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
  "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.0/MiniBrowser",
  "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
  "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
];

export async function startProofWebkit(stage: Stage): Promise<ProofBrowser> {
  const binary = process.env.CORSWAY_WEBKIT ?? miniBrowsers.find((each) => existsSync(each));
  if (binary === undefined)
    throw new Error("no MiniBrowser found (Debian: `apt install webkit2gtk-driver xvfb`)");
  const children: ChildProcess[] = [];
  const display = await startScreen(children);
  const [port] = await freePorts(1);
  children.push(
    spawn("WebKitWebDriver", [`--port=${port}`], {
      stdio: "ignore",
      env: { ...process.env, DISPLAY: display, GDK_BACKEND: "x11", no_proxy: "*" },
    }),
  );
  const driver = `http://127.0.0.1:${port}`;
  const session = await retry(() =>
    ask<{ sessionId: string; capabilities: { browserVersion: string } }>(
      "POST",
      `${driver}/session`,
      {
        capabilities: {
          alwaysMatch: {
            "webkitgtk:browserOptions": {
              binary,
              args: ["--automation", "--cookies-policy=always", "--geometry=400x300"],
            },
          },
        },
      },
    ),
  );
  const home = `${driver}/session/${session.sessionId}`;
  await ask("POST", `${home}/timeouts`, { script: 300_000, pageLoad: 60_000 });
  let at: Case["page"] | undefined;
  for (const host of visitedHosts) await go(`${pageOrigin(stage, host)}${pagePath}?visit`);

  async function go(url: string): Promise<void> {
    await ask("POST", `${home}/url`, { url });
  }

  return {
    name: "webkit",
    version: session.capabilities.browserVersion,
    async play(name, cases) {
      if (at !== name) {
        await go(`${pageOrigin(stage, name)}${pagePath}`);
        await retry(async () => {
          const title = await ask<string>("GET", `${home}/title`);
          if (title !== "ready") throw new Error(`the page is ${title}`);
        });
        at = name;
      }
      const text = await ask<string>("POST", `${home}/execute/async`, {
        script:
          "const done = arguments[1]; window.playCases(JSON.parse(arguments[0])).then((seen) => done(JSON.stringify(seen)), (error) => done(JSON.stringify(String(error))));",
        args: [JSON.stringify(cases.map((one) => pageCase(stage, one)))],
      });
      return (JSON.parse(text) as Seen[][]).map((steps) => steps.map((seen) => ({ seen })));
    },
    async visit(url, script) {
      at = undefined;
      await go("about:blank");
      await go(url);
      // A script that leaves the page is not answered.
      await ask("POST", `${home}/execute/sync`, { script, args: [] }).catch(() => undefined);
    },
    async close() {
      await ask("DELETE", home).catch(() => undefined);
      for (const child of children.reverse()) child.kill();
    },
  };
}

/** A screen of its own, on the first number that is free. */
function startScreen(children: ChildProcess[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const screen = spawn(
      "Xvfb",
      ["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"],
      {
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    children.push(screen);
    screen.once("error", reject);
    screen.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
    screen.stdout!.once("data", (number: Buffer) => resolve(`:${number.toString().trim()}`));
  });
}

async function ask<T>(method: string, url: string, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(300_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`WebDriver ${method} ${url}: ${value.error} ${value.message}`);
  return value;
}

async function retry<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries >= 50) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
