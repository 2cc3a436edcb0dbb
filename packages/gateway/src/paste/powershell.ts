// A PowerShell command as DevTools copies it ("Copy as PowerShell"): Invoke-WebRequest, with the headers as a
// hash table. No library reads PowerShell outside Windows, and this needs only its strings and tables.

import { pageRequestOf, type PastedRequest, type PasteFault } from "./pasted.ts";

const beginning = /\b(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\b/i;

/** Does the text hold such a command? */
export function isPowerShell(text: string): boolean {
  return beginning.test(text) && /-Uri\b|\bhttps?:\/\//i.test(text);
}

/** Reads the first command in the text. Total. */
export function readPowerShell(text: string): PastedRequest | PasteFault {
  const found = beginning.exec(text);
  if (found === null)
    return { say: "the text has no Invoke-WebRequest", fix: "paste the complete command" };
  const words = wordsOf(text.slice(found.index + found[0].length));
  if (!Array.isArray(words)) return words;
  const options = new Map<string, Word>();
  const positional: Word[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word.kind === "table" || word.isQuoted || !word.text.startsWith("-")) positional.push(word);
    else if (!flags.has(word.text.toLowerCase()))
      options.set(word.text.toLowerCase(), words[++at] ?? { kind: "text", text: "" });
  }
  const say = (name: string): string | undefined => {
    const word = options.get(name);
    return word?.kind === "text" ? word.text : undefined;
  };
  const [first] = positional;
  const url = say("-uri") ?? (first?.kind === "text" ? first.text : undefined);
  if (url === undefined || url === "")
    return { say: "the command has no -Uri", fix: "paste the command from its name to its end" };
  const notes: string[] = [];
  const table = options.get("-headers");
  const headers = table?.kind === "table" ? [...table.entries] : [];
  if (table?.kind === "text") notes.push("-Headers is a variable: read as none");
  const type = say("-contenttype");
  const body = say("-body");
  if (type !== undefined) headers.push(["Content-Type", type]);
  else if (body !== undefined) headers.push(["Content-Type", "application/x-www-form-urlencoded"]);
  return pageRequestOf(
    {
      url,
      method: (say("-method") ?? (body === undefined ? "GET" : "POST")).toUpperCase(),
      headers,
      ...(body === undefined ? {} : { body }),
      hasCookies: /\.Cookies\.Add\(/.test(text.slice(0, found.index)),
    },
    notes,
  );
}

/** Options without a value. */
const flags: ReadonlySet<string> = new Set([
  "-usebasicparsing",
  "-skipcertificatecheck",
  "-skiphttperrorcheck",
  "-skipheadervalidation",
  "-passthru",
  "-usedefaultcredentials",
  "-disablekeepalive",
  "-verbose",
  "-allowinsecureredirect",
]);

type Word =
  | { readonly kind: "text"; readonly text: string; readonly isQuoted?: boolean }
  | { readonly kind: "table"; readonly entries: readonly (readonly [string, string])[] };

const separator = /[\s;,]/;

/** Up to the end of the command: a line without a backtick at its end, outside of every bracket. */
function wordsOf(text: string): Word[] | PasteFault {
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (char === "`") at += text.startsWith("`\r\n", at) ? 3 : 2;
    else if (char === "\n" || char === ";" || char === "|") break;
    else if (separator.test(char)) at++;
    else if (text.startsWith("@{", at)) {
      const table = readTable(text, at + 2);
      if (table === undefined) return notClosed;
      words.push(table.word);
      at = table.end;
    } else {
      const word = readText(text, at);
      if (word === undefined) return notClosed;
      words.push({ kind: "text", text: word.text, isQuoted: word.isQuoted });
      at = word.end;
    }
  }
  return words;
}

const notClosed: PasteFault = {
  say: "a quote or a bracket in the command is not closed",
  fix: "copy the whole command (DevTools: Network, right click, Copy as PowerShell)",
};

interface Read {
  readonly text: string;
  readonly end: number;
  readonly isQuoted: boolean;
}

/** `"…"`, `'…'`, `(…"…"…)` (the first string in it), or a bare word. */
function readText(text: string, from: number): Read | undefined {
  const char = text[from]!;
  if (char === '"' || char === "'") return readString(text, from);
  if (char !== "(") {
    const end = from + (/^[^\s;,=}]+/.exec(text.slice(from, from + 8192))?.[0].length ?? 1);
    return { text: text.slice(from, end), end, isQuoted: false };
  }
  let depth = 0;
  let inside: string | undefined;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '"' || text[at] === "'") {
      const string = readString(text, at);
      if (string === undefined) return undefined;
      inside ??= string.text;
      at = string.end - 1;
    } else if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0)
      return { text: inside ?? "", end: at + 1, isQuoted: true };
  }
  return undefined;
}

/** Escaped by a backtick, by doubling the quote, and as `$([char]252)`. */
function readString(text: string, from: number): Read | undefined {
  const quote = text[from]!;
  let read = "";
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at]!;
    if (char === quote && text[at + 1] === quote) {
      read += quote;
      at++;
    } else if (char === quote) return { text: read, end: at + 1, isQuoted: true };
    else if (quote === "'") read += char;
    else if (char === "`") {
      at++;
      read += escapes[text[at] ?? ""] ?? text[at] ?? "";
    } else {
      const coded = char === "$" ? /^\$\(\[char\](\d{1,5})\)/i.exec(text.slice(at, at + 16)) : null;
      read += coded === null ? char : String.fromCharCode(Number(coded[1]));
      at += coded === null ? 0 : coded[0].length - 1;
    }
  }
  return undefined;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0" };

/** `name = value` pairs, each in a line or separated by `;`. */
function readTable(
  text: string,
  from: number,
): { readonly word: Word; readonly end: number } | undefined {
  const entries: [string, string][] = [];
  let name: string | undefined;
  for (let at = from; at < text.length;) {
    const char = text[at]!;
    if (char === "}") return { word: { kind: "table", entries }, end: at + 1 };
    if (separator.test(char) || char === "=" || char === "`") at++;
    else {
      const word = readText(text, at);
      if (word === undefined) return undefined;
      if (name === undefined) name = word.text;
      else {
        entries.push([name, word.text]);
        name = undefined;
      }
      at = word.end;
    }
  }
  return undefined;
}
