// A size: "16kb", "5mb", or bytes as a number. One kb is 1024 bytes, as in nginx.

import { wrongType, type Form } from "./form.ts";
import { quote } from "@corsway/cors/diagnostics";

const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1024,
  kb: 1024,
  kib: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  mib: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
  gib: 1024 ** 3,
  t: 1024 ** 4,
  tb: 1024 ** 4,
  tib: 1024 ** 4,
};

/** Bytes, or undefined if the text is not a size. */
function parseSize(text: string): number | undefined {
  const found = /^\s*(\d{1,15}(?:\.\d{1,6})?)\s*([a-zA-Z]*)\s*$/.exec(text);
  const unit = found?.[2]!.toLowerCase();
  if (!found || unit === undefined || !Object.hasOwn(units, unit)) return undefined;
  return Math.floor(Number(found[1]) * units[unit]!);
}

export function size(least: number, most: number): Form<number> {
  return {
    schema: {
      anyOf: [
        { type: "string", pattern: "^\\s*\\d+(\\.\\d+)?\\s*([kKmMgGtT]?[iI]?[bB]?)\\s*$" },
        { type: "integer", minimum: least },
      ],
      examples: ["16kb", "5mb"],
    },
    read(value, spot) {
      if (typeof value !== "string" && typeof value !== "number") {
        return wrongType(spot, value, 'a size such as "5mb"');
      }
      const read = parseSize(String(value));
      if (read === undefined) {
        return spot.fault("config/size", {
          message: `${quote(String(value))} is not a size`,
          why: "a size is a number with b, kb, mb or gb",
          fix: 'write for example "16kb" or "5mb"',
        });
      }
      if (read >= least && read <= most) return read;
      return spot.fault("config/out-of-range", {
        message: `${quote(String(value))} is not between ${printSize(least)} and ${printSize(most)}`,
        why: "a smaller size would block everything, and a larger one is more than a gateway can hold",
        fix: `write a size from ${printSize(least)} to ${printSize(most)}`,
      });
    },
  };
}

function printSize(bytes: number): string {
  for (const unit of ["tb", "gb", "mb", "kb"]) {
    const count = bytes / units[unit]!;
    if (Number.isInteger(count) && count > 0) return `${count}${unit}`;
  }
  return `${bytes}b`;
}
