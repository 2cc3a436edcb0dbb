// A cURL command as DevTools copies it ("Copy as cURL", bash or cmd). The shell's quoting is a
// library's business (shlex); which options say something about a page's request is ours.

import { split } from "shlex";
import { ownHeaders, type PastedRequest, type PasteFault } from "./pasted.ts";

/** Options with a value that a page's request does not depend on. */
const ignoredWithValue: ReadonlySet<string> = new Set([
  "-o",
  "--output",
  "-m",
  "--max-time",
  "--connect-timeout",
  "-w",
  "--write-out",
  "--cacert",
  "--cert",
  "--key",
  "-x",
  "--proxy",
  "--resolve",
  "--retry",
  "-D",
  "--dump-header",
  "-c",
  "--cookie-jar",
  "--ciphers",
  "--interface",
]);

/** Does the text begin like a cURL command? */
export function isCurl(text: string): boolean {
  return /^\s*(?:\$\s*)?curl(?:\.exe)?\s/.test(text);
}

/** Reads the first command in the text. Total. */
export function readCurl(text: string): PastedRequest | PasteFault {
  const words = wordsOf(text);
  if (!Array.isArray(words)) return words;
  const headers: (readonly [string, string])[] = [];
  const data: string[] = [];
  const notes: string[] = [];
  let url: string | undefined;
  let method: string | undefined;
  let isForm = false;
  let asQuery = false;
  let isHead = false;
  let follows = false;

  for (let at = 1; at < words.length; at++) {
    const word = words[at]!;
    if (/^[;&|]+$/.test(word)) break;
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
      case "-F":
      case "--form":
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
        if (ignoredWithValue.has(option)) value();
    }
  }
  if (url === undefined)
    return {
      say: "the cURL command has no URL",
      fix: "paste the command from `curl` to its end",
    };
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) url = `http://${url}`;
  if (asQuery && data.length > 0) url += `${url.includes("?") ? "&" : "?"}${data.join("&")}`;
  const hasBody = data.length > 0 && !asQuery;
  if (hasBody && !headers.some(([name]) => name.toLowerCase() === "content-type"))
    headers.push([
      "Content-Type",
      isForm ? "multipart/form-data; boundary=x" : "application/x-www-form-urlencoded",
    ]);
  const { headers: own, origin, hasCookies } = ownHeaders(headers);
  if (follows) notes.push("a browser follows redirects without -L");
  return {
    url,
    method: method ?? (isHead ? "HEAD" : hasBody ? "POST" : "GET"),
    headers: own,
    ...(hasBody && !isForm ? { body: data.join("&") } : {}),
    ...(origin === undefined ? {} : { origin }),
    ...(hasCookies ? { credentials: "include" as const } : {}),
    notes,
  };
}

/** Windows' cmd escapes with `^`, and quotes with `"` alone. */
function wordsOf(text: string): string[] | PasteFault {
  const isCmd = /\^"|\^\r?\n/.test(text);
  const plain = isCmd
    ? text.replace(/\^\r?\n/g, " ").replace(/\^(.)/g, "$1")
    : text.replace(/\\\r?\n/g, " ");
  try {
    const words = split(plain.trim().replace(/^\$\s*/, ""));
    return words[0]?.startsWith("curl") === true
      ? words
      : { say: "this is not a cURL command", fix: "paste the command from `curl` to its end" };
  } catch {
    return {
      say: "a quote in the cURL command is not closed",
      fix: "copy the whole command (DevTools: Network, right click, Copy as cURL)",
    };
  }
}

/** `-XPUT`, `--request=PUT`, `-X`; undefined where the word is not an option. */
function optionOf(word: string): readonly [option?: string, attached?: string] {
  if (!word.startsWith("-") || word === "-") return [];
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
  }
  const option = word.slice(0, 2);
  const takesValue = "XHbAeudFomwxDc".includes(option.charAt(1));
  return takesValue && word.length > 2 ? [option, word.slice(2)] : [option];
}

function addHeader(line: string, headers: (readonly [string, string])[], notes: string[]): void {
  const colon = line.indexOf(":");
  if (colon > 0) headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  else if (line.trim() !== "") notes.push(`the header ${JSON.stringify(line)} has no colon`);
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
