// algo: how an upstream's next address is chosen.

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
];

export const algorithm: Form<Algorithm> = {
  schema: {
    type: "string",
    pattern: "^(round_robin|least_conn|hash:(ip|url|header:.+|cookie:.+))$",
    examples: words,
  },
  read(value, spot) {
    if (typeof value !== "string")
      return wrongType(spot, value, 'an algorithm such as "round_robin"');
    const [kind, by, ...rest] = value.trim().split(":");
    const name = rest.join(":");
    if (by === undefined && kind === "round_robin") return { kind };
    if (by === undefined && kind === "least_conn") return { kind };
    // Pingap's hash over the path; the choice of an address is nothing a page could see.
    if (kind === "hash" && (by === undefined || (by === "path" && rest.length === 0))) {
      return { kind, by: "url" };
    }
    if (kind === "hash" && rest.length === 0 && (by === "ip" || by === "url")) {
      return { kind: "hash", by };
    }
    if (kind === "hash" && (by === "header" || by === "cookie") && isToken(name)) {
      return { kind: "hash", by, name: by === "header" ? name.toLowerCase() : name };
    }
    return unknownWord(spot, value, words);
  },
};
