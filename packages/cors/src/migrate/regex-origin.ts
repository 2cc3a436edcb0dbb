// A regular expression for origins → patterns that mean what was meant, and an origin that the expression allows by mistake. Origins are
// tuples; an expression on their text forgets an anchor or a backslash, and `evil-example.com` can read too.

import { parseOriginPattern } from "../policy/read/parse-origin-pattern.ts";
import { compileOriginSet } from "../policy/decide/origin-set.ts";
import type { OriginPattern } from "../policy/origin-pattern.ts";
import { parseOrigin } from "../standard/origin.ts";

/** What a regular expression for origins comes to. */
export interface RegexOrigin {
  /** Patterns to write instead; empty where none is sure to mean the same. */
  readonly patterns: readonly string[];
  /** An origin that it allows but that no pattern above does. */
  readonly counterExample?: string;
  /** An origin that a pattern allows and the expression did not: several labels where it wanted one. */
  readonly wider?: string;
  /** `g` or `y`: it remembers where it stopped, and refuses every second request. */
  readonly stateful: boolean;
}

const sourceLimit = 1000;

/**
 * Reads a regular expression as `cors` users write them for origins: what it means as patterns, and a
 * stranger's origin that it lets in.
 */
export function readRegexOrigin(regex: RegExp): RegexOrigin {
  const stateful = regex.global || regex.sticky;
  const source = regex.source.length > sourceLimit ? "" : regex.source;
  const patterns = suggest(source);
  const counterExample = findCounterExample(regex, source, patterns);
  const wider = findWider(regex, patterns);
  return {
    patterns,
    stateful,
    ...(counterExample !== undefined && { counterExample }),
    ...(wider !== undefined && { wider }),
  };
}

/** What stands for one or more labels, with the dot behind it; and for a part of one label. */
const subdomains =
  /^(?:\((?:\?:)?)?(?:\.[*+]|\[\^\.\]\+|\[\^\/\]\+|\[\w\\.-]+\][*+]|\[a-z0-9-\]\+|\[a-zA-Z0-9-\]\+|\[\\w-\]\+|\\w\+)\\?\.(\))?([*+?])?/;

/** The patterns that an expression of the usual forms means. */
function suggest(source: string): string[] {
  let rest = source.replace(/^\^/, "").replace(/\$$/, "");
  let schemes = ["https"];
  const scheme =
    /^(https\?|https|http|\(https\?\)|\(\?:https\?\)|\(http\|https\)|\(https\|http\)):(?:\\?\/){2}/.exec(
      rest,
    );
  if (scheme !== null) {
    rest = rest.slice(scheme[0].length);
    schemes = /^https$/.test(scheme[1]!)
      ? ["https"]
      : /^http$/.test(scheme[1]!)
        ? ["http"]
        : ["https", "http"];
  }
  let port = "";
  const ported =
    /(?:\((?:\?:)?:(?:\\d\+|\[0-9\]\+)\)(\?|\*)?|:(?:\\d\+|\[0-9\]\+|\\d\{\d(?:,\d)?\})|:(\d{1,5}))$/.exec(
      rest,
    );
  if (ported !== null) {
    rest = rest.slice(0, ported.index);
    port = ported[2] === undefined ? ":*" : `:${ported[2]}`;
  }
  const hosts: string[] = [];
  const wild = subdomains.exec(rest);
  if (wild !== null) {
    const name = plainName(rest.slice(wild[0].length));
    if (name === undefined) return [];
    // `(.*\.)?` is the name itself and everything below it.
    if (wild[2] === "?" || wild[2] === "*") hosts.push(name);
    hosts.push(`*.${name}`);
  } else {
    const choice = /^\((?:\?:)?([^()]+)\)$/.exec(rest)?.[1]?.split("|").map(plainName);
    if (choice !== undefined && choice.every((one) => one !== undefined) && scheme !== null) {
      hosts.push(...choice);
      return written(schemes, hosts, port);
    }
    const tail = rest.replace(/^\\\./, "");
    const name = plainName(tail);
    if (name === undefined) return [];
    if (tail !== rest) hosts.push(`*.${name}`);
    // Without an anchor at its front, whoever wrote it mostly meant the name and what is below it.
    else if (!source.startsWith("^") && scheme === null) hosts.push(name, `*.${name}`);
    else hosts.push(name);
  }
  return written(schemes, hosts, port);
}

function written(schemes: readonly string[], hosts: readonly string[], port: string): string[] {
  const patterns = schemes.flatMap((one) => hosts.map((host) => `${one}://${host}${port}`));
  return patterns.every((pattern) => "pattern" in parseOriginPattern(pattern)) ? patterns : [];
}

/** `example\.com` or `example.com` as a name; undefined where anything else than a whole name is in it. */
function plainName(source: string): string | undefined {
  const name = source.replaceAll("\\.", ".").replaceAll("\\-", "-");
  return name === "localhost" || /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(name) ? name : undefined;
}

function findCounterExample(
  regex: RegExp,
  source: string,
  patterns: readonly string[],
): string | undefined {
  const meant = compileOriginSet(patterns.flatMap(parsed));
  // Without the memory that `g` and `y` keep between two calls.
  const test = new RegExp(regex.source, regex.flags.replace(/[gy]/g, ""));
  for (const candidate of candidates(source, patterns))
    if (
      parseOrigin(candidate)?.kind === "tuple" &&
      test.test(candidate) &&
      meant.match(candidate) === undefined
    )
      return candidate;
  return undefined;
}

/** Tries what the forms that `suggest` knows leave open: more labels, another port or none. */
function findWider(regex: RegExp, patterns: readonly string[]): string | undefined {
  const test = new RegExp(regex.source, regex.flags.replace(/[gy]/g, ""));
  for (const pattern of patterns) {
    const name = pattern.replace(/:\*$/, "");
    const ports = name === pattern ? [""] : ["", ":1", ":8080", ":65535"];
    const labels = name.includes("*.") ? ["x.", "a.b.", "a-b1."] : [""];
    for (const label of labels)
      for (const port of ports) {
        const origin = `${name.replace("*.", label)}${port}`;
        if (!test.test(origin)) return origin;
      }
  }
  return undefined;
}

function parsed(pattern: string): OriginPattern[] {
  const read = parseOriginPattern(pattern);
  return "pattern" in read ? [read.pattern] : [];
}

/** Origins of strangers that a slip lets in, the likeliest first. */
function* candidates(source: string, patterns: readonly string[]): Generator<string> {
  const names = patterns.map((pattern) =>
    pattern.replace(/^[a-z]+:\/\/(?:\*\.)?/, "").replace(/:.*$/, ""),
  );
  if (names.length === 0) {
    const literal = /[a-z0-9-]+(?:\\?\.[a-z0-9-]+)+/.exec(source)?.[0].replaceAll("\\", "");
    if (literal !== undefined) names.push(literal);
  }
  for (const name of new Set(names))
    for (const scheme of ["https", "http"]) {
      yield `${scheme}://evil-${name}`;
      yield `${scheme}://evil${name}`;
      yield `${scheme}://${name}.evil.example`;
      yield `${scheme}://evil.${name}.evil.example`;
      yield `${scheme}://x.${name}.evil.example`;
      for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
        const swapped = `${name.slice(0, dot)}x${name.slice(dot + 1)}`;
        yield `${scheme}://${swapped}`;
        yield `${scheme}://x.${swapped}`;
        yield `${scheme}://${swapped}.example`;
      }
    }
  yield "https://evil.example";
  yield "http://evil.example";
}
