// `explain --message`: the meaning of a line from a browser's console, without contacting a server.

import {
  decodeMessages,
  isNotCors,
  isLongerThanRead,
  printMessage,
  type DecodedMessage,
  type MessageContext,
  type PrintOptions,
} from "@corsway/cors/explain";
import type { Refusal } from "./explain-page.ts";

/** What pages get for every kind of failure: none of it gives the reason. */
const sayNothing =
  /(?:TypeError: )?(?:Failed to fetch|Load failed|NetworkError when attempting to fetch resource|Network Error|Network request failed|fetch failed|cancelled|CORS Network Failure|XMLHttpRequest error|XMLHttpRequest onError callback|The operation is insecure|Script error\.|Request has been terminated|Loading failed for the|0 Unknown Error|Http failure response for|net::ERR_FAILED|(?:Uncaught )?\(in promise\)|URL scheme must be ["']http["'])/i;

/** `context`: what the other flags say. */
export function explainMessage(
  message: string,
  context: MessageContext,
  format: "text" | "json",
  printing: PrintOptions,
): string | Refusal {
  const [first, ...others] = decodeMessages(message, context);
  const rest = isLongerThanRead(message) ? cut : undefined;
  if (first === undefined) return nothingFound(message, rest);
  if (format === "text") {
    const text = [first, ...others].map((one) => printMessage(one, printing)).join("\n");
    return rest === undefined ? text : `${text}\n  note  ${rest}\n`;
  }
  const more = {
    ...(others.length === 0 ? {} : { more: others.map(messageJson) }),
    ...(rest === undefined ? {} : { note: rest }),
  };
  return `${JSON.stringify({ ...messageJson(first), ...more }, undefined, 2)}\n`;
}

const cut = "only the first 256 KiB of the text were read";

function nothingFound(message: string, rest: string | undefined): Refusal {
  const fix =
    "paste the whole line, from `Access to fetch at …` or `Cross-Origin Request Blocked: …` to its end; or ask the server itself: corsway explain URL --origin ORIGIN";
  const said = sayNothing.exec(message)?.[0];
  const also = rest === undefined ? "" : `; ${rest}`;
  if (said === undefined)
    return {
      say: `no message of a browser about a blocked request is in this text${also}`,
      why: "Chromium, Firefox and WebKit each write one in the console; what a page or a tool says of it is less",
      fix,
    };
  return {
    say: `\`${said}\` says nothing by itself${also}`,
    why: "a page gets it for every failure alike: the reason is in another line of the console",
    fix,
  };
}

function messageJson(message: DecodedMessage) {
  const { engine, reason, facts, passes, api, initialUrl, unread, sentence, advice, link } =
    message;
  const { reason: _, ...known } = facts;
  return {
    engine,
    reason,
    cors: !isNotCors(reason),
    ...(passes === undefined ? {} : { passes }),
    ...known,
    ...(api === undefined ? {} : { api }),
    ...(initialUrl === undefined ? {} : { initialUrl }),
    ...(unread === undefined ? {} : { unread }),
    says: sentence.says,
    why: sentence.why,
    remedy: advice,
    link,
  };
}
