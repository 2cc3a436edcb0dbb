// @corsway/cors/diagnostics: faults as values, their codes, their renderers.
export * from "./diagnostic.ts";
export * from "./codes.ts";
export * from "./render-text.ts";
export * from "./render-json.ts";
export * from "./render-sarif.ts";
export * from "./edit-distance.ts";
export { escapeNonAscii, escapeUnsafe, quote } from "./quote.ts";
