// Durations as people write them: seconds as a number, or `24h`, `1h 30m`, `10min`, `500ms`.

const unitSeconds: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ms: 0.001,
    msec: 0.001,
    millis: 0.001,
    s: 1,
    sec: 1,
    secs: 1,
    second: 1,
    seconds: 1,
    m: 60,
    min: 60,
    mins: 60,
    minute: 60,
    minutes: 60,
    h: 3600,
    hr: 3600,
    hrs: 3600,
    hour: 3600,
    hours: 3600,
    d: 86_400,
    day: 86_400,
    days: 86_400,
    w: 604_800,
    week: 604_800,
    weeks: 604_800,
  }),
);

/**
 * Seconds of a duration, or undefined where the text is none. Bare digits are seconds, as in the
 * header itself; a leading `-` is read, so that the caller can say what is wrong with it.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > 64) return undefined;
  const negative = trimmed.startsWith("-");
  const body = negative ? trimmed.slice(1) : trimmed;
  if (/^\d+$/.test(body)) return negative ? -Number(body) : Number(body);
  const parts = /^(?:\d+(?:\.\d+)?\s*[a-z]+\s*)+$/i.test(body)
    ? body.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)
    : undefined;
  if (parts === undefined) return undefined;
  let total = 0;
  for (const [, amount, unit] of parts) {
    const seconds = unitSeconds.get(unit!.toLowerCase());
    if (seconds === undefined) return undefined;
    total += Number(amount) * seconds;
  }
  // `1.1h` is 3960 seconds, and 3960.0000000000005 in binary fractions.
  const whole = Math.round(total);
  if (Math.abs(total - whole) < 1e-6) total = whole;
  return negative ? -total : total;
}
