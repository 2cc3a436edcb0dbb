// host:port: "127.0.0.1:8080", "localhost:8080", "[::1]:8080", and for a listener ":8080".

import { isIPv4, isIPv6 } from "node:net";
import type { Address } from "../config.ts";
import { wrongType, type Form } from "./form.ts";
import { isPingap, portOf } from "../pingap/pingap.ts";
import { quote } from "@corsway/cors/diagnostics";
import { tomlString } from "../tree/show.ts";
import type { Spot } from "../tree/spot.ts";
import { isTable } from "../tree/tree.ts";

/** The address of a listener; an empty host means every interface, port 0 a free port. */
export const listenAddress: Form<Address> = addressForm("127.0.0.1:8080", 0, true);

/** An address to connect to. */
const targetAddress: Form<Address> = addressForm("127.0.0.1:5001", 1, false);

/** "127.0.0.1:5002 10": an address and its weight. */
export const weightedAddress: Form<Address & { readonly weight: number }> = {
  schema: { type: "string", examples: ["127.0.0.1:5001", "127.0.0.1:5002 10"] },
  read(value, spot) {
    if (typeof value !== "string") return wrongType(spot, value, 'text such as "127.0.0.1:5001"');
    const [text = "", weight = "1", ...more] = value.trim().split(/\s+/);
    const address = targetAddress.read(
      withDefaultPort(text, spot),
      spot.within(value.indexOf(text), text.length),
    );
    if (!/^\d{1,5}$/.test(weight) || more.length > 0 || Number(weight) < 1) {
      return spot.fault("config/address", {
        message: `${quote(value)} has a weight that is not a number from 1 to 99999`,
        why: "a whole number after the address is its share of the requests",
        fix: `write "${text} 10", or only the address`,
      });
    }
    return address && { ...address, weight: Number(weight) };
  },
};

/** In Pingap's files, a name may have no port. */
function withDefaultPort(text: string, { tree, path }: Spot): string {
  const alone = !text.includes(":") && (isIPv4(text) || isHostName(text));
  if (!alone || !isPingap(tree.value)) return text;
  const upstreams = tree.value["upstreams"];
  return `${text}:${portOf(isTable(upstreams) ? upstreams[String(path[1])] : undefined)}`;
}

function addressForm(example: string, leastPort: number, listens: boolean): Form<Address> {
  return {
    schema: { type: "string", examples: [example] },
    read(value, spot) {
      if (typeof value === "number") {
        return wrongType(spot, value, `text such as "127.0.0.1:${value}"`);
      }
      if (typeof value !== "string") return wrongType(spot, value, `text such as "${example}"`);
      return readAddress(value.trim(), spot, { example, leastPort, listens });
    },
  };
}

function readAddress(
  text: string,
  spot: Spot,
  form: { readonly example: string; readonly leastPort: number; readonly listens: boolean },
): Address | undefined {
  const bad = (why: string, write?: string, fix?: string): undefined =>
    spot.fault("config/address", {
      message: `${quote(text)} is not an address`,
      why,
      fix: fix ?? `write ${tomlString(write ?? form.example)}`,
      ...(write !== undefined && { write: tomlString(write) }),
    });
  const url = /^(https?|tcp):\/\/([^/]+)\/?$/.exec(text);
  if (url?.[1] === "https" && !form.listens) {
    const address = tomlString(withPort(url[2]!, url[1]));
    const say = `write ${address}, and sni with the name in its certificate`;
    return bad("an address has no scheme; for https to an upstream, set `sni`", undefined, say);
  }
  if (url) return bad("an address is host:port, without a scheme", withPort(url[2]!, url[1]));
  if (/^\d+$/.test(text)) {
    const every = form.listens ? `, or ":${text}" for every interface` : "";
    const say = `write "127.0.0.1:${text}"${every}`;
    return bad("a port alone is not an address", undefined, say);
  }
  if (isIPv6(text)) return bad("an IPv6 address is written in brackets, before its port");
  const parts = /^(\[[^\]]*\]|[^:[\]]*):(\d{1,5})$/.exec(text);
  if (parts === null) {
    const host =
      isIPv4(text) || isHostName(text)
        ? `write for example "${text}:${form.listens ? 8080 : 5001}"`
        : undefined;
    return bad(
      "an address is a host and a port: the port is missing or not a number",
      undefined,
      host,
    );
  }
  const port = Number(parts[2]);
  if (port < form.leastPort || port > 65_535) {
    return bad(`a port is a number from ${form.leastPort} to 65535`);
  }
  const host = parts[1]!.startsWith("[") ? parts[1]!.slice(1, -1) : parts[1]!;
  if (parts[1]!.startsWith("[")) {
    return isIPv6(host) ? { host, port } : bad("the text in brackets is not an IPv6 address");
  }
  if (host === "" && form.listens) return { host, port };
  if (host === "*" && form.listens) return { host: "", port };
  if (isIPv4(host) || isHostName(host)) return { host: host.toLowerCase(), port };
  return bad(host === "" ? "the host is missing" : "its host is neither a name nor an IP address");
}

/** Labels of letters, digits, dashes and underscores; not only digits and dots (a typo in an IP address). */
export function isHostName(host: string): boolean {
  if (host.length === 0 || host.length > 253 || /^[\d.]+$/.test(host)) return false;
  return host
    .replace(/\.$/, "")
    .split(".")
    .every((label) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label));
}

function withPort(authority: string, scheme: string | undefined): string {
  if (/:\d+$/.test(authority)) return authority;
  return `${authority}:${scheme === "https" ? 443 : 80}`;
}

/** As a person would write it. */
export function printAddress({ host, port }: Address): string {
  return `${host.includes(":") ? `[${host}]` : host || "*"}:${port}`;
}
