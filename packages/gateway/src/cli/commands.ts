// Every command. Only the one that is typed is loaded, so that `--help` stays quick.

import type { Commands } from "./command.ts";

export const commands: Commands = {
  serve: {
    says: "run the gateway, which enforces CORS on every response",
    load: () => import("./serve.ts"),
  },
  check: {
    says: "report every fault of a configuration, with place, reason and fix",
    load: () => import("./check.ts"),
  },
  explain: {
    says: "explain why a browser blocks or allows a request, and how to fix it",
    load: () => import("./explain.ts"),
  },
  init: {
    says: "write a first corsway.toml, from four questions or from flags",
    load: () => import("./init.ts"),
  },
  migrate: {
    says: "from cors, @fastify/cors, @koa/cors or hono/cors to @corsway/cors",
    load: () => import("./migrate.ts"),
  },
  mcp: {
    says: "explain and check as tools of a coding agent, over stdin and stdout",
    load: () => import("./mcp.ts"),
  },
  completion: {
    says: "print a completion script for bash, zsh or fish",
    load: async () => (await import("./completion.ts")).completionOf(commands),
  },
};
