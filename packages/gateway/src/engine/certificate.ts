// The certificates of a configuration, read once per generation. From here on, bytes are passed instead of
// paths: what is served is what was tried, even if a renewal is half written by now.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Config } from "../config/config.ts";

export interface Certificate {
  /** PEM, as in the files; `key` too. */
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Encrypts the sessions that clients keep (RFC 5077, RFC 8446 §4.6.1). */
  readonly ticketKeys: Buffer;
}

/**
 * One for the life of the gateway: a client that comes back resumes its session, in any process and
 * after any reload. Without it, each secure context would have its own keys.
 */
let ticketKeys: Buffer | undefined;

/** By the name of the server; servers without TLS have none. */
export type Certificates = ReadonlyMap<string, Certificate>;

/** Throws if a file cannot be read, or if certificate and key do not match. */
export function readCertificates({ servers }: Pick<Config, "servers">): Certificates {
  const certificates = new Map<string, Certificate>();
  for (const { name, tls } of servers) {
    if (tls === undefined) continue;
    ticketKeys ??= randomBytes(48);
    const certificate = { cert: readFileSync(tls.cert), key: readFileSync(tls.key), ticketKeys };
    process.getBuiltinModule("node:tls").createSecureContext(certificate);
    certificates.set(name, certificate);
  }
  return certificates;
}
