// @corsway/cors/standard: the vocabulary of the Fetch standard.
export * from "./snapshot.ts";
export * from "./message.ts";
export * from "./token.ts";
export * from "./method.ts";
export * from "./header-name.ts";
export * from "./header-list.ts";
export * from "./mime-type.ts";
export * from "./request-header.ts";
export * from "./origin.ts";
export * from "./loopback-host.ts";
