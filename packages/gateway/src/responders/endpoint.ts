// A live server as a Responder. It sends what a browser would send, and returns the response head exactly as
// the bytes were, neither repaired nor completed; a client library would hide exactly what needs explaining
// (duplicate headers, control bytes, a malformed line).
// One connection per request, closed afterwards; at most 64 KiB of a body are read before it is closed.

import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Header, HeaderList, RequestHead, ResponseHead } from "@corsway/cors/standard";
import { hasHeader, headerLines } from "@corsway/cors/standard";
import type { WireFault } from "../http1/fault.ts";
import { ResponseReader } from "../http1/response-reader.ts";
import { defaultLimits, type WireLimits } from "../http1/limits.ts";
import { writeLines } from "../http1/lines.ts";
import { writeRequestHead } from "../http1/write-head.ts";
import { connectFailure, silence, wireFailure, type EndpointFailure } from "./endpoint-failure.ts";

export interface EndpointOptions {
  /** Sent with an actual request whose `sending` says that it has one. */
  readonly body?: Uint8Array;
  /** Milliseconds to establish a connection (including TLS), and from then to the end of the head. */
  readonly connectTimeout?: number;
  readonly headTimeout?: number;
}

/** What accompanies a request: the browser model's `Sending`. */
interface Sending {
  readonly body: boolean;
}

export type EndpointAnswer =
  | ResponseHead
  | { readonly kind: "network-error"; readonly why: string };

export interface Endpoint {
  respond(request: RequestHead, sending: Sending): Promise<EndpointAnswer>;
  /** Why the most recent failed request failed. */
  readonly failure: EndpointFailure | undefined;
}

/** Chromium's own limit for a head is 256 KiB; explain reads whatever a browser reads. */
const limits: WireLimits = { ...defaultLimits, headSize: 256 * 1024, headerCount: 2000 };
const drained = 64 * 1024;
const drainTimeout = 1000;

export function liveEndpoint(options: EndpointOptions = {}): Endpoint {
  let failure: EndpointFailure | undefined;
  return {
    get failure() {
      return failure;
    },
    async respond(request, sending) {
      const answer = await ask(request, sending.body ? options.body : undefined, options);
      if (!("code" in answer)) return answer;
      failure = answer;
      return { kind: "network-error", why: answer.say };
    },
  };
}

/**
 * The request as it is sent: what the model leaves to the transport is added as a browser would (Host
 * first). `--dry-run` shows this too.
 */
export function wireHeaders(request: RequestHead, body: Uint8Array | undefined): HeaderList {
  const { headers, method } = request;
  const before: Header[] = [];
  const after: Header[] = [];
  const absent = (name: string): boolean => !hasHeader(headers, name);
  if (absent("host")) before.push(["Host", new URL(request.url).host]);
  if (absent("connection")) before.push(["Connection", "close"]);
  if (absent("user-agent")) after.push(["User-Agent", "Mozilla/5.0 (compatible; corsway explain)"]);
  if (absent("accept")) after.push(["Accept", "*/*"]);
  if (absent("accept-encoding")) after.push(["Accept-Encoding", "gzip, deflate, br"]);
  if (absent("content-length")) {
    if (body !== undefined) after.push(["Content-Length", String(body.length)]);
    else if (method === "POST" || method === "PUT") after.push(["Content-Length", "0"]);
  }
  return [...before, ...headers, ...after];
}

/** The target of a request line: path and query as the URL standard serialises them. */
export function wireTarget(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function ask(
  request: RequestHead,
  body: Uint8Array | undefined,
  { connectTimeout = 10_000, headTimeout = 30_000 }: EndpointOptions,
): Promise<ResponseHead | EndpointFailure> {
  const url = new URL(request.url);
  const lines = writeLines(wireHeaders(request, body).flat(), "faithful");
  const head = lines && writeRequestHead(request.method, wireTarget(request.url), lines);
  return new Promise((resolve) => {
    if (head === undefined) {
      resolve(wireFailure(url, "unwritable", "the request cannot be written", undefined));
      return;
    }
    const socket = open(url);
    let answered = false;
    let connected = false;
    let first: Uint8Array | undefined;
    let read = 0;
    let timer = setTimeout(() => settle(silence(url, "connect", connectTimeout)), connectTimeout);

    const settle = (answer: ResponseHead | EndpointFailure): void => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      resolve(answer);
      if ("code" in answer || answer.status === 101) socket.destroy();
      // The body may arrive for a moment, so that a small one does not end in a reset.
      else timer = setTimeout(() => socket.destroy(), drainTimeout).unref();
    };
    const reader = new ResponseReader(
      {
        interim() {},
        head({ status, fields }, framing) {
          const headers = pairs(fields);
          settle(
            hasTwoLengths(headers)
              ? wireFailure(url, "content-length-repeated", framing as WireFault, first)
              : { status, headers },
          );
        },
        body() {},
        end: () => void socket.end(),
        fault(wrong) {
          settle(wireFailure(url, wrong.code, wrong, first));
          socket.end();
        },
      },
      { limits, values: "faithful" },
    );
    reader.next(request.method, hasHeader(request.headers, "sec-websocket-key"));

    socket.on(url.protocol === "https:" ? "secureConnect" : "connect", () => {
      connected = true;
      clearTimeout(timer);
      timer = setTimeout(() => settle(silence(url, "head", headTimeout)), headTimeout);
      socket.write(head, "latin1");
      if (body !== undefined) socket.write(body);
    });
    socket.on("data", (chunk: Buffer) => {
      first ??= chunk.subarray(0, 64);
      reader.push(chunk);
      read += chunk.length;
      if (answered && (reader.done || read > drained)) socket.destroy();
    });
    socket.on("end", () => reader.end());
    socket.on("error", (error: NodeJS.ErrnoException) =>
      settle(connectFailure(url, error, connected)),
    );
    socket.on("close", () => {
      clearTimeout(timer);
      reader.end();
    });
  });
}

function pairs(fields: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let i = 0; i < fields.length; i += 2) headers.push([fields[i]!, fields[i + 1]!]);
  return headers;
}

/** The one framing fault for which a browser also discards the head. */
function hasTwoLengths(headers: HeaderList): boolean {
  const lengths = headerLines(headers, "content-length");
  return new Set(lengths).size > 1 && !hasHeader(headers, "transfer-encoding");
}

function open(url: URL): Socket {
  const secure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  if (!secure) return connectPlain({ host, port });
  // An IP address is not a server name (RFC 6066 §3).
  const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  return connectTls({ host, port, ALPNProtocols: ["http/1.1"], ...named });
}
