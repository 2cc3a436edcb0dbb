// Loaded before every test file.

import fc from "fast-check";
import { runSeed, seedText } from "../test/support/seed.ts";

// Without the second, `maxLength: 80` would give ten at most, and what begins above that never runs.
fc.configureGlobal({
  ...(seedText !== "random" && { seed: runSeed() }),
  defaultSizeToMaxWhenMaxSpecified: true,
});

// A file that never ends would hold up the gate for ever: node:test's own timeout ends a test, not
// the sockets it left open. The timer does not keep a process alive that has nothing else to do.
const patience = 1_200_000;
setTimeout(() => {
  const open = process.getActiveResourcesInfo().join(", ");
  process.stderr.write(`${process.argv[1]} did not end in ${patience / 1000} s; open: ${open}\n`);
  process.exit(1);
}, patience).unref();
