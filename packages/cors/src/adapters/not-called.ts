// `app.use(cors)` instead of `app.use(cors({ … }))`: the framework then calls `cors` with a request, whose hundred members
// would be reported as a hundred unknown fields.

import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { settingCodes } from "./setting-codes.ts";

/** The one fault to report if this is what a framework passes, and not a policy. */
export function notCalled(policy: unknown): Diagnostic | undefined {
  if (!isOfFramework(policy)) return undefined;
  return {
    code: "settings/not-called",
    severity: settingCodes["settings/not-called"].severity,
    path: "",
    message: "`cors` was called by the framework, with what it passes to a middleware or a plugin",
    why: "`cors` makes the middleware, and is not one itself",
    fix: { say: 'pass what it returns: `cors({ allowOrigins: ["https://app.example.com"] })`' },
  };
}

/** A Node request or a Fastify instance by its methods; a context of Koa, Hono or h3 by its request. */
function isOfFramework(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    const { on, register } = value as { readonly on?: unknown; readonly register?: unknown };
    return typeof on === "function" || typeof register === "function" || "req" in value;
  } catch {
    return false; // a getter that throws: readPolicy reports it
  }
}
