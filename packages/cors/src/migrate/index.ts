// @corsway/cors/migrate: from another CORS middleware's options to a policy.
export { fromCorsOptions } from "./from-cors-options.ts";
export type { MigratedPolicy, Migration } from "./from-cors-options.ts";
export type { CorsLibrary } from "./library.ts";
export { migrationCodes } from "./codes.ts";
export type { MigrationCode } from "./codes.ts";
export { readRegexOrigin } from "./regex-origin.ts";
export type { RegexOrigin } from "./regex-origin.ts";
