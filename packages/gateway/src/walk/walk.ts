// The walk of one request: head → location → decision → preflight answered, or sent upstream → decision applied → streamed. The decision
// is made before anything can reject the request, so every response below carries it, the upstream's and our own alike. Calls never go
// back up.

import type { Decision } from "@corsway/cors";
import type { Socket } from "node:net";
import { Timeout, wheel } from "../clock/timer-wheel.ts";
import { Account } from "./account.ts";
import { blockOf } from "./decision-block.ts";
import { decisionField } from "./decision-field.ts";
import type { Arrival, Flaw, Reply, Visitor } from "../engine/engine.ts";
import {
  joinLines,
  noLines,
  printLine,
  printLines,
  writeLines,
  type Lines,
} from "../http1/lines.ts";
import type { WireResponseHead } from "../http1/response-head.ts";
import { Forward, type Forwarded } from "../upstream/forward.ts";
import {
  bodyNotTaken,
  failureOf,
  tooLarge,
  type ForwardFailure,
  type ProxyError,
} from "../upstream/forward-failure.ts";
import { forwardHeaders, isLoop, type Origination } from "../upstream/forward-headers.ts";
import { hashKey } from "../upstream/hash-key.ts";
import type { Location } from "./location.ts";
import {
  allowLine,
  ambiguousPath,
  hostNotAllowed,
  loginRequired,
  ownAnswer,
} from "./own-answer.ts";
import { fieldOf } from "../upstream/upstream-head.ts";
import { RequestBody } from "../upstream/request-body.ts";
import { loginOf, type Login } from "../route/login-redirect.ts";
import { sayAmbiguity } from "../route/path-guard.ts";
import { handshakeFlaw, joinSockets } from "./websocket.ts";
import { mayUpgrade } from "../route/may-upgrade.ts";
import { passOn } from "./pass-on.ts";
import type { Site } from "./site.ts";

/** For the log and the counts; the body that the client receives explains the status. */
const flawReasons: Readonly<Record<Flaw, string>> = {
  malformed: "malformed_head",
  late: "late_head",
  "too-large": "large_head",
  version: "http_version_not_supported",
};

/** A body that is not needed is read off up to this size, so that the connection can be kept. */
const drainLimit = 65536;

const emptyLine = printLine("Content-Length", "0");
const switchLines = printLines(["Connection", "Upgrade", "Upgrade", "websocket"]);

export class Walk extends Account implements Visitor, Forwarded {
  readonly #reply: Reply;
  #timer: Timeout | undefined;

  constructor(site: Site, arrival: Arrival, reply: Reply) {
    super(site, arrival);
    this.#reply = reply;
  }

  /** Continues from the decision. */
  go(): void {
    const { head, fault, path } = this.read;
    if (fault !== undefined) {
      // After such a head it is unknown where the next one begins.
      this.#refuse(fault.status, fault.error, fault.message, undefined, true);
      const { flaw } = this.arrival;
      if (flaw !== undefined) this.error = flawReasons[flaw];
      return;
    }
    if (this.misdirected) {
      this.site.misdirected(this.site.name, this.read.name);
      // No CORS headers: under a host name that is not ours, it cannot be known whose page this is.
      this.#refuse(421, "host_not_allowed", hostNotAllowed(this.read.name, this.site.name));
      return;
    }
    if (this.decision?.status !== undefined) {
      this.#answerDecided(this.decision, this.decision.status);
      return;
    }
    const location = this.matched;
    if (path === "*") {
      this.#answerForServer();
      return;
    }
    if (location === undefined) {
      this.#refuse(404, "not_found", "No location accepts this method and path.");
      return;
    }
    const { host } = this.read;
    const ambiguity = this.site.pathGuard?.(host, path, head.method, location.config);
    if (ambiguity !== undefined) {
      this.cause = sayAmbiguity(ambiguity);
      this.#refuse(400, "ambiguous_path", ambiguousPath(ambiguity));
      return;
    }
    if (this.arrival.upgrade && !this.#admitsUpgrade(location)) return;
    if (isLoop(this.arrival.fields)) {
      this.#refuse(
        508,
        "loop_detected",
        "The request has already passed through this gateway.",
        "proxy_loop_detected",
      );
      return;
    }
    this.#ask(location);
  }

  #ask(location: Location): void {
    const { head, path, query, contentLength } = this.read;
    const { body: source, fields } = this.arrival;
    const { config, upstream } = location;
    if (contentLength !== undefined && contentLength > config.bodyLimit) {
      this.failed(tooLarge);
      return;
    }
    const target = location.target(path, query);
    if (target === undefined) {
      this.#refuse(400, "bad_request", "The path cannot be rewritten to a valid path.");
      return;
    }
    if (upstream === undefined) {
      this.#refuse(502, "no_upstream", "This location has no upstream.", "destination_unavailable");
      return;
    }
    const requestTimeout = config.requestTimeout ?? this.site.requestTimeout;
    if (source !== undefined) {
      this.body = new RequestBody(source, config.bodyLimit, () => this.#reply.sendContinue());
      this.#timer = new Timeout(wheel, () => this.#bodyLate());
      this.#timer.start(requestTimeout);
    }
    const { scheme, port } = this.site.vantage;
    const origination: Origination = {
      peer: this.arrival.peer,
      trusted: this.trusted,
      scheme,
      port,
      requestId: this.request_id,
    };
    const forwarded = forwardHeaders(this.arrival, origination, config, contentLength);
    if (forwarded === undefined) {
      this.failed(failureOf({ kind: "request", cause: "head" }));
      return;
    }
    this.forward = new Forward(
      upstream,
      {
        method: head.method,
        path: target,
        lines: forwarded.lines,
        host: forwarded.host,
        body: this.body,
        length: contentLength,
        upgrade: this.arrival.upgrade,
        headTimeout: Math.min(requestTimeout, upstream.config.readTimeout),
        hashKey: hashKey(upstream.config.algo, this.read, fields, this.client),
      },
      this,
    );
    this.forward.send();
  }

  /** Whether this upgrade proceeds. If not, it has been answered. */
  #admitsUpgrade(location: Location): boolean {
    const flaw = handshakeFlaw(this.arrival, this.arrival.body !== undefined);
    if (flaw !== undefined) {
      this.#refuse(flaw.status, flaw.error, flaw.message, undefined, true);
      return false;
    }
    if (this.decision === undefined) return true;
    const admitted =
      this.read.origin === undefined
        ? location.config.websocketWithoutOrigin
        : mayUpgrade(this.decision, this.layer);
    if (!admitted)
      this.#refuse(
        403,
        "origin_not_allowed",
        "Pages of this origin may not open a WebSocket here.",
      );
    return admitted;
  }

  answered(head: WireResponseHead, length: number | undefined, alone: boolean): void {
    const { status } = head;
    if (this.matched?.config.loginRedirect !== undefined) {
      const login = loginOf(
        this.read.head.url,
        this.arrival.fields,
        status,
        fieldOf(head, "location"),
      );
      if (login !== undefined) {
        this.forward?.abort();
        this.cause = `${status} to ${login.origin}`;
        this.#refuse(401, "login_required", loginRequired, undefined, false, login);
        return;
      }
    }
    const { lines, removed, named, dated } = passOn(head, this.decision, status === 204);
    if (removed > 0) this.removed = removed;
    this.status = status;
    // An upstream's own id is kept: its logs are searched by it, and document 003 exposes it to the page. It can also log ours, which was
    // sent with the request.
    this.#reply.start(status, this.#finished(lines, named), length, dated);
    if (alone) this.#reply.flush();
  }

  chunk(chunk: Uint8Array): boolean {
    this.bytes_out += chunk.length;
    return this.#reply.write(chunk);
  }

  ended(): void {
    this.#reply.end(this.#bodyLeft());
  }

  failed({ status, error, message, proxyError, cause }: ForwardFailure): void {
    this.cause = cause;
    this.#refuse(status, error, message, proxyError);
  }

  cut(error: string, cause: string): void {
    this.error = error;
    this.cause = cause;
    this.#reply.destroy();
  }

  switched(head: WireResponseHead, upstream: Socket): void {
    const { lines, removed } = passOn(head, this.decision, true);
    if (removed > 0) this.removed = removed;
    const client = this.#reply.switchProtocols(joinLines(switchLines, lines));
    if (client === undefined) {
      upstream.destroy();
      this.error = "client_gone";
      this.finished(true);
      return;
    }
    this.status = 101;
    joinSockets(client, upstream, (sent) => {
      this.bytes_out = sent;
      this.finished(true);
    });
  }

  drained(): void {
    this.forward?.resume();
  }

  malformed(): void {
    this.forward?.abort();
    if (this.#reply.started) {
      this.error = "malformed_body";
      this.#reply.destroy();
      return;
    }
    this.#refuse(400, "bad_request", "The request body is malformed.", undefined, true);
  }

  finished(complete: boolean): void {
    this.#timer?.stop();
    this.forward?.abort();
    if (!complete) this.error ??= "client_gone";
    this.close();
  }

  #bodyLate(): void {
    if (this.body === undefined || this.body.ended) return;
    const { held } = this.body;
    this.forward?.abort();
    if (this.#reply.started) {
      this.error = "request_timeout";
      this.#reply.destroy();
      return;
    }
    if (held) {
      this.failed(bodyNotTaken);
      return;
    }
    this.#refuse(
      408,
      "request_timeout",
      "The request body did not arrive in time.",
      undefined,
      true,
    );
  }

  #answerDecided(decision: Decision, status: number): void {
    if (decision.kind !== "preflight") {
      const message =
        decision.refusal === "site-not-allowed"
          ? "Pages of other sites may not make this request."
          : "Pages of this origin may not make this request.";
      this.#refuse(status, "origin_not_allowed", message);
      return;
    }
    const lines = status === 204 ? this.#front() : joinLines(this.#front(), emptyLine);
    this.status = status;
    this.#reply.send(status, this.#finished(lines), "", this.#mustClose());
  }

  /** `OPTIONS *` (RFC 9110 §9.3.7). */
  #answerForServer(): void {
    const lines = this.#finished(joinLines(this.#front(), allowLine));
    this.status = 204;
    this.#reply.send(204, lines, "", this.#mustClose());
  }

  #refuse(
    status: number,
    error: string,
    message: string,
    proxyError?: ProxyError,
    close = false,
    login?: Login,
  ): void {
    const front = this.#front();
    const answer = ownAnswer(status, error, message, this.request_id, front, proxyError, login);
    this.status = status;
    this.error = error;
    const body = this.read.head.method === "HEAD" ? "" : answer.body;
    this.bytes_out = body.length;
    const lines = this.#finished(answer.lines, true);
    this.#reply.send(status, lines, body, close || this.#mustClose());
  }

  /** What the decision adds to a response of our own. */
  #front(): Lines {
    return this.decision === undefined ? noLines : blockOf(this.decision).lines;
  }

  /** With the fields that every response has. `named`: it has an id already. */
  #finished(lines: Lines, named = false): Lines {
    const whole = named ? lines : joinLines(lines, printLine("X-Request-Id", this.request_id));
    if (!this.site.debug) return whole;
    const field = decisionField(this.decision, this.layer);
    return joinLines(whole, writeLines(field) ?? noLines);
  }

  /** Is there a body that is not worth reading off just to keep the connection? */
  #mustClose(): boolean {
    const { body, awaitsContinue } = this.arrival;
    if (body === undefined || body.readableEnded) return false;
    if (awaitsContinue) return true;
    const { contentLength } = this.read;
    return contentLength === undefined || contentLength > drainLimit || this.body !== undefined;
  }

  #bodyLeft(): boolean {
    const { body } = this.arrival;
    return body !== undefined && !body.readableEnded;
  }
}
