// A real Chromium that nothing helps. Playwright only carries our words to it: its default
// arguments are ignored whole, and so are @sparticuz/chromium's, which contain
// --disable-web-security. Never page.route(): it answers preflights itself, and permissively.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser } from "playwright-core";
import { inflatedChromium } from "./inflated-chromium.ts";

const run = promisify(execFile);

/** Where systems keep a Chromium; the first that starts is taken. */
const systemPaths: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/google-chrome",
  ],
  darwin: [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ],
  win32: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  ],
};

export interface RunningChromium {
  readonly browser: Browser;
  readonly executable: string;
  close(): Promise<void>;
}

export interface ChromiumOptions {
  /**
   * Names to be found on this machine: `"app.my-domain.com:443"` → the port that answers there.
   * The page's URL, its origin, SNI and the Host header keep the name. Every other name leads to
   * 127.0.0.1 with the port as written, so that no test reaches out of the machine.
   */
  readonly names?: Readonly<Record<string, number>>;
  /** `system` or `npm`: only that one. Absent: the system's, else npm's. */
  readonly from?: "system" | "npm";
  /** Playwright's contexts are incognito, which refuses third-party cookies; this allows them. */
  readonly thirdPartyCookies?: boolean;
}

/**
 * Starts the Chromium that CORSWAY_CHROMIUM names (a path, or `npm` for the one npm brings), else
 * the system's, else npm's. Close it when the tests of the file are done.
 */
export async function startChromium(options: ChromiumOptions = {}): Promise<RunningChromium> {
  const named = process.env.CORSWAY_CHROMIUM;
  const from = options.from ?? (named === "npm" ? "npm" : undefined);
  const failures: string[] = [];
  if (from !== "npm") {
    const paths =
      named !== undefined && named !== "npm" ? [named] : (systemPaths[process.platform] ?? []);
    for (const executable of paths) {
      if (!existsSync(executable)) continue;
      try {
        return await launch(executable, options, process.env);
      } catch (error) {
        failures.push(`${executable}: ${firstLines(error)}`);
      }
    }
  }
  if (from !== "system") {
    const inflated = await inflatedChromium();
    if (inflated !== undefined) {
      try {
        const env = await environmentFor(inflated);
        return await launch(inflated.executable, options, env);
      } catch (error) {
        failures.push(`${inflated.executable}: ${firstLines(error)}`);
      }
    }
  }
  throw new Error(
    [
      "no Chromium could be started.",
      ...failures.map((failure) => `  tried ${failure}`),
      "Install one (Debian, Ubuntu: `apt install chromium`), or name its path in CORSWAY_CHROMIUM.",
    ].join("\n"),
  );
}

async function launch(
  executable: string,
  options: ChromiumOptions,
  env: NodeJS.ProcessEnv,
): Promise<RunningChromium> {
  const profile = await mkdtemp(path.join(tmpdir(), "corsway-chromium-"));
  const forget = () => rm(profile, { recursive: true, force: true, maxRetries: 5 });
  try {
    if (options.thirdPartyCookies === true) await writePreferences(profile);
    const browser = await chromium.launch({
      executablePath: executable,
      ignoreDefaultArgs: true,
      args: argumentsFor(profile, options.names ?? {}),
      env: env as Record<string, string>,
      timeout: 60_000,
    });
    const close = async () => {
      await browser.close();
      await forget();
    };
    return { browser, executable, close };
  } catch (error) {
    await forget();
    throw error;
  }
}

/** What a person would set in the browser's settings; incognito contexts inherit it. */
async function writePreferences(profile: string): Promise<void> {
  const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  await mkdir(path.join(profile, "Default"), { recursive: true });
  await writeFile(path.join(profile, "Default", "Preferences"), JSON.stringify(preferences));
}

/** All that Chromium is told. Nothing here touches CORS; the guard test sees to that. */
function argumentsFor(profile: string, names: Readonly<Record<string, number>>): string[] {
  const rules = Object.entries(names).map(([name, port]) => `MAP ${name} 127.0.0.1:${port}`);
  return [
    "--headless",
    "--remote-debugging-pipe",
    `--user-data-dir=${profile}`,
    "--no-sandbox", // as root, and in containers, its sandbox cannot be made
    "--disable-dev-shm-usage", // containers give 64 MB there
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-startup-window",
    "--password-store=basic",
    "--use-mock-keychain",
    "--mute-audio",
    "--force-color-profile=srgb",
    // Quiet: nothing but the page asks for anything.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--disable-field-trial-config",
    // Names lead here, and certificates made a second ago are taken.
    `--host-resolver-rules=${[...rules, "MAP * 127.0.0.1"].join(",")}`,
    "--ignore-certificate-errors",
    // A public name on a loopback address would ask the person for a permission (Local Network
    // Access), and plain http would be tried as https first: both are other mechanisms than CORS.
    "--disable-features=LocalNetworkAccessChecks,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,OptimizationHints",
  ];
}

/** npm's Chromium with what it lacks on a bare machine: its libraries and fonts only if needed. */
async function environmentFor(inflated: {
  readonly executable: string;
  readonly libraries: string;
  readonly fonts: string;
}): Promise<NodeJS.ProcessEnv> {
  const fonts = existsSync("/etc/fonts/fonts.conf") ? {} : { FONTCONFIG_PATH: inflated.fonts };
  const plain = { ...process.env, ...fonts };
  const starts = (env: NodeJS.ProcessEnv) =>
    run(inflated.executable, ["--version"], { env, timeout: 30_000 });
  try {
    await starts(plain);
    return plain;
  } catch {
    const search = [inflated.libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
    const env = { ...plain, LD_LIBRARY_PATH: search };
    // `error while loading shared libraries: libX.so` is the clearest text there is: let it out.
    await starts(env);
    return env;
  }
}

function firstLines(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const missing = /error while loading shared libraries: [^\n]+/.exec(text);
  return missing?.[0] ?? text.split("\n").slice(0, 6).join("\n    ");
}
