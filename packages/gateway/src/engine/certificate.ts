// The certificates of a configuration, read once for a generation. From here on bytes are passed and
// no paths: what is served is what was tried, though a renewal may be half written by now.

import { readFileSync } from "node:fs";
import type { Config } from "../config/config.ts";

/** PEM, as it stands in the files. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** By the server's name; those without TLS have none. */
export type Certificates = ReadonlyMap<string, Certificate>;

/** Throws where a file cannot be read, or the two do not belong together. */
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
