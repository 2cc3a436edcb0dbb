// corsway: run the gateway from a program. `startGateway` takes a file or a directory.
export { UnusableConfig } from "./serve/gateway.ts";
export { startGateway } from "./serve/start.ts";
export type { Gateway, GatewayOptions, ReloadOutcome } from "./serve/gateway.ts";
export type { Listening } from "./crew/door.ts";
export type { Status } from "./admin/status.ts";
export type { AccessRecord } from "./observe/access-record.ts";
export type { LogForm, LogOutlet } from "./observe/access-log.ts";
