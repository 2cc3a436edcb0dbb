// The meaning of a configuration as twelve hexadecimal digits: two that serve the same have the same hash,
// wherever they are and however they are laid out.

import { createHash } from "node:crypto";
import type { Policy } from "@corsway/cors";
import type { Config } from "../config/config.ts";

export function configHash(config: Config): string {
  const hash = createHash("sha256");
  // Ten thousand locations may share a policy of a hundred thousand origins, so it is written once; and by
  // itself, because no part of it needs to be looked at here.
  const policies = new Map<Policy, number>();
  const text = JSON.stringify(config, (key, value: unknown) => {
    // The place where a value was written is not part of its meaning.
    if (key === "from" || key === "fields" || key === "files") return undefined;
    if (key === "policy" && typeof value === "object") {
      const known = policies.get(value as Policy) ?? policies.size;
      if (known === policies.size) {
        policies.set(value as Policy, known);
        hash.update(JSON.stringify(value));
      }
      return known;
    }
    return value instanceof Map ? [...value] : value;
  });
  return hash.update(text).digest("hex").slice(0, 12);
}
