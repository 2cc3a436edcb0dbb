// allow_methods: normalised as Fetch does, and not one letter more.

import { isForbiddenMethod, isMethod, normalizeMethod } from "../../standard/method.ts";
import { quote } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { duplicateEntry, readList, shadowedEntry } from "./list.ts";
import type { Entry, Written } from "./list.ts";
import { unusualName } from "./unusual-name.ts";

const unstoppable = ["GET", "HEAD", "POST"];

/** undefined where an entry is faulty. */
export function readMethods(written: Written, faults: Faults): "*" | readonly string[] | undefined {
  const list = readList(written, faults);
  if (list === undefined) return undefined;
  const any = list.entries.find(({ text }) => text === "*");
  const methods = new Map<string, Entry>();
  let sound = true;
  for (const entry of list.entries) {
    if (entry.text === "*") continue;
    if (!tellMethod(entry, faults)) {
      sound = false;
      continue;
    }
    const method = normalizeMethod(entry.text);
    const first = methods.get(method);
    if (first !== undefined) {
      faults.add(duplicateEntry(entry, first));
      continue;
    }
    methods.set(method, entry);
    const unusual = unusualName(entry);
    if (unusual !== undefined) faults.add(unusual);
  }
  if (any !== undefined) {
    for (const entry of methods.values()) faults.add(shadowedEntry(entry, any));
    return sound ? "*" : undefined;
  }
  const missing = unstoppable.filter((method) => !methods.has(method));
  if (sound && missing.length > 0)
    faults.add({
      code: "policy/methods-not-stopped",
      path: written.path,
      message: `\`${written.key}\` leaves out ${missing.map((method) => `\`${method}\``).join(", ")}, which no list can stop`,
      why: "by the standard GET, HEAD and POST pass whatever the list says; it is only asked about other methods (Firefox asks it about HEAD too)",
      say: "to refuse a method, let the server do it (a location's `methods` in the gateway)",
    });
  return sound ? Object.freeze([...methods.keys()]) : undefined;
}

/** Tells what is wrong with one method; false where it cannot be used. */
function tellMethod(entry: Entry, faults: Faults): boolean {
  const { text, path, part } = entry;
  if (!isMethod(text)) {
    faults.add({
      code: "policy/method-malformed",
      path,
      part,
      message: `${quote(text)} is no method`,
      why: "a browser that meets it in the list takes the whole preflight for failed",
      say: "a method is letters, such as `PATCH`; separate methods by commas",
    });
    return false;
  }
  if (isForbiddenMethod(text)) {
    faults.add({
      code: "policy/method-forbidden",
      path,
      part,
      message: `${quote(text)} is a forbidden method`,
      why: "no browser lets a page send CONNECT, TRACE or TRACK",
      say: "remove it",
    });
    return false;
  }
  const method = normalizeMethod(text);
  if (method === "OPTIONS")
    faults.add({
      code: "policy/method-options",
      path,
      part,
      message: `${quote(text)} need not be listed`,
      why: "preflights are always answered; the list is for what a page itself sends, and pages hardly ever send OPTIONS",
      say: 'remove it, unless a page calls `fetch(url, { method: "OPTIONS" })`',
    });
  else if (method !== method.toUpperCase())
    faults.add({
      code: "policy/method-lower-case",
      path,
      part,
      message: `${quote(text)} is not ${quote(text.toUpperCase())}`,
      why: "methods are compared with their case, and a browser puts only DELETE, GET, HEAD, OPTIONS, POST and PUT in upper case",
      say: `write \`${text.toUpperCase()}\`, and have the page send it so`,
    });
  return true;
}
