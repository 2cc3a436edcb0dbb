// A cURL command as DevTools copies it ("Copy as cURL", bash or cmd). The shell's quoting is a
// library's business (shlex); which options say something about a page's request is ours.

import { split } from "shlex";
import {
  firstOfOtherOrigin,
  pageRequestOf,
  type PastedRequest,
  type PasteFault,
} from "./pasted.ts";

/** The short options of curl with a value. */
const shortWithValue: ReadonlySet<string> = new Set("AbcCdDeEFHKmoPQrtTuUwxXyYz");

/** The long options with a value that a page's request does not depend on. */
const ignoredWithValue: ReadonlySet<string> = new Set(
  `--output --output-dir --max-time --connect-timeout --write-out --cacert --capath --cert --cert-type --key
  --key-type --pass --proxy --proxy-user --proxy-header --preproxy --noproxy --resolve --connect-to --retry
  --retry-delay --retry-max-time --dump-header --cookie-jar --ciphers --tls13-ciphers --tls-max --curves
  --interface --range --rate --limit-rate --max-filesize --max-redirs --speed-limit --speed-time --stderr
  --trace --trace-ascii --trace-config --unix-socket --abstract-unix-socket --netrc-file --config --proto
  --proto-default --proto-redir --dns-servers --doh-url --engine --etag-compare --etag-save
  --expect100-timeout --keepalive-time --local-port --pinnedpubkey --quote --request-target --socks5
  --socks5-hostname --time-cond --variable --crlfile --hsts --alt-svc --aws-sigv4 --happy-eyeballs-timeout-ms`.split(
    /\s+/,
  ),
);

/** Each try reads the text again; a longer body is tried with the whole text. */
const mostLines = 32;

/** A prompt, or a word that runs the command after it. */
const before = String.raw`(?:[$%>#❯]\s+|PS [^>\n]*>\s*|[A-Za-z]:\\[^>\n]*>\s*|\w+@[^$#\n]*[$#]\s+|(?:sudo|time)\s+)*`;
const beginning = new RegExp(String.raw`^[ \t]*${before}(curl(?:\.exe)?[ \t^\\])`, "m");

/** Does a line of the text begin like a cURL command? */
export function isCurl(text: string): boolean {
  return beginning.test(text);
}

/** Reads the command in the text; of several the first whose page is of another origin. Total. */
export function readCurl(text: string): PastedRequest | PasteFault {
  const words = wordsOf(text);
  if (!Array.isArray(words)) return words;
  const requests: PastedRequest[] = [];
  let fault: PasteFault | undefined;
  for (const command of commandsIn(words)) {
    const read = readCommand(command);
    if ("say" in read) fault ??= read;
    else requests.push(read);
  }
  const [first] = requests;
  if (first === undefined) return fault!;
  if (requests.length === 1) return first;
  const chosen = firstOfOtherOrigin(requests) ?? first;
  return { ...chosen, notes: [...chosen.notes, `one of ${requests.length} commands in the text`] };
}

/** Each from `curl` to what ends it. */
function commandsIn(words: readonly string[]): string[][] {
  const commands: string[][] = [];
  let isInside = false;
  for (const [at, word] of words.entries()) {
    const isValue = words[at - 1]?.startsWith("-") === true;
    if (/^curl(?:\.exe)?$/.test(word) && !isValue) {
      commands.push([]);
      isInside = true;
    }
    if (!isInside) continue;
    if (/^(?:[;&|]+|\d?>+)$/.test(word)) isInside = false;
    else commands.at(-1)!.push(word);
  }
  return commands;
}

function readCommand(typed: readonly string[]): PastedRequest | PasteFault {
  const words = [...typed];
  const headers: (readonly [string, string])[] = [];
  const data: string[] = [];
  const notes: string[] = [];
  let url: string | undefined;
  let method: string | undefined;
  const query: string[] = [];
  let isForm = false;
  let isUpload = false;
  let asQuery = false;
  let isHead = false;
  let follows = false;

  for (let at = 1; at < words.length; at++) {
    words.splice(at, 1, ...apart(words[at]!));
    const word = words[at]!;
    const [option, attached] = optionOf(word);
    const value = (): string => attached ?? words[++at] ?? "";
    switch (option) {
      case undefined:
        url ??= word;
        break;
      case "-X":
      case "--request":
        method = value();
        break;
      case "-H":
      case "--header":
        addHeader(value(), headers, notes);
        break;
      case "-b":
      case "--cookie":
        headers.push(["Cookie", value()]);
        break;
      case "-A":
      case "--user-agent":
      case "-e":
      case "--referer":
        headers.push([
          option === "-A" || option === "--user-agent" ? "User-Agent" : "Referer",
          value(),
        ]);
        break;
      case "-u":
      case "--user":
        headers.push(["Authorization", `Basic ${toBase64(value())}`]);
        break;
      case "-d":
      case "--data":
      case "--data-raw":
      case "--data-ascii":
      case "--data-binary":
      case "--data-urlencode":
        data.push(value());
        break;
      case "--json":
        data.push(value());
        headers.push(["Content-Type", "application/json"], ["Accept", "application/json"]);
        break;
      case "-T":
      case "--upload-file":
        isUpload = true;
        value();
        break;
      case "--oauth2-bearer":
        headers.push(["Authorization", `Bearer ${value()}`]);
        break;
      case "--url-query":
        query.push(value());
        break;
      case "-F":
      case "--form":
      case "--form-string":
        isForm = true;
        data.push(value());
        break;
      case "--url":
        url ??= value();
        break;
      case "-G":
      case "--get":
        asQuery = true;
        break;
      case "-I":
      case "--head":
        isHead = true;
        break;
      case "-L":
      case "--location":
        follows = true;
        break;
      default:
        if (ignoredWithValue.has(option) || shortWithValue.has(option.slice(1))) value();
    }
  }
  if (url === undefined)
    return {
      say: "the cURL command has no URL",
      fix: "paste the command from `curl` to its end",
    };
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) url = `http://${url}`;
  if (asQuery) query.push(...data.splice(0));
  if (query.length > 0) url += `${url.includes("?") ? "&" : "?"}${query.join("&")}`;
  const hasBody = data.length > 0;
  if (hasBody && !headers.some(([name]) => name.toLowerCase() === "content-type"))
    headers.push([
      "Content-Type",
      isForm ? "multipart/form-data; boundary=x" : "application/x-www-form-urlencoded",
    ]);
  if (data.some((each) => each.startsWith("@")) && !isForm)
    notes.push("the body is in a file, which is not read: `@…` is sent in its place");
  const variable = headers
    .map(([, each]) => /\$\{?[A-Z_][A-Z0-9_]+\}?/.exec(each)?.[0])
    .find(Boolean);
  if (variable !== undefined)
    notes.push(`\`${variable}\` is a variable of the shell: its name is sent, not its value`);
  if (follows) notes.push("a browser follows redirects without -L");
  const usual = isHead ? "HEAD" : isUpload ? "PUT" : hasBody ? "POST" : "GET";
  return pageRequestOf(
    {
      url,
      method: method ?? usual,
      headers,
      ...(hasBody && !isForm ? { body: data.join("&") } : {}),
    },
    notes,
  );
}

/** Windows' cmd escapes with `^`, and quotes with `"` alone. */
function wordsOf(text: string): string[] | PasteFault {
  const found = beginning.exec(text);
  if (found === null)
    return { say: "this is not a cURL command", fix: "paste the command from `curl` to its end" };
  const command = straight(text.slice(found.index + found[0].length - found[1]!.length));
  const isCmd = /\^"|\^\r?\n/.test(command);
  const plain = isCmd
    ? command.replace(/\^\r?\n/g, " ").replace(/\^(.)/g, "$1")
    : command.replace(/\\\r?\n/g, " ");
  // A command ends at its line, unless a quote or another option goes on; what a terminal printed below is not read.
  const lines = plain.split(/\r?\n/);
  const ends = lines.flatMap((_, at) => (isFollowed(lines[at + 1] ?? "") ? [] : [at + 1]));
  for (const count of [...ends.slice(0, mostLines), lines.length]) {
    try {
      return split(lines.slice(0, count).join("\n").trim());
    } catch {
      // A quote goes on in the next line.
    }
  }
  return {
    say: "a quote in the cURL command is not closed",
    fix: "copy the whole command (DevTools: Network, right click, Copy as cURL)",
  };
}

/** An option in a line of its own, whose backslash got lost; or another command. */
function isFollowed(line: string): boolean {
  return /^\s*(?:-{1,2}[A-Za-z]|curl\s)/.test(line);
}

/** A word processor's quotes, where there are no others. */
function straight(text: string): string {
  return /["']/.test(text) ? text : text.replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
}

/** `-sSiX` is four options, of which the last may have a value. */
function apart(word: string): readonly string[] {
  if (!/^-[A-Za-z]{2}/.test(word)) return [word];
  const letters = word.slice(1);
  const at = letters.split("").findIndex((letter) => shortWithValue.has(letter));
  const flags = letters.slice(0, at < 0 ? undefined : at);
  const found = flags.split("").map((letter) => `-${letter}`);
  return at < 0 ? found : [...found, `-${letters.slice(at)}`];
}

/** `-XPUT`, `--request=PUT`, `-X`; undefined where the word is not an option. */
function optionOf(word: string): readonly [option?: string, attached?: string] {
  if (!word.startsWith("-") || word === "-") return [];
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
  }
  const option = word.slice(0, 2);
  const takesValue = shortWithValue.has(option.charAt(1));
  return takesValue && word.length > 2 ? [option, word.slice(2)] : [option];
}

function addHeader(line: string, headers: (readonly [string, string])[], notes: string[]): void {
  const colon = line.indexOf(":");
  // curl's own: `X-A;` is a header without a value, `Accept:` removes one.
  if (colon < 0 && line.endsWith(";")) headers.push([line.slice(0, -1).trim(), ""]);
  else if (colon > 0 && line.slice(colon + 1).trim() === "") return;
  else if (colon > 0) headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  else if (line.trim() !== "") notes.push(`the header ${JSON.stringify(line)} has no colon`);
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
