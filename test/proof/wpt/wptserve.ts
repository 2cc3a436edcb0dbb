// web-platform-tests' own server (Python 3), from a checkout that is not ours, on loopback. Its names
// (*.web-platform.test) need no entry in /etc/hosts: our transport leads every name to 127.0.0.1.

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePorts } from "../../support/free-ports.ts";

export interface Wptserve {
  /** `http://web-platform.test:PORT` */
  readonly origin: string;
  close(): Promise<void>;
}

export async function startWptserve(checkout: string): Promise<Wptserve> {
  const ports = await freePorts(5);
  const folder = await mkdtemp(path.join(tmpdir(), "corsway-wpt-"));
  const certificates = path.join(checkout, "tools/certs");
  const config = {
    browser_host: "web-platform.test",
    alternate_hosts: { alt: "not-web-platform.test" },
    server_host: "127.0.0.1",
    check_subdomains: false,
    ports: {
      http: ports.slice(0, 2),
      "http-private": [],
      "http-public": [],
      "http-local": [],
      https: ports.slice(2, 4),
      "https-private": [],
      "https-public": [],
      ws: ports.slice(4),
      wss: [],
      h2: [],
      "webtransport-h3": [],
      "quic-transport": [],
    },
    ssl: {
      type: "pregenerated",
      pregenerated: {
        ca_cert_path: path.join(certificates, "cacert.pem"),
        host_cert_path: path.join(certificates, "web-platform.test.pem"),
        host_key_path: path.join(certificates, "web-platform.test.key"),
      },
    },
  };
  const file = path.join(folder, "config.json");
  await writeFile(file, JSON.stringify(config));
  const child = spawn("python3", ["wpt", "serve", "--config", file], {
    cwd: checkout,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, as it starts a process a port
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => (said = (said + chunk).slice(-4000)));
  let ended = false;
  child.once("exit", () => (ended = true));
  child.once("error", () => (ended = true));
  const close = async (): Promise<void> => {
    if (!ended && child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !(await answers(ports[0]!)); tries++) {
    if (ended || tries > 900) {
      // What did not start in time may yet do so: it must not be left behind.
      await close();
      throw new Error(`wptserve did not start within 90 s:\n${said}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  return { origin: `http://web-platform.test:${ports[0]}`, close };
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), done(true)));
    socket.once("error", () => done(false));
  });
}
