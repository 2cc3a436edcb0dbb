// allow_methods: normalised exactly as Fetch does, and no further.

import { isForbiddenMethod, isMethod, normalizeMethod } from "../../standard/method.ts";
import { quote } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { duplicateEntry, readList, shadowedEntry } from "./list.ts";
import type { Entry, Written } from "./list.ts";
import { unusualName } from "./unusual-name.ts";

const unstoppable = ["GET", "HEAD", "POST"];

/** undefined if an entry is faulty. */
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
      why: "under the standard GET, HEAD and POST pass whatever the list says; browsers check it only for other methods (Firefox also for HEAD)",
      say: "to refuse a method, do it in the server (in the gateway, with the location's `methods`)",
    });
  return sound ? Object.freeze([...methods.keys()]) : undefined;
}

/** Reports what is wrong with one method; false if it cannot be used. */
function tellMethod(entry: Entry, faults: Faults): boolean {
  const { text, path, part } = entry;
  if (!isMethod(text)) {
    faults.add({
      code: "policy/method-malformed",
      path,
      part,
      message: `${quote(text)} is not a valid method`,
      why: "in a browser, one invalid entry fails the whole preflight",
      say: "write a method in letters, such as `PATCH`; separate methods with commas",
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
      message: `${quote(text)} does not need to be listed`,
      why: "preflights are always answered; the list is for methods that a page sends itself, and pages rarely send OPTIONS",
      say: 'remove it, unless a page calls `fetch(url, { method: "OPTIONS" })`',
    });
  else if (method !== method.toUpperCase())
    faults.add({
      code: "policy/method-lower-case",
      path,
      part,
      message: `${quote(text)} is not ${quote(text.toUpperCase())}`,
      why: "methods are case-sensitive, and a browser converts only DELETE, GET, HEAD, OPTIONS, POST and PUT to upper case",
      say: `write \`${text.toUpperCase()}\`, and use that in the page too`,
    });
  return true;
}
