// Durations as people write them: `24h`, `1h 30m`, `10min`, `500ms`. The one table of units, for a
// policy's max_age and for every time in a gateway's configuration.

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const units: ReadonlyMap<string, number> = new Map(
  (
    [
      ["ms msec millis", 1],
      ["s sec secs second seconds", second],
      ["m min mins minute minutes", minute],
      ["h hr hrs hour hours", hour],
      ["d day days", 24 * hour],
      ["w week weeks", 7 * 24 * hour],
    ] as const
  ).flatMap(([names, milliseconds]) =>
    names.split(" ").map((name) => [name, milliseconds] as const),
  ),
);

/**
 * The milliseconds of a duration: numbers with units, in any case, with or without spaces between them.
 * undefined if the text is not a duration; a number without a unit is not one.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 64 || !/^(?:\d+(?:\.\d+)?\s*[a-z]+\s*)+$/i.test(trimmed)) return undefined;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)) {
    const factor = units.get(unit!.toLowerCase());
    if (factor === undefined) return undefined;
    total += Number(amount) * factor;
  }
  // `1.1h` is 3960000 ms, and 3960000.0000000005 in binary fractions.
  const whole = Math.round(total);
  return Math.abs(total - whole) < 1e-6 ? whole : total;
}

/**
 * The seconds of a max_age: bare digits are seconds, as in the header itself. A leading `-` is accepted,
 * so that the caller can say what is wrong with it.
 */
export function parseSeconds(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^-?\d{1,64}$/.test(trimmed)) return Number(trimmed);
  const negative = trimmed.startsWith("-");
  const read = parseDuration(negative ? trimmed.slice(1) : trimmed);
  if (read === undefined) return undefined;
  return (negative ? -read : read) / second;
}
