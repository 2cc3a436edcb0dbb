// allow_headers and expose_headers: header names, `*`, or both; request headers also have families.

import {
  isForbiddenRequestHeaderName,
  isForbiddenResponseHeaderName,
  isHeaderName,
  isCorsSafelistedResponseHeaderName,
} from "../../standard/header-name.ts";
import { asciiLowercase } from "../../standard/token.ts";
import { quote } from "./faults.ts";
import type { Fault, Faults } from "./faults.ts";
import { duplicateEntry, readList, shadowedEntry } from "./list.ts";
import type { Entry, Written } from "./list.ts";
import type { NameList, RequestNameList } from "../policy.ts";
import { checkFamilies, isForbiddenFamily, isHeaderFamily } from "./header-family.ts";
import { unusualName } from "./unusual-name.ts";
import { setting } from "./spelling.ts";

export interface ReadNames<List extends NameList> {
  /** The entry that is `*`. */
  readonly any?: Entry;
  /** undefined if an entry is faulty. */
  readonly list?: List;
}

type Finding = Pick<Fault, "code" | "message" | "why" | "say">;

export function readRequestNames(written: Written, faults: Faults): ReadNames<RequestNameList> {
  const list = readList(written, faults);
  if (list === undefined) return {};
  const any = list.entries.find(({ text }) => text === "*");
  const { sound, names, families } = readEntries(list.entries, any, "request", faults);
  if (any !== undefined && !names.has("authorization"))
    faults.add({
      code: "policy/authorization-not-covered",
      path: any.path,
      part: any.part,
      message: "`*` does not cover `Authorization`",
      why: "under the standard, a page that sets Authorization is blocked unless that name is listed; browsers currently let it pass, with no promise to continue",
      say: `if pages send it, write \`${setting(written.key, '["*", "Authorization"]')}\``,
    });
  return {
    ...(any !== undefined && { any }),
    ...(sound && {
      list: Object.freeze({
        any: any !== undefined,
        names: textsOf(names),
        families: textsOf(families),
      }),
    }),
  };
}

export function readResponseNames(written: Written, faults: Faults): ReadNames<NameList> {
  const list = readList(written, faults);
  if (list === undefined) return {};
  const any = list.entries.find(({ text }) => text === "*");
  const { sound, names } = readEntries(list.entries, any, "response", faults);
  return {
    ...(any !== undefined && { any }),
    ...(sound && { list: Object.freeze({ any: any !== undefined, names: textsOf(names) }) }),
  };
}

/** Entries by their text in lower case, each once. `sound`: none was faulty. */
interface ReadEntries {
  readonly sound: boolean;
  readonly names: ReadonlyMap<string, Entry>;
  readonly families: ReadonlyMap<string, Entry>;
}

function readEntries(
  entries: readonly Entry[],
  any: Entry | undefined,
  side: "request" | "response",
  faults: Faults,
): ReadEntries {
  const names = new Map<string, Entry>();
  const families = new Map<string, Entry>();
  const told = new Set<Entry>();
  let sound = true;
  for (const entry of entries) {
    if (entry.text === "*") continue;
    const error = nameError(entry.text, side);
    if (error !== undefined) {
      sound = false;
      faults.add({ ...error, path: entry.path, part: entry.part });
      continue;
    }
    const isFamily = side === "request" && isHeaderFamily(entry.text);
    const kept = isFamily ? families : names;
    const lower = asciiLowercase(entry.text);
    const first = kept.get(lower);
    if (first !== undefined) {
      faults.add(duplicateEntry(entry, first));
      continue;
    }
    kept.set(lower, entry);
    const warning = isFamily ? familyWarning(entry) : nameWarning(entry, side);
    if (warning !== undefined) {
      faults.add(warning);
      told.add(entry);
    } else if (any !== undefined && !(side === "request" && lower === "authorization"))
      faults.add(shadowedEntry(entry, any));
  }
  if (any === undefined) checkFamilies(names, families, told, faults);
  return { sound, names, families };
}

function textsOf(entries: ReadonlyMap<string, Entry>): readonly string[] {
  return Object.freeze([...entries.values()].map(({ text }) => text));
}

function familyWarning({ text, path, part }: Entry): Fault | undefined {
  if (!isForbiddenFamily(text)) return undefined;
  return { ...neverAskedFor(text), path, part };
}

function nameWarning(entry: Entry, side: "request" | "response"): Fault | undefined {
  const unusual = unusualName(entry, side === "request");
  if (unusual !== undefined) return unusual;
  const found = side === "request" ? requestWarning(entry.text) : responseWarning(entry.text);
  return found && { ...found, path: entry.path, part: entry.part };
}

function nameError(name: string, side: "request" | "response"): Finding | undefined {
  if (!isHeaderName(name))
    return {
      code: "policy/header-malformed",
      message: `${quote(name)} is not a header name`,
      why: "in a browser, one invalid name makes the whole list invalid",
      say: "write a name in letters, digits and `-`; separate names with commas",
    };
  if (asciiLowercase(name).startsWith("access-control-"))
    return {
      code: "policy/header-of-cors",
      message: `${quote(name)} belongs to CORS itself`,
      why: "these headers are exchanged between browser and server; no page sets or reads them",
      say: "remove it",
    };
  if (side === "response" && isForbiddenResponseHeaderName(name))
    return {
      code: "policy/response-header-forbidden",
      message: `${quote(name)} can never be read by a page`,
      why: "browsers hide cookies from `fetch`, listed or not",
      say: "remove it; if credentials are allowed, cookies are stored without it",
    };
  return undefined;
}

function requestWarning(name: string): Finding | undefined {
  if (isForbiddenRequestHeaderName(name)) return neverAskedFor(name);
  const lower = asciiLowercase(name);
  // Content-Type and Range are safelisted for a few values only: other values need them to be listed.
  if (lower === "accept" || lower === "accept-language" || lower === "content-language")
    return {
      code: "policy/request-header-safelisted",
      message: `${quote(name)} needs no permission`,
      why: "every page may set it; a browser asks only if the value has unusual bytes or is longer than 128 bytes",
      say: "remove it, unless such values are sent",
    };
  return undefined;
}

function neverAskedFor(name: string): Finding {
  return {
    code: "policy/request-header-forbidden",
    message: `${quote(name)} is never asked for`,
    why: "browsers ignore a page that sets it, and set it themselves without asking",
    say: "remove it",
  };
}

function responseWarning(name: string): Finding | undefined {
  if (!isCorsSafelistedResponseHeaderName(name)) return undefined;
  return {
    code: "policy/response-header-safelisted",
    message: `${quote(name)} is readable without being exposed`,
    why: "it is one of the seven response headers that every allowed page may read",
    say: "remove it",
  };
}
