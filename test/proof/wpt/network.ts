// The network of a page under test, in a thread of its own so that a synchronous XMLHttpRequest can
// wait for it. Bytes are read as they come: no header is stripped, joined or refused. It also keeps
// the cookies, which are no part of the model.

import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { parentPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";

export interface NetworkRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  /** One character a byte; undefined: none. */
  readonly body?: string;
  readonly credentials: boolean;
}

export type NetworkAnswer =
  | {
      readonly kind: "response";
      readonly status: number;
      readonly statusText: string;
      readonly headers: readonly (readonly [string, string])[];
      readonly body: string;
    }
  | { readonly kind: "network-error"; readonly why: string };

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
}

const patience = 15_000;
let cookies: Cookie[] = [];

const { port, signal } = workerData as { port: MessagePort; signal: Int32Array };
port.on("message", async (request: NetworkRequest | "forget cookies") => {
  if (request === "forget cookies") {
    cookies = [];
    return;
  }
  let answer: NetworkAnswer;
  try {
    answer = await send(request);
  } catch (error) {
    answer = { kind: "network-error", why: (error as Error).message };
  }
  port.postMessage(answer);
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
});
parentPort?.postMessage("ready");

async function send(request: NetworkRequest): Promise<NetworkAnswer> {
  const url = new URL(request.url);
  const headers: (readonly [string, string])[] = [["Host", url.host], ...request.headers];
  const sent = request.credentials ? cookiesFor(url) : "";
  if (sent !== "") headers.push(["Cookie", sent]);
  headers.push(["Connection", "close"]);
  const hasLength = headers.some(([name]) => name.toLowerCase() === "content-length");
  if (request.body !== undefined && !hasLength)
    headers.push(["Content-Length", `${request.body.length}`]);
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = `${request.method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines}\r\n`;
  const answer = readAnswer(await exchange(url, head + (request.body ?? "")), request.method);
  if (answer.kind === "response" && request.credentials) keepCookies(url, answer.headers);
  return answer;
}

/** Everything the server writes until it closes. */
function exchange(url: URL, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const secure = url.protocol === "https:";
    const at = { port: Number(url.port || (secure ? 443 : 80)), host: "127.0.0.1" };
    const socket = secure
      ? connectTls({ ...at, servername: url.hostname, rejectUnauthorized: false })
      : connectTcp(at);
    const chunks: Buffer[] = [];
    socket.setTimeout(patience, () => socket.destroy(new Error("no answer in time")));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.once("error", reject);
    socket.once("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    socket.write(text, "latin1");
  });
}

function readAnswer(text: string, method: string): NetworkAnswer {
  // A line may end in a bare LF (RFC 9112 §2.2); some answers of the checkout do.
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null)
    return { kind: "network-error", why: "the server closed before it had answered" };
  const rest = text.slice(end.index + end[0].length);
  const [line = "", ...lines] = text.slice(0, end.index).split(/\r?\n/);
  const status = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(line);
  if (status === null) return { kind: "network-error", why: `no HTTP answer: ${line}` };
  if (status[1] === "100") return readAnswer(rest, method);
  const headers = lines.map((each): [string, string] => {
    const colon = each.indexOf(":");
    return [each.slice(0, colon), each.slice(colon + 1).replace(/^[\t ]+|[\t ]+$/g, "")];
  });
  const chunked = headers.some(
    ([name, value]) => name.toLowerCase() === "transfer-encoding" && /chunked/i.test(value),
  );
  const body = method === "HEAD" ? "" : chunked ? dechunked(rest) : rest;
  return {
    kind: "response",
    status: Number(status[1]),
    statusText: status[2] ?? "",
    headers,
    body,
  };
}

function dechunked(text: string): string {
  let body = "";
  for (let at = 0; ;) {
    const end = text.indexOf("\r\n", at);
    const size = Number.parseInt(text.slice(at, end), 16);
    if (end < 0 || !(size > 0)) return body;
    body += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
}

function cookiesFor(url: URL): string {
  return cookies
    .filter(({ host, path }) => host === url.hostname && url.pathname.startsWith(path))
    .map(({ name, value }) => `${name}=${value}`)
    .join("; ");
}

function keepCookies(url: URL, headers: readonly (readonly [string, string])[]): void {
  for (const [header, line] of headers) {
    if (header.toLowerCase() !== "set-cookie") continue;
    const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    const named = (wanted: string): string | undefined =>
      attributes
        .find((each) => each.toLowerCase().startsWith(`${wanted}=`))
        ?.slice(wanted.length + 1);
    const path = named("path") ?? url.pathname.replace(/\/[^/]*$/, "/");
    const age = named("max-age");
    const expires = named("expires");
    const gone =
      (age !== undefined && Number(age) <= 0) ||
      (expires !== undefined && Date.parse(expires) < Date.now());
    cookies = cookies.filter(
      (each) => each.name !== name || each.host !== url.hostname || each.path !== path,
    );
    if (!gone) cookies.push({ name, value, host: url.hostname, path });
  }
}
