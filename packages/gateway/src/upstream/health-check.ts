// Asks one address again and again whether it is well. One check at a time for each address, so a
// hung upstream holds one connection and no more.

import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import type { HealthCheck } from "../config/config.ts";

interface Checked {
  readonly host: string;
  readonly port: number;
  healthy: boolean;
}

/** Keeps `backend.healthy`; the result stops it. */
export function watchHealth(backend: Checked, check: HealthCheck): () => void {
  let streak = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const ask = check.scheme === "tcp" ? askTcp : askHttp;
  const round = (): void => {
    ask(backend, check, (well) => {
      if (stopped) return;
      // Counts only answers that speak against the present state.
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

type Ask = (backend: Checked, check: HealthCheck, done: (well: boolean) => void) => void;

const askTcp: Ask = (backend, check, done) => {
  const settle = once(done);
  const socket = connect({ host: backend.host, port: backend.port });
  socket.setTimeout(check.connectionTimeout, () => {
    socket.destroy();
    settle(false);
  });
  socket.on("connect", () => {
    socket.destroy();
    settle(true);
  });
  socket.on("error", () => settle(false));
};

const askHttp: Ask = (backend, check, done) => {
  const settle = once(done);
  const request = check.scheme === "https" ? httpsRequest : httpRequest;
  const asked = request({
    host: backend.host,
    port: backend.port,
    path: check.path,
    headers: { Host: check.host, "User-Agent": "corsway-health-check" },
    agent: false,
    rejectUnauthorized: false,
    timeout: check.connectionTimeout + check.readTimeout,
  });
  const limit = setTimeout(
    () => asked.destroy(new Error("timeout")),
    check.connectionTimeout + check.readTimeout,
  );
  asked.on("response", (response) => {
    clearTimeout(limit);
    const status = response.statusCode ?? 0;
    response.on("error", () => undefined);
    asked.destroy();
    settle(status >= 200 && status < 400);
  });
  asked.on("error", () => {
    clearTimeout(limit);
    settle(false);
  });
  asked.end();
};

function once(done: (well: boolean) => void): (well: boolean) => void {
  let called = false;
  return (well) => {
    if (called) return;
    called = true;
    done(well);
  };
}
