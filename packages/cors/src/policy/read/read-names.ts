// allow_headers and expose_headers: header names, `*`, or both.

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
import type { NameList } from "../policy.ts";
import { unusualName } from "./unusual-name.ts";

export interface ReadNames {
  /** The entry that is `*`. */
  readonly any?: Entry;
  /** undefined where an entry is faulty. */
  readonly list?: NameList;
}

type Finding = Pick<Fault, "code" | "message" | "why" | "say">;

export function readNames(
  written: Written,
  side: "request" | "response",
  faults: Faults,
): ReadNames {
  const list = readList(written, faults);
  if (list === undefined) return {};
  const any = list.entries.find(({ text }) => text === "*");
  const names = new Map<string, Entry>();
  let sound = true;
  for (const entry of list.entries) {
    if (entry.text === "*") continue;
    const error = nameError(entry.text, side);
    if (error !== undefined) {
      sound = false;
      faults.add({ ...error, path: entry.path, part: entry.part });
      continue;
    }
    const lower = asciiLowercase(entry.text);
    const first = names.get(lower);
    if (first !== undefined) {
      faults.add(duplicateEntry(entry, first));
      continue;
    }
    names.set(lower, entry);
    const unusual = unusualName(entry);
    if (unusual !== undefined) {
      faults.add(unusual);
      continue;
    }
    const warning = side === "request" ? requestWarning(entry.text) : responseWarning(entry.text);
    if (warning !== undefined) faults.add({ ...warning, path: entry.path, part: entry.part });
    else if (any !== undefined && !(side === "request" && lower === "authorization"))
      faults.add(shadowedEntry(entry, any));
  }
  if (any !== undefined && side === "request" && !names.has("authorization"))
    faults.add({
      code: "policy/authorization-not-covered",
      path: any.path,
      part: any.part,
      message: "`*` does not cover `Authorization`",
      why: "by the standard a page that sets Authorization is blocked unless that name is listed; browsers let it pass so far, and promise nothing",
      say: `if pages send it, write \`${written.key} = ["*", "Authorization"]\``,
    });
  return {
    ...(any !== undefined && { any }),
    ...(sound && {
      list: Object.freeze({
        any: any !== undefined,
        names: Object.freeze([...names.values()].map(({ text }) => text)),
      }),
    }),
  };
}

function nameError(name: string, side: "request" | "response"): Finding | undefined {
  if (!isHeaderName(name))
    return {
      code: "policy/header-malformed",
      message: `${quote(name)} is no header name`,
      why: "a browser that meets it takes the whole list for malformed",
      say: "a name is letters, digits and `-`; separate names by commas",
    };
  if (asciiLowercase(name).startsWith("access-control-"))
    return {
      code: "policy/header-of-cors",
      message: `${quote(name)} belongs to CORS itself`,
      why: "browser and server speak these headers with each other; no page sets or reads them",
      say: "remove it",
    };
  if (side === "response" && isForbiddenResponseHeaderName(name))
    return {
      code: "policy/response-header-forbidden",
      message: `${quote(name)} is never readable by a page`,
      why: "browsers keep cookies from `fetch`, listed or not",
      say: "remove it; cookies are stored without it where credentials are allowed",
    };
  return undefined;
}

function requestWarning(name: string): Finding | undefined {
  if (isForbiddenRequestHeaderName(name))
    return {
      code: "policy/request-header-forbidden",
      message: `${quote(name)} is never asked for`,
      why: "browsers ignore a page that sets it, and set it themselves without asking",
      say: "remove it",
    };
  const lower = asciiLowercase(name);
  // Content-Type and Range are safelisted for few values only: listing them is how the others pass.
  if (lower === "accept" || lower === "accept-language" || lower === "content-language")
    return {
      code: "policy/request-header-safelisted",
      message: `${quote(name)} needs no permission`,
      why: "every page may set it; a browser asks only for values with unusual bytes or above 128 bytes",
      say: "remove it, unless such values are sent",
    };
  return undefined;
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
