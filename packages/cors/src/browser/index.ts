// @corsway/cors/browser: the Fetch standard's CORS algorithms, step by step.
export * from "./request.ts";
export * from "./verdict.ts";
export { type Seen, type Step, type StepResult, type Trace } from "./trace.ts";
export type { CookieRules } from "./cookie-rules.ts";
export * from "./engine.ts";
export {
  crossOriginAttributes,
  initiated,
  initiatorRules,
  initiators,
  settingNotItsOwn,
  type FetchMode,
  type InitiatedRequest,
  type PageSetting,
} from "./initiators.ts";
export type { CookieAbsence, CookieFate } from "./cookie-jar.ts";
export type { CookieRejection } from "./cookie.ts";
export * from "./run.ts";
export type { RunOptions } from "./run-options.ts";
export type * from "./sending.ts";
export { engines } from "./engines/engines.ts";
export { chromium } from "./engines/chromium.ts";
export { firefox } from "./engines/firefox.ts";
export { standard } from "./engines/standard.ts";
export { webkit } from "./engines/webkit.ts";
export { consoleMessage } from "./console-message.ts";
export { CorsPreflightCache, type CacheEntry, type CacheLookup } from "./cors-preflight-cache.ts";
