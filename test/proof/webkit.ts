// WebKitGTK under proof: its MiniBrowser through WebKitWebDriver's plain HTTP interface, on a screen
// that exists in memory only (Xvfb). It tells no reasons.

import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { freePorts } from "../support/free-ports.ts";
import { pageCase, type ProofBrowser, type StartOptions } from "./browser.ts";
import type { Seen } from "./page.ts";
import { pagePath } from "./page.ts";
import { pageOrigin, usualVisits, type Stage } from "./stage.ts";

const miniBrowsers = [
  "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
  "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.0/MiniBrowser",
  "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
  "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
];

export async function startProofWebkit(
  stage: Stage,
  { visits = usualVisits(stage), thirdPartyCookies = "allowed" }: StartOptions = {},
): Promise<ProofBrowser> {
  const binary = findMiniBrowser();
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
              args: [
                "--automation",
                `--cookies-policy=${thirdPartyCookies === "allowed" ? "always" : "no-third-party"}`,
                "--geometry=400x300",
              ],
            },
            acceptInsecureCerts: true,
          },
        },
      },
    ),
  );
  const home = `${driver}/session/${session.sessionId}`;
  await ask("POST", `${home}/timeouts`, { script: 300_000, pageLoad: 60_000 });
  let at: string | undefined;
  for (const visit of visits) await go(visit);

  async function go(url: string): Promise<void> {
    await ask("POST", `${home}/url`, { url });
  }

  async function open(url: string): Promise<void> {
    if (at === url) return;
    await go(url);
    await retry(async () => {
      const title = await ask<string>("GET", `${home}/title`);
      if (title !== "ready") throw new Error(`the page is ${title}`);
    });
    at = url;
  }

  function call(name: "playCases" | "playActs", argument: string): Promise<string> {
    return ask<string>("POST", `${home}/execute/async`, {
      script: `const done = arguments[1]; window.${name}(JSON.parse(arguments[0])).then((seen) => done(JSON.stringify(seen)), (error) => done(JSON.stringify(String(error))));`,
      args: [argument],
    });
  }

  async function visit(url: string, script: string): Promise<void> {
    at = undefined;
    await go("about:blank");
    await go(url);
    // A script that leaves the page is not answered.
    await ask("POST", `${home}/execute/sync`, { script, args: [] }).catch(() => undefined);
  }

  return {
    name: "webkit",
    version: session.capabilities.browserVersion,
    async play(name, cases) {
      await open(`${pageOrigin(stage, name)}${pagePath}`);
      const given = cases.map((one) => pageCase(stage, one));
      const text = await call("playCases", JSON.stringify(given));
      return (JSON.parse(text) as Seen[][]).map((steps) => steps.map((seen) => ({ seen })));
    },
    async ask(url, name, argument) {
      await open(url);
      return { text: await call(name, argument), reason: () => undefined };
    },
    async leave(url, script, until) {
      await visit(url, script);
      await until();
    },
    visit,
    async close() {
      await ask("DELETE", home).catch(() => undefined);
      for (const child of children.reverse()) child.kill();
    },
  };
}

export function findMiniBrowser(): string {
  const binary = process.env.CORSWAY_WEBKIT ?? miniBrowsers.find((each) => existsSync(each));
  if (binary === undefined)
    throw new Error("no MiniBrowser found (Debian: `apt install webkit2gtk-driver xvfb`)");
  return binary;
}

/** A screen of its own, on the first number that is free. */
export function startScreen(children: ChildProcess[]): Promise<string> {
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
