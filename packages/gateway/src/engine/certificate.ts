// The certificates of a configuration, read once per generation. From here on, bytes are passed instead of
// paths: what is served is what was tried, even if a renewal is half written by now.

import { readFileSync } from "node:fs";
import type { Config } from "../config/config.ts";

/** PEM, as in the files. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** By the name of the server; servers without TLS have none. */
export type Certificates = ReadonlyMap<string, Certificate>;

/** Throws if a file cannot be read, or if certificate and key do not match. */
export function readCertificates({ servers }: Pick<Config, "servers">): Certificates {
  const certificates = new Map<string, Certificate>();
  for (const { name, tls } of servers) {
    if (tls === undefined) continue;
    const certificate = { cert: readFileSync(tls.cert), key: readFileSync(tls.key) };
    process.getBuiltinModule("node:tls").createSecureContext(certificate);
    certificates.set(name, certificate);
  }
  return certificates;
}
