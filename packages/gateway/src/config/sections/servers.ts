// [servers.NAME] → ServerConfig without its routes, and what it says about CORS.

import { accessSync, constants, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Diagnostic } from "@corsway/cors";
import { printAddress } from "../forms/address.ts";
import type { Address, AdminConfig, HostMatch, ServerConfig } from "../config.ts";
import type { CorsChoice } from "../forms/cors-choice.ts";
import { adminSection, serverSection, tlsSection } from "./definition.ts";
import { entriesOf } from "./entries.ts";
import { isLoopback } from "../loopback.ts";
import { foreignKey } from "../pingap/pingap-keys.ts";
import { lacks, readSection } from "./section.ts";
import { quote } from "@corsway/cors/diagnostics";
import { Spot } from "../tree/spot.ts";
import { isTable, type Table, type Tree } from "../tree/tree.ts";

export interface WrittenServer {
  readonly server: Omit<ServerConfig, "hosts" | "routes" | "fallback">;
  readonly hosts?: readonly (HostMatch | "*")[];
  readonly locations?: readonly string[];
  readonly cors?: CorsChoice;
  readonly spot: Spot;
}

export function readServers(tree: Tree, diagnostics: Diagnostic[]): readonly WrittenServer[] {
  const servers: WrittenServer[] = [];
  for (const [name, value, spot] of entriesOf("servers", new Spot(tree, diagnostics))) {
    const read = readSection(serverSection, value, spot, foreignKey);
    const silent = isTable(value) && lacks(value, "addr", serverSection) && tree.isWhole(spot.path);
    if (silent || read.addr?.length === 0) {
      spot.fault("config/required", {
        key: true,
        message: `the server \`${name}\` does not say where it listens`,
        why: "without an address, it cannot be reached",
        fix: 'write addr = "127.0.0.1:8080"',
      });
    }
    const tls = read.tls && readTls(read.tls, spot.at("tls"));
    const server = { name, addresses: read.addr ?? [], ...(tls && { tls }) };
    servers.push({
      server,
      ...(read.hosts && { hosts: read.hosts }),
      ...(read.locations && { locations: read.locations }),
      ...(read.cors && { cors: read.cors }),
      spot,
    });
  }
  return servers;
}

function readTls(
  written: { readonly cert?: string; readonly key?: string },
  spot: Spot,
): ServerConfig["tls"] {
  const file = (part: "cert" | "key"): string | undefined => {
    const path = written[part];
    if (path === undefined) {
      if (isWrong(spot, part)) return undefined;
      return spot.fault("config/required", {
        message: `\`tls\` has no \`${part}\``,
        why: "https needs a certificate and its private key",
        fix: 'write tls = { cert = "cert.pem", key = "key.pem" }',
      });
    }
    const absolute = absoluteFrom(path, spot);
    try {
      accessSync(absolute, constants.R_OK);
      return absolute;
    } catch {
      return spot.at(part).fault("config/tls-files", {
        message: `${quote(path)} cannot be read`,
        why: `it was expected at ${quote(absolute)}: paths are relative to the file that names them`,
        fix: "put the PEM file there, or correct the path",
      });
    }
  };
  const cert = file("cert");
  const key = file("key");
  if (cert === undefined || key === undefined) return undefined;
  try {
    // Loaded only if a file needs it: loading TLS takes as long as reading a small configuration.
    const { createSecureContext } = process.getBuiltinModule("node:tls");
    createSecureContext({ cert: readFileSync(cert), key: readFileSync(key) });
    return { cert, key };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return spot.fault("config/tls-files", {
      message: `certificate and key cannot be used: ${reason.replace(/^error:\w+:/, "")}`,
      why: "no browser could connect",
      fix: "name a PEM certificate and the private key that belongs to it",
    });
  }
}

/** It was written, and its fault has already been reported. */
function isWrong(spot: Spot, part: string): boolean {
  const servers = spot.tree.value["servers"] as Record<string, { tls?: Table }>;
  const written = servers[String(spot.path[1])]?.tls;
  return written !== undefined && !lacks(written, part, tlsSection);
}

export function readAdmin(tree: Tree, diagnostics: Diagnostic[]): AdminConfig | undefined {
  const value = tree.value["admin"];
  if (value === undefined) return undefined;
  const spot = new Spot(tree, diagnostics, ["admin"]);
  const read = readSection(adminSection, value, spot);
  if (read.addr === undefined) {
    if (isTable(value) && lacks(value, "addr", adminSection) && tree.isWhole(spot.path)) {
      spot.fault("config/required", {
        key: true,
        message: "`admin` does not say where it listens",
        why: "without an address, there is no status page",
        fix: 'write addr = "127.0.0.1:9090"',
      });
    }
    return undefined;
  }
  const tokenFile = read.token_file && absoluteFrom(read.token_file, spot);
  if (tokenFile === undefined && !isLoopback(read.addr.host)) {
    spot.at("addr").fault("config/admin-open", {
      message: `${quote(printAddress(read.addr))} is reachable from other machines, and no token is required`,
      why: "anyone who can reach the admin listener sees the configuration and every decision",
      fix: 'write addr = "127.0.0.1:9090", or name a token_file',
    });
  }
  return { address: read.addr, ...(tokenFile && { tokenFile }) };
}

/** Two listeners on one address: the second would fail to start. */
export function checkAddresses(
  servers: readonly WrittenServer[],
  admin: AdminConfig | undefined,
  tree: Tree,
  diagnostics: Diagnostic[],
): void {
  const taken: { readonly address: Address; readonly spot: Spot; readonly name: string }[] = [];
  const take = (address: Address, spot: Spot, name: string): void => {
    if (address.port === 0) return;
    const text = printAddress(address);
    const other = taken.find((one) => overlap(one.address, address));
    if (other === undefined) taken.push({ address, spot, name });
    else {
      spot.fault("config/duplicate-address", {
        message: `\`${text}\` is already used by ${other.name}`,
        why: "a port can be used by only one listener",
        fix: "use another port, or put the locations under one server",
        also: [{ path: other.spot.path, say: "first used here" }],
      });
    }
  };
  for (const { server, spot } of servers) {
    for (const address of server.addresses) {
      take(address, spot.at("addr"), `the server \`${server.name}\``);
    }
  }
  if (admin)
    take(admin.address, new Spot(tree, diagnostics, ["admin", "addr"]), "the admin listener");
}

/** One port on one interface, or on every interface. */
function overlap(left: Address, right: Address): boolean {
  const every = (host: string): boolean => host === "" || host === "0.0.0.0" || host === "::";
  if (left.port !== right.port) return false;
  return left.host === right.host || every(left.host) || every(right.host);
}

/** Relative to the file that names it. */
function absoluteFrom(path: string, spot: Spot): string {
  const document = spot.tree.written(spot.path)?.document;
  return document === undefined ? resolve(path) : resolve(dirname(document.path), path);
}
