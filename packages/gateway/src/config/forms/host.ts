// A location's host: `api.example.com`, `*.example.com` (one or more labels, never the apex), and
// Pingap's `~regex`.

import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { isHostName } from "./address.ts";
import type { HostMatch } from "../config.ts";
import { wrongType, type Form } from "./form.ts";
import { compileRegex } from "./regex.ts";
import { quote } from "@corsway/cors/diagnostics";
import { tomlString } from "../tree/show.ts";

export const host: Form<HostMatch> = {
  schema: { type: "string", examples: ["api.example.com", "*.example.com"] },
  read(value, spot) {
    if (typeof value !== "string") return wrongType(spot, value, "a host");
    const text = value.trim();
    if (text.startsWith("~")) {
      const source = text.slice(1).trim();
      return compileRegex(source, spot) && { kind: "regex", source };
    }
    const bad = (why: string, write?: string): undefined =>
      spot.fault("config/host", {
        message: `${quote(value)} is not a host`,
        why,
        fix: `write ${tomlString(write ?? "api.example.com")}`,
        ...(write !== undefined && { write: tomlString(write) }),
      });
    const url = /^[a-z][a-z0-9+.-]*:\/\/([^/:]+)/i.exec(text);
    if (url) return bad("a host has no scheme", url[1]!.toLowerCase());
    const port = /^([^:]+):(\d*|\*)$/.exec(text);
    if (port) return bad("a host has no port: ports belong in the server's `addr`", port[1]!);
    if (text.includes("/")) return bad("a path belongs in the location's `path`");
    const subdomains = text.startsWith("*.");
    const name = (subdomains ? text.slice(2) : text).toLowerCase();
    if (/[^\0-\u007F]/.test(name)) {
      const ascii = domainToASCII(name);
      return bad(
        "browsers send a host in its ASCII form",
        `${subdomains ? "*." : ""}${ascii || name}`,
      );
    }
    if (name === "*") return bad("for any host, leave `host` out", undefined);
    if (name.includes("*"))
      return bad("a `*` replaces only complete labels at the beginning, as in `*.example.com`");
    const address =
      !subdomains && (isIP(name) !== 0 || isIP(name.replace(/^\[(.*)\]$/, "$1")) === 6);
    if (!address && !isHostName(name)) return bad("no request can have this host");
    if (subdomains) return { kind: "subdomains", suffix: `.${name}` };
    return { kind: "exact", host: isIP(name) === 6 ? `[${name}]` : name };
  },
};

/** A name that a server answers to: a host, or `*` for every name. */
export const answeredHost: Form<HostMatch | "*"> = {
  schema: { type: "string", examples: ["api.example.com", "*.example.com", "*"] },
  read: (value, spot) =>
    typeof value === "string" && value.trim() === "*" ? "*" : host.read(value, spot),
};

export function printHost(host: HostMatch): string {
  if (host.kind === "exact") return host.host;
  return host.kind === "subdomains" ? `*${host.suffix}` : `~${host.source}`;
}
