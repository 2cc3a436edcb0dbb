// The parser that knows places passes the characters of a string as arguments of one call, which fails
// above about 100,000. A policy may contain such a string (a comma-separated list of all its origins), and
// faults near it need their places. So that parser gets the text with long strings emptied, and its
// offsets are converted back.

/** A string on one line, without escapes, that is long enough to be worth the trouble. */
const long = /"[^"\\\r\n]{20000,}"|'[^'\r\n]{20000,}'/g;

export interface Shortened {
  /** The text with nothing between the quotes of its long strings. */
  readonly text: string;
  /** Converts an offset in `text` to an offset in the original text. */
  original(offset: number): number;
}

export function shortenStrings(text: string): Shortened {
  const cuts: { readonly at: number; readonly by: number }[] = [];
  let removed = 0;
  const short = text.replace(long, (found, offset: number) => {
    const by = found.length - 2;
    cuts.push({ at: offset + 1 - removed, by });
    removed += by;
    return found[0]! + found[0]!;
  });
  return {
    text: short,
    original(offset) {
      let led = offset;
      for (const { at, by } of cuts) if (offset > at) led += by;
      return led;
    },
  };
}
