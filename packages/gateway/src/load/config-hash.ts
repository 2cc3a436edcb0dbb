// The meaning of a configuration as twelve hexadecimal digits: two that serve the same have the same hash,
// wherever they are and however they are laid out.

import { createHash } from "node:crypto";
import type { Policy } from "@corsway/cors";
import type { Config } from "../config/config.ts";

export function configHash(config: Config): string {
  return createHash("sha256").update(canonicalText(config)).digest("hex").slice(0, 12);
}

function canonicalText(config: Config): string {
  // Ten thousand locations may share a policy of a hundred thousand origins, so it is written once.
  const policies = new Map<Policy, number>();
  return JSON.stringify(config, (key, value: unknown) => {
    // The place where a value was written is not part of its meaning.
    if (key === "from" || key === "fields" || key === "files") return undefined;
    if (key === "policy" && typeof value === "object") {
      const known = policies.get(value as Policy);
      if (known !== undefined) return known;
      policies.set(value as Policy, policies.size);
    }
    return value instanceof Map ? [...value] : value;
  });
}
