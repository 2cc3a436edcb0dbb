// proxy_set_headers, proxy_add_headers: a table or, as in Pingap, an array of "Name: value".

import { isToken } from "@corsway/cors/standard";
import { wrongType, type Form } from "./form.ts";
import { quote } from "@corsway/cors/diagnostics";
import { show } from "../tree/show.ts";
import type { Spot } from "../tree/spot.ts";
import { isTable } from "../tree/tree.ts";

export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** Headers that frame a message or belong to one connection are set by the gateway itself. */
const framing = new Set([
  "connection",
  "content-length",
  "expect",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export const headerPairs: Form<HeaderPairs> = {
  schema: {
    anyOf: [
      { type: "object", additionalProperties: { type: "string" } },
      { type: "array", items: { type: "string", pattern: "^[^:]+:" } },
    ],
  },
  read(value, spot) {
    const pairs: (readonly [string, string])[] = [];
    let good = true;
    const add = (name: string, text: unknown, at: Spot): void => {
      if (typeof text !== "string") {
        const write =
          typeof text === "number" || typeof text === "boolean" ? `"${text}"` : undefined;
        wrongType(at, text, "a string", write);
        good = false;
      } else if (headerHolds(name, text, at)) pairs.push([name, text.trim()]);
      else good = false;
    };
    if (isTable(value)) {
      for (const [name, text] of Object.entries(value)) add(name, text, spot.at(name));
    } else if (Array.isArray(value)) {
      for (const [index, line] of value.entries()) {
        const [, name, text] = /^([^:]*):(.*)$/s.exec(typeof line === "string" ? line : "") ?? [];
        if (name !== undefined) add(name.trim(), text, spot.at(index));
        else {
          good = false;
          spot.at(index).fault("config/header", {
            message: `${show(line)} is not a header`,
            why: "a header is a name, a colon and a value",
            fix: 'write for example "X-Realm: orders"',
          });
        }
      }
    } else return wrongType(spot, value, 'a table, or an array of "Name: value"');
    return good ? pairs : undefined;
  },
};

function headerHolds(name: string, value: string, spot: Spot): boolean {
  const bad = (message: string, why: string, fix: string): boolean => {
    spot.fault("config/header", { message, why, fix });
    return false;
  };
  if (!isToken(name)) {
    return bad(
      `${quote(name)} is not a header name`,
      "a name is one word of letters, digits and a few symbols",
      "write for example X-Realm",
    );
  }
  if (/[\r\n\0]/.test(value)) {
    return bad(
      `the value of \`${name}\` has a line break`,
      "it would end the header and begin another one",
      "write the value on one line",
    );
  }
  if (framing.has(name.toLowerCase())) {
    return bad(
      `\`${name}\` is set by the gateway itself`,
      "if two parties frame one message, requests can be smuggled",
      "remove it",
    );
  }
  return true;
}
