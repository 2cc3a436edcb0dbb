// Asks a function about origins, safely: its answers are kept for a while in a bounded cache, the same question is
// not asked twice at once, and the number of open questions is limited; any failure is a refusal. An attacker
// chooses the origins, so each of these limits what an attacker can make a server do.

import type { OriginFunction } from "./policy-literal.ts";
import type { LookupFailure, Report } from "./report.ts";

/** How the answers of an origin function are kept, in seconds and counts. */
export interface LookupLimits {
  readonly ttl: number;
  readonly timeout: number;
  readonly entries: number;
  readonly concurrency: number;
}

/** May this origin read? `host` and `method` are those of the request. */
export type OriginLookup = (
  origin: string,
  host: string,
  method: string,
) => boolean | Promise<boolean>;

/**
 * A function with one parameter is asked once per origin; one that also takes the question, once per origin, host
 * and method. An answer that is not a promise is not kept, because it costs no waiting.
 */
export function createOriginLookup(
  ask: OriginFunction,
  limits: LookupLimits,
  report: Report,
): OriginLookup {
  const asksByOriginOnly = ask.length === 1;
  const kept = new Map<string, { readonly allowed: boolean; readonly until: number }>();
  const asking = new Map<string, Promise<boolean>>();

  return function lookUp(origin, host, method) {
    const key = asksByOriginOnly ? origin : `${method} ${host} ${origin}`;
    const found = kept.get(key);
    if (found !== undefined) {
      if (performance.now() < found.until) return found.allowed;
      kept.delete(key);
    }
    const pending = asking.get(key);
    if (pending !== undefined) return pending;
    if (asking.size >= limits.concurrency) return refuse(origin, "overloaded");
    const abort = new AbortController();
    let answer: unknown;
    try {
      answer = ask(origin, { method, host, signal: abort.signal });
    } catch (error) {
      return refuse(origin, "threw", error);
    }
    if (!isThenable(answer)) return readAnswer(origin, answer);
    const asked = wait(answer, abort)
      .then(
        (value) => {
          const allowed = readAnswer(origin, value);
          if (typeof value === "boolean") keep(key, allowed);
          return allowed;
        },
        (error: unknown) => refuse(origin, error === timedOut ? "timed-out" : "threw", error),
      )
      .finally(() => asking.delete(key));
    asking.set(key, asked);
    return asked;
  };

  function keep(key: string, allowed: boolean): void {
    if (kept.size >= limits.entries) {
      const oldest = kept.keys().next();
      if (oldest.done !== true) kept.delete(oldest.value);
    }
    kept.set(key, { allowed, until: performance.now() + limits.ttl * 1000 });
  }

  /** Truthy is not enough: `await find(origin)` may return a row, or an error object. */
  function readAnswer(origin: string, value: unknown): boolean {
    return typeof value === "boolean" ? value : refuse(origin, "not-a-boolean");
  }

  function refuse(origin: string, reason: LookupFailure, error?: unknown): false {
    report({
      kind: "origin-lookup-failed",
      origin,
      reason,
      ...(reason === "threw" && { error }),
    });
    return false;
  }

  function wait(answer: PromiseLike<unknown>, abort: AbortController): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(timedOut);
        abort.abort();
      }, limits.timeout * 1000);
      answer.then(
        (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        (error: unknown) => {
          clearTimeout(timer);
          reject(error as Error);
        },
      );
    });
  }
}

const timedOut: unique symbol = Symbol("timed out");

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<PromiseLike<unknown>>).then === "function"
  );
}
