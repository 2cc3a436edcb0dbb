// A canonical path is one spelling, and servers still read some spellings in more than one way: nginx and
// Apache merge slashes, Tomcat drops `;parameters`, Express routes without regard to case, IIS drops dots
// and spaces at the end of a segment, and what decodes twice sees `%2561` as `a`. These are the readings.
// Each step goes from a canonical path to a canonical path, so all of them can be combined.

const [hash, percent, dot, slash, semicolon, question] = [0x23, 0x25, 0x2e, 0x2f, 0x3b, 0x3f];
const [upperA, upperZ, backslash] = [0x41, 0x5a, 0x5c];

/** A byte as a canonical path has it. */
const spelt = Array.from({ length: 256 }, (_, byte) => {
  if (byte === backslash) return "/";
  if (byte > 0x20 && byte < 0x7f && byte !== percent) return String.fromCharCode(byte);
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

export interface PathStep {
  readonly name: string;
  /** Returns its argument if there is nothing to read differently. */
  readonly take: (path: string) => string;
}

/** In the order in which they combine: later steps see what decoding reveals. */
export const pathSteps: readonly PathStep[] = [
  { name: "decoded reserved characters", take: decodeOnce },
  { name: "decoded twice", take: decodeTwice },
  { name: "parameters dropped", take: (path) => path.replace(/;[^/]*/g, "") },
  { name: "trailing dots and spaces dropped", take: dropTrailing },
  { name: "slashes merged", take: (path) => path.replace(/\/{2,}/g, "/") },
];

/** Upper and lower case alike; the digits of escapes stay as they are. */
export function lowerCase(path: string): string {
  return hasUpperCase(path)
    ? path.replace(/%[0-9A-F]{2}|[A-Z]+/g, (part) =>
        part.startsWith("%") ? part : part.toLowerCase(),
      )
    : path;
}

export interface PathReading {
  readonly path: string;
  /** The steps that led here. */
  readonly steps: readonly string[];
}

/** Can this canonical path be read differently, apart from case? One scan, which is all that most paths cost. */
export function hasMarks(path: string): boolean {
  let before = 0;
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    if (code === percent || code === semicolon) return true;
    if (code === slash && (before === slash || before === dot)) return true;
    before = code;
  }
  return before === dot;
}

export function hasUpperCase(path: string): boolean {
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    if (code >= upperA && code <= upperZ) return true;
  }
  return false;
}

/** Every combination of the steps, the path itself first, each outcome once; at most 2^5. */
export function readingsOf(path: string): readonly PathReading[] {
  const readings: PathReading[] = [{ path, steps: [] }];
  const seen = new Set([path]);
  for (const { name, take } of pathSteps) {
    for (let i = 0, before = readings.length; i < before; i++) {
      const from = readings[i]!;
      const to = take(from.path);
      if (seen.has(to)) continue;
      seen.add(to);
      readings.push({ path: to, steps: [...from.steps, name] });
    }
  }
  return readings;
}

/** All steps, one after the other. */
export function fullReading(path: string): string {
  return pathSteps.reduce((read, { take }) => take(read), path);
}

/**
 * Does it have a dot segment, or a NUL? A canonical path has neither: only another reading reveals one, and the
 * effect on the path (`/api/..;/internal`) is never intended.
 */
export function climbs(path: string): boolean {
  return path.includes("%00") || /\/\.{1,2}(?:\/|$)/.test(path);
}

/** Removes dots and spaces at the end of each segment; `.` and `..`, with or without spaces, stay dot segments. */
function dropTrailing(path: string): string {
  if (!path.includes(".") && !path.includes("%")) return path;
  return path.split("/").map(dropSegmentsEnd).join("/");
}

function dropSegmentsEnd(segment: string): string {
  let end = segment.length;
  while (endsInSpace(segment, end)) end -= 3;
  const dots = segment.slice(0, end);
  if (dots === "." || dots === "..") return dots;
  for (;;) {
    if (segment.charCodeAt(end - 1) === dot) end--;
    else if (endsInSpace(segment, end)) end -= 3;
    else return segment.slice(0, end);
  }
}

/** `%20`, and the white space that `trim` also removes. */
function endsInSpace(segment: string, end: number): boolean {
  if (end < 3 || segment.charCodeAt(end - 3) !== percent) return false;
  const digits = segment.slice(end - 2, end);
  return digits === "20" || digits === "09" || digits === "0A" || digits === "0D";
}

function decodeOnce(path: string): string {
  return path.includes("%") ? decode(path, false) : path;
}

function decodeTwice(path: string): string {
  return path.includes("%25") ? decode(path, true) : path;
}

/**
 * Decodes the escapes of a canonical path, and escapes again what no path may contain. A decoded `?` or `#` ends the
 * path, and a backslash is a slash, as for servers that decode before they split.
 */
function decode(path: string, twice: boolean): string {
  let out = "";
  let from = 0;
  for (let at = path.indexOf("%"); at >= 0; at = path.indexOf("%", from)) {
    let byte = byteAt(path, at + 1);
    let end = at + 3;
    if (twice && byte === percent) {
      const inner = byteAt(path, end);
      if (inner >= 0) [byte, end] = [inner, end + 2];
    }
    out += path.slice(from, at);
    if (byte === question || byte === hash) return out;
    out += spelt[byte]!;
    from = end;
  }
  return out + path.slice(from);
}

/** Two hexadecimal digits; -1 if there are none. */
function byteAt(path: string, at: number): number {
  const high = digitOf(path.charCodeAt(at));
  const low = digitOf(path.charCodeAt(at + 1));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** In upper or lower case: those of an inner escape are as they arrived. */
function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 0x20;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
