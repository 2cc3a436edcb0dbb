// corsway: the gateway from a program. `startGateway` takes a file, a directory or a configuration.
export { startGateway, UnusableConfig } from "./serve/gateway.ts";
export type { Gateway, GatewayOptions, Listening, ReloadOutcome } from "./serve/gateway.ts";
export type { AccessRecord } from "./observe/access-record.ts";
export type { LogForm } from "./observe/access-log.ts";
export type * from "./config/config.ts";
