// A command of the tool's, run to its end as a person runs it.

import { execFile } from "node:child_process";
import { corsway } from "./browser/gateway.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export function runCorsway(args: readonly string[], cwd?: string): Promise<Ran> {
  const env = { ...process.env, NO_COLOR: "1", ...(cwd !== undefined && { INIT_CWD: cwd }) };
  return new Promise((resolve) => {
    const command = ["--conditions=source", corsway, ...args];
    const limits = { env, maxBuffer: 64 * 1024 * 1024, ...(cwd !== undefined && { cwd }) };
    execFile(process.execPath, command, limits, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}
