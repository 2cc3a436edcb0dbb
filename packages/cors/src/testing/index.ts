// @corsway/cors/testing: CORS in unit tests, in any runner.
export { openPage, type Page, type PageOptions } from "./open-page.ts";
export type { FetchHandler } from "./fetch-handler.ts";
export type { KoaApplication, NodeServer, Server, FastifyInstance } from "./server.ts";
export type { NodeListener } from "./loopback.ts";
export { BlockedError } from "./blocked-error.ts";
export { blocked, ExpectationError, readable } from "./assertions.ts";
export type { ReasonCode, Verdict } from "../browser/verdict.ts";
