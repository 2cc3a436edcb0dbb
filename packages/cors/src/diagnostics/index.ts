// @corsway/cors/diagnostics: faults as values, their codes, their renderers.
export * from "./diagnostic.ts";
