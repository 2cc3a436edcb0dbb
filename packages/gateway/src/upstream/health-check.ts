// Checks one address repeatedly for its health. There is one check at a time for each address, so a hung upstream holds only one
// connection. Over TLS it is verified as for a request: a check that accepts any certificate would report an address as healthy
// that no request can use.

import type { HealthCheck, UpstreamConfig } from "../config/config.ts";
import { Connection, type Asker } from "./connection.ts";
import { Dialer } from "./dial.ts";

interface Checked {
  readonly host: string;
  readonly port: number;
  healthy: boolean;
}

/** Keeps `backend.healthy` up to date; the result stops it. */
export function watchHealth(
  backend: Checked,
  check: HealthCheck,
  { tls }: Pick<UpstreamConfig, "tls">,
): () => void {
  const dialer = new Dialer(
    check.scheme === "https" ? { tls: tls ?? { verify: true } } : {},
    backend.host,
    backend.port,
  );
  const ask = check.scheme === "tcp" ? askTcp : askHttp;
  let streak = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const round = (): void => {
    ask(dialer, check, (well) => {
      if (stopped) return;
      // Counts only results that contradict the present state.
      streak = well === backend.healthy ? 0 : streak + 1;
      if (streak >= (well ? check.success : check.failure)) {
        backend.healthy = well;
        streak = 0;
      }
      timer = setTimeout(round, check.frequency);
      timer.unref();
    });
  };
  round();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** `done` is called once. */
type Ask = (dialer: Dialer, check: HealthCheck, done: (well: boolean) => void) => void;

const askTcp: Ask = (dialer, check, done) => {
  const socket = dialer.dial("");
  let well = false;
  socket.setTimeout(check.connectionTimeout, () => socket.destroy());
  socket.on("connect", () => {
    well = true;
    socket.destroy();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => done(well));
};

const askHttp: Ask = (dialer, check, done) => {
  const name = dialer.serverName(check.host);
  const connection = new Connection({ idleTimeout: 0, idle: nothing, gone: nothing }, dialer, {
    name,
    timeout: check.connectionTimeout,
  });
  const fields = `Host: ${check.host}\r\nUser-Agent: corsway-health-check\r\nConnection: close`;
  const asker: Asker = {
    sent: nothing,
    answered({ status }) {
      connection.destroy(); // the body does not matter
      done(status < 400);
    },
    // Not reached: the head has ended it.
    headAlone: nothing,
    chunk: () => true,
    ended: nothing,
    switched: nothing,
    failed: () => done(false),
  };
  connection.ask(
    {
      head: `GET ${check.path} HTTP/1.1\r\n${fields}\r\n\r\n`,
      method: "GET",
      body: undefined,
      length: undefined,
      upgrade: false,
      headTimeout: check.readTimeout,
      bodyTimeout: check.readTimeout,
    },
    asker,
  );
};

function nothing(): void {}
