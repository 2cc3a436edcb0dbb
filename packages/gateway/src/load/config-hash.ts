// A configuration's meaning as twelve hexadecimal digits: two that serve alike have the same, wherever
// and in whatever layout they are written.

import { createHash } from "node:crypto";
import type { Policy } from "@corsway/cors";
import type { Config } from "../config/config.ts";

export function configHash(config: Config): string {
  return createHash("sha256").update(canonicalText(config)).digest("hex").slice(0, 12);
}

function canonicalText(config: Config): string {
  // Ten thousand locations may have one policy of a hundred thousand origins: it is written once.
  const policies = new Map<Policy, number>();
  return JSON.stringify(config, (key, value: unknown) => {
    // Where a value was written is no part of its meaning.
    if (key === "from" || key === "fields" || key === "files") return undefined;
    if (key === "policy" && typeof value === "object") {
      const known = policies.get(value as Policy);
      if (known !== undefined) return known;
      policies.set(value as Policy, policies.size);
    }
    return value instanceof Map ? [...value] : value;
  });
}
