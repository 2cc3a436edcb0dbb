// Every command. Only the one that is typed is loaded, so that `--help` stays quick.

import type { Commands } from "./command.ts";

export const commands: Commands = {
  serve: {
    says: "the gateway: CORS decided once, enforced on every answer",
    load: () => import("./serve.ts"),
  },
  check: {
    says: "every fault of a configuration, with its place, reason and fix",
    load: () => import("./check.ts"),
  },
  explain: {
    says: "why a browser lets a page read an answer or not, and what changes it",
    load: () => import("./explain.ts"),
  },
  init: {
    says: "a first corsway.toml, from four questions or from flags",
    load: () => import("./init.ts"),
  },
  completion: {
    says: "a completion script for bash, zsh or fish",
    load: async () => (await import("./completion.ts")).completionOf(commands),
  },
};
