// An IP address, or a network in CIDR notation: the proxies whose X-Forwarded-* are trusted.

import { isIP } from "node:net";
import { wrongType, type Form } from "./form.ts";
import { quote } from "@corsway/cors/diagnostics";

export const network: Form<string> = {
  schema: { type: "string", examples: ["10.0.0.0/8", "::1"] },
  read(value, spot) {
    if (typeof value !== "string") return wrongType(spot, value, "an IP address or network");
    const [address = "", bits, ...more] = value.trim().split("/");
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    const sized = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
    if (family !== 0 && sized && more.length === 0) return `${address}/${bits ?? most}`;
    return spot.fault("config/network", {
      message: `${quote(value)} is not an IP address or network`,
      why: "proxies are trusted by the address of the connection, not by a name",
      fix: 'write for example "10.0.0.0/8" or "127.0.0.1"',
    });
  },
};
