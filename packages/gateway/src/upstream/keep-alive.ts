// How long a connection may be kept after a response, by that response (RFC 9112 §9.3).

import { isNamed } from "@corsway/cors/standard";
import type { WireResponseHead } from "../http1/response-head.ts";

/**
 * The seconds for which the upstream keeps it (`Keep-Alive: timeout=5`, RFC 2068 §19.7.1), Infinity if it does not say, 0 if it
 * closes.
 */
export function keepAliveSeconds({ version, fields }: WireResponseHead): number {
  let kept = version === "1.1";
  let seconds = Infinity;
  for (let i = 0; i < fields.length; i += 2) {
    // Both names have ten letters, so hardly any other field is examined.
    const name = fields[i]!;
    if (name.length !== 10) continue;
    if (isNamed(name, "connection")) kept = staysOpen(fields[i + 1]!.toLowerCase(), kept);
    else if (isNamed(name, "keep-alive")) {
      const found = /(?:^|[,\s])timeout=(\d{1,9})/i.exec(fields[i + 1] as string);
      if (found !== null) seconds = Number(found[1]);
    }
    if (!kept && version === "1.1") return 0;
  }
  return kept ? seconds : 0;
}

function staysOpen(options: string, kept: boolean): boolean {
  if (options === "close") return false;
  if (options === "keep-alive") return true;
  const list = new Set(options.split(",", 64).map((option) => option.trim()));
  if (list.has("close")) return false;
  return kept || list.has("keep-alive");
}
