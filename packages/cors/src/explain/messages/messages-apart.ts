// A console pasted whole holds several messages, each with its own URL and reason. They are separated
// before any is decoded, so that the reason of one is never paired with the URL of another.

import { firefoxWrappers } from "./messages-firefox.ts";

/** Where a message begins; WebKit's ends with a line that names the URL. */
const boundary =
  /(?=Access to [\w -]{1,40}? at ')|(?=Cross-Origin Request (?:Blocked|Warning):)|(?=(?:XMLHttpRequest|Fetch API|EventSource) cannot load (?![^ ]+ due to access control checks))|(?=Failed to load [a-z]+:\/\/)|(?<=due to access control checks)/i;

const webkitsEnd = /^(?:(?!Origin |Preflight ).)*cannot load [^ ]+ due to access control checks$/i;

/** `text`: on one line, quotes straight. Firefox says up to three lines of one request: they stay together. */
export function messagesApart(text: string): readonly string[] {
  const apart: string[] = [];
  const firefoxAt = new Map<string, number>();
  let open = false;
  for (const part of text.split(boundary)) {
    const url = firefoxWrappers[0]!.pattern.exec(part)?.[1];
    const at = open ? apart.length - 1 : url === undefined ? undefined : firefoxAt.get(url);
    open = false;
    if (at !== undefined) {
      apart[at] += ` ${part}`;
      continue;
    }
    if (url !== undefined) firefoxAt.set(url, apart.length);
    // Where WebKit's last line was pasted first, its reason follows.
    open = webkitsEnd.test(part);
    apart.push(part);
  }
  return apart;
}
