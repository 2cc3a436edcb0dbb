// corsway migrate FILE: from cors, @fastify/cors, @koa/cors, hono/cors or NestJS' enableCors to @corsway/cors.

import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { renderText } from "@corsway/cors/diagnostics";
import { migrateSource } from "../migrate/migrate-source.ts";
import { applyEdits, type SourceEdit } from "../migrate/source-edit.ts";
import { resolvePath, type ExitCode, type Terminal } from "./terminal.ts";

interface Options {
  readonly write?: boolean;
}

export function declare(command: Command): void {
  command
    .argument("<FILE>", "a JavaScript or TypeScript source that uses a CORS middleware")
    .option("--write", "change the file; without it the lines are only printed")
    .addHelpText("after", help);
}

const help = `
It finds the calls of cors, @fastify/cors, @koa/cors and hono/cors, and of
enableCors of NestJS, says what their options really did, and writes the policy
that means the same. While you have to decide about one call, the calls of its
middleware stay as they are. One file is read; other files are not.

Exit status: 0 every call is migrated (or can be, with --write), 1 a call has
to be decided first or there is none, 2 FILE cannot be read or parsed.

Examples:
  corsway migrate src/server.ts
  corsway migrate src/server.ts --write
`;

export async function run(
  args: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const file = args[0]!;
  const path = resolvePath(terminal, file);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    terminal.err(`corsway: ${file} cannot be read: ${(error as Error).message}\n`);
    return 2;
  }
  const { diagnostics, edits, calls, decide, fault } = migrateSource(text, file);
  const said = renderText(diagnostics, {
    sources: new Map([[file, text]]),
    color: terminal.color,
  });
  if (fault !== undefined) {
    terminal.err(said);
    return 2;
  }
  if (calls === 0) {
    terminal.out(said === "" ? "" : `${said}\n`);
    terminal.err(
      `corsway: ${file} calls none of cors, @fastify/cors, @koa/cors, hono/cors and enableCors\n`,
    );
    return 1;
  }
  terminal.out(said === "" ? "" : `${said}\n`);
  if (options.write === true && edits.length > 0) {
    try {
      writeFileSync(path, applyEdits(text, edits));
    } catch (error) {
      terminal.err(`corsway: ${file} cannot be written: ${(error as Error).message}\n`);
      return 2;
    }
    terminal.out(`changed ${file}\n`);
  } else terminal.out(edits.map((edit) => printEdit(text, file, edit)).join("\n"));
  if (decide > 0) terminal.out(`${decide} of ${calls} calls must be decided by you first\n`);
  else if (options.write !== true) terminal.out(`\n--write changes ${file}\n`);
  else terminal.out("next: npm install @corsway/cors\n");
  return decide === 0 ? 0 : 1;
}

/** The lines that an edit touches, before and after. */
function printEdit(
  text: string,
  file: string,
  { start, end, text: replacement }: SourceEdit,
): string {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", end);
  const to = next < 0 ? text.length : next;
  const line = text.slice(0, from).split("\n").length;
  const before = text.slice(from, to);
  const after = text.slice(from, start) + replacement + text.slice(end, to);
  return `${file}:${line}\n${before.replace(/^/gm, "- ")}\n${after.replace(/^/gm, "+ ")}\n`;
}
