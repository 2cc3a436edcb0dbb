// Opens a socket to an address of an upstream, with TLS if the upstream has a name to verify.

import { connect, isIP, type OnReadOpts, type Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { UpstreamConfig } from "../config/config.ts";

/** The number of names for which sessions are remembered; with `sni = "$host"`, clients choose the names. */
const mostSessions = 100;

/** Node sends the first probe after this long without a byte, so that a lost peer is noticed; ms. */
const probeAfter = 60_000;

/** Opens sockets to one address. */
export class Dialer {
  readonly secure: boolean;
  readonly #host: string;
  readonly #port: number;
  readonly #tls: UpstreamConfig["tls"];
  readonly #sessions = new Map<string, Buffer>();
  #context: SecureContext | undefined;

  constructor({ tls }: Pick<UpstreamConfig, "tls">, host: string, port: number) {
    this.#host = host;
    this.#port = port;
    this.#tls = tls;
    this.secure = tls !== undefined;
  }

  /**
   * The name that TLS requests and verifies: the configured one, or with `sni = "$host"` the one in the request's Host.
   * Connections with different names are not interchangeable.
   */
  serverName(host: string): string {
    if (this.#tls === undefined) return "";
    return this.#tls.sni ?? hostName(host);
  }

  /** A socket that is connecting. Without TLS, what arrives is passed to `onread`; with TLS, it is emitted as usual. */
  dial(name: string, onread?: OnReadOpts): Socket {
    const where = {
      host: this.#host,
      port: this.#port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: probeAfter,
    };
    if (this.#tls === undefined) return connect({ ...where, ...(onread && { onread }) });
    // Node's TLS is loaded only if needed, because it is a large part of start-up.
    const tls = process.getBuiltinModule("node:tls");
    // Loading the system's roots takes longer than a handshake, so it is done once and not for each connection.
    this.#context ??= tls.createSecureContext();
    // An IP address is not a valid SNI name (RFC 6066 §3), but the certificate must still contain it.
    const servername = isIP(name) === 0 ? name : "";
    const verified = name === "" ? this.#host : name;
    const session = this.#sessions.get(name);
    const socket = tls.connect({
      ...where,
      servername,
      ALPNProtocols: ["http/1.1"],
      rejectUnauthorized: this.#tls.verify,
      secureContext: this.#context,
      checkServerIdentity: (_asked, certificate) => tls.checkServerIdentity(verified, certificate),
      ...(session === undefined ? undefined : { session }),
    });
    // A session stands for a completed verification, so only a verified one may be stored.
    let passed = false;
    let latest: Buffer | undefined;
    const remember = (): void => {
      if (passed && latest !== undefined) this.#remember(name, latest);
    };
    socket.on("session", (ticket) => {
      latest = ticket;
      remember();
    });
    socket.once("secureConnect", () => {
      passed = true;
      remember();
    });
    return socket;
  }

  #remember(name: string, session: Buffer): void {
    this.#sessions.delete(name);
    this.#sessions.set(name, session);
    if (this.#sessions.size <= mostSessions) return;
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest);
      break;
    }
  }
}

/** The host of `host`, `host:port` or `[::1]:port`; empty for an IP address, which has no SNI. */
function hostName(host: string): string {
  if (host.startsWith("[")) return "";
  const colon = host.indexOf(":");
  const name = (colon < 0 ? host : host.slice(0, colon)).toLowerCase();
  return isIP(name) === 0 ? name : "";
}
