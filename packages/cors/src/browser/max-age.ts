// How long a preflight response is cached: Access-Control-Max-Age read as `delta-seconds`, five seconds
// if that fails, and each engine's own limit. (Fetch: CORS-preflight fetch 7.8 to 7.10)

import { headerLines } from "../standard/header-list.ts";
import type { HeaderList } from "../standard/message.ts";
import type { MaxAgeReading } from "./engine.ts";

/** Seconds; `read` says how the header was understood. */
export interface MaxAge {
  readonly seconds: number;
  readonly read: "absent" | "junk" | "negative" | "empty" | "number";
  readonly capped: boolean;
}

/**
 * How long a response with these headers is cached, by the rules of an engine (`engine.maxAge`).
 */
export function maxAgeOf(headers: HeaderList, reading: MaxAgeReading): MaxAge {
  const lines = headerLines(headers, "access-control-max-age");
  const written = lines.length > 1 ? lines.join(", ") : lines[0];
  const value = reading.plusSign ? written?.replace(/^\+(?=\d)/, "") : written;
  if (value === undefined) return kept("absent", reading.absent, reading);
  if (value === "") return kept("empty", reading.empty, reading);
  // engines that treat negative numbers separately do not accept one that exceeds 64 bits
  if (/^-\d{1,18}$/.test(value)) return kept("negative", reading.negative, reading);
  if (!/^\d+$/.test(value)) return kept("junk", reading.junk, reading);
  return kept("number", Math.min(Number(value), Number.MAX_SAFE_INTEGER), reading);
}

function kept(read: MaxAge["read"], seconds: number, { cap }: MaxAgeReading): MaxAge {
  if (cap !== undefined && seconds > cap) return { seconds: cap, read, capped: true };
  return { seconds, read, capped: false };
}
