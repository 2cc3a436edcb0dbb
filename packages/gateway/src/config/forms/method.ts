// A location's method: a token as written on the wire, where case counts.

import { isToken } from "@corsway/cors/standard";
import { wrongType, type Form } from "./form.ts";
import { quote } from "@corsway/cors/diagnostics";
import { tomlString } from "../tree/show.ts";

const known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const refused = new Set(["CONNECT", "TRACE", "TRACK"]);

export const method: Form<string> = {
  schema: { type: "string", examples: known },
  read(value, spot) {
    if (typeof value !== "string") return wrongType(spot, value, "a method");
    const upper = value.toUpperCase();
    const bad = (why: string, write?: string): undefined =>
      spot.fault("config/method", {
        message: `${quote(value)} is not a method that a location can accept`,
        why,
        fix:
          write === undefined
            ? `write for example ${known.slice(0, 3).join(", ")}`
            : `write ${write}`,
        ...(write !== undefined && { write: tomlString(write) }),
      });
    if (value === "*")
      return bad("a location without `methods` accepts all methods: remove the key");
    if (!isToken(value)) return bad("a method is one word of letters, digits and a few symbols");
    if (refused.has(upper)) return bad("no page can send it, and a gateway does not forward it");
    if (value !== upper && known.includes(upper)) {
      return bad(
        "methods are compared byte for byte, and browsers send this one in upper case",
        upper,
      );
    }
    return value;
  },
};
