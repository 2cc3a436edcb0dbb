// A function that decided origins for another middleware, asked as that one asked it.

import type { OriginFunction } from "../adapters/policy-literal.ts";
import { isArray } from "../policy/read/faults.ts";
import type { CorsLibrary } from "./library.ts";

/** As `cors` and @fastify/cors call it; the others give the answer back. */
export type OldFunction = (
  origin: unknown,
  callback?: (error: unknown, allowed?: unknown) => void,
) => unknown;

/** The same decision as a promise of a boolean. */
export function fromFunction(ask: OldFunction, library: CorsLibrary): OriginFunction {
  const byCallback = library === "cors" || library === "@fastify/cors";
  return (origin) =>
    new Promise<boolean>((resolve, reject) => {
      const settle = (allowed: unknown): void => resolve(isAllowed(allowed, origin));
      if (!byCallback) {
        // @koa/cors takes a context, whose `get` is what such functions use.
        const context = { get: () => origin, req: { header: () => origin } };
        const given = library === "@koa/cors" ? ask(context) : ask(origin, context as never);
        Promise.resolve(given).then(settle, reject);
        return;
      }
      const returned = ask(origin, (error, allowed) => {
        if (error === null || error === undefined) settle(allowed);
        else reject(error as Error);
      });
      // @fastify/cors takes a promise too.
      if (returned instanceof Promise) returned.then(settle, reject);
    });
}

/** What an answer of theirs says of this origin. `*` and `true` are yes. */
function isAllowed(answer: unknown, origin: string): boolean {
  if (answer === true || answer === "*" || answer === origin) return true;
  if (answer instanceof RegExp)
    return new RegExp(answer.source, answer.flags.replace(/[gy]/g, "")).test(origin);
  return isArray(answer) && answer.some((one) => one !== true && isAllowed(one, origin));
}
