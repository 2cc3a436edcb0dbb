// algo: how the next address of an upstream is chosen.

import { quote } from "@corsway/cors/diagnostics";
import { isToken } from "@corsway/cors/standard";
import type { Algorithm } from "../config.ts";
import { unknownWord, wrongType, type Form } from "./form.ts";

const words = [
  "round_robin",
  "least_conn",
  "hash:ip",
  "hash:url",
  "hash:header:NAME",
  "hash:cookie:NAME",
  "hash:query:NAME",
];
const named = ["header", "cookie", "query"] as const;

const nounOf = { header: "request header", cookie: "cookie", query: "query parameter" } as const;

export const algorithm: Form<Algorithm> = {
  schema: {
    type: "string",
    pattern: "^(round_robin|least_conn|hash:(ip|url|(header|cookie|query):.+))$",
    examples: words,
  },
  read(value, spot) {
    if (typeof value !== "string")
      return wrongType(spot, value, 'an algorithm such as "round_robin"');
    const [kind, by, ...rest] = value.trim().split(":");
    const name = rest.join(":");
    if (by === undefined && kind === "round_robin") return { kind };
    if (by === undefined && kind === "least_conn") return { kind };
    // Pingap's hash over the path; a page cannot see the choice of an address.
    if (kind === "hash" && (by === undefined || (by === "path" && rest.length === 0))) {
      return { kind, by: "url" };
    }
    if (kind === "hash" && rest.length === 0 && (by === "ip" || by === "url")) {
      return { kind: "hash", by };
    }
    const what = kind === "hash" ? named.find((word) => word === by) : undefined;
    if (what !== undefined && name === "") {
      return spot.fault("config/unknown-value", {
        message: `${quote(value)} does not name the ${nounOf[what]} to hash`,
        why: "every request would have the same empty key, and all would go to one address",
        fix: `write "hash:${what}:NAME"`,
      });
    }
    if (what !== undefined && (what === "query" || isToken(name))) {
      return { kind: "hash", by: what, name: what === "header" ? name.toLowerCase() : name };
    }
    return unknownWord(spot, value, words);
  },
};
