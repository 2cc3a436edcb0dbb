#!/usr/bin/env node
// The entry, in plain JavaScript that any Node of the last ten years can read: it says which Node
// is needed where the machine's is too old, then hands over to src/ (a checkout, unbuilt) or dist/
// (the published package).
import { existsSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `corsway needs Node 22.19 or newer; this is ${process.versions.node} (${process.execPath})\n` +
      "install one from https://nodejs.org; in a checkout, `npm run corsway -- …` brings its own\n",
  );
  process.exitCode = 2;
} else {
  const source = existsSync(new URL("../src/cli/main.ts", import.meta.url));
  if (source && !process.execArgv.includes("--conditions=source")) {
    // The library's `source` condition can only be set when a process starts.
    const { spawn } = await import("node:child_process");
    const child = spawn(
      process.execPath,
      ["--conditions=source", ...process.execArgv, ...process.argv.slice(1)],
      { stdio: "inherit" },
    );
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      // Ctrl-C reaches the child by itself; passed on as well it would count as a second one.
      const passOn = signal !== "SIGINT" || !process.stdin.isTTY;
      process.on(signal, () => passOn && void child.kill(signal));
    }
    child.on("exit", (code, signal) => {
      process.exitCode = signal === null ? code : 1;
    });
  } else {
    const folder = source ? "src" : "dist";
    const extension = source ? "ts" : "js";
    const { main } = await import(`../${folder}/cli/main.${extension}`);
    const { processTerminal } = await import(`../${folder}/cli/terminal.${extension}`);
    process.exitCode = await main(process.argv.slice(2), processTerminal());
  }
}
