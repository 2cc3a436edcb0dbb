// An upstream that answers `/ok/…` well and `/fault/N` in the Nth wrong way.

import type { Socket } from "node:net";
import { rawServer } from "../support/raw-socket.ts";

const ok = "HTTP/1.1 200 OK\r\n";

/** The bytes of a wrong response; `ending`: what comes after them. */
interface Fault {
  readonly bytes: string;
  readonly ending: "end" | "reset" | "nothing";
}

const faults: readonly Fault[] = [
  { bytes: "", ending: "end" },
  { bytes: "", ending: "reset" },
  { bytes: "HTTP/1.1 200 OK\r\nContent-", ending: "end" },
  { bytes: `${ok}Content-Length: 100\r\n\r\nabc`, ending: "end" },
  { bytes: `${ok}Content-Length: 100\r\n\r\nabc`, ending: "reset" },
  { bytes: `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`, ending: "end" },
  { bytes: `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n`, ending: "nothing" },
  { bytes: `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, ending: "nothing" },
  {
    bytes: `${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ending: "nothing",
  },
  { bytes: `${ok}X-A: a\nX-B: b\r\n\r\n`, ending: "nothing" },
  { bytes: "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(30), ending: "nothing" },
  { bytes: "HTTP/2.0 200 OK\r\n\r\n", ending: "nothing" },
  { bytes: "SSH-2.0-OpenSSH_9.2\r\n", ending: "nothing" },
  { bytes: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", ending: "nothing" },
];

export const faultCount: number = faults.length;

/** Every response to `/ok/…` has this body. */
export const goodBody: string = "well ".repeat(200);

export interface FaultyUpstream {
  readonly port: number;
  close(): void;
}

export async function faultyUpstream(): Promise<FaultyUpstream> {
  return rawServer((socket) => {
    let seen = "";
    socket.on("error", () => undefined);
    socket.on("end", () => socket.end());
    socket.on("data", (chunk: Buffer) => {
      seen += chunk.toString("latin1");
      for (let end = seen.indexOf("\r\n\r\n"); end >= 0; end = seen.indexOf("\r\n\r\n")) {
        const head = seen.slice(0, end);
        const length = Number(/\r\nContent-Length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (seen.length < end + 4 + length) return;
        seen = seen.slice(end + 4 + length);
        respond(socket, /^[A-Z]+ \/(ok|fault)\/(\d+)/.exec(head));
      }
    });
  });
}

function respond(socket: Socket, asked: RegExpExecArray | null): void {
  if (asked?.[1] !== "fault") {
    socket.write(`${ok}Content-Length: ${goodBody.length}\r\nVary: Accept\r\n\r\n${goodBody}`);
    return;
  }
  const { bytes, ending } = faults[Number(asked[2]) % faults.length] as Fault;
  if (bytes !== "") socket.write(bytes, "latin1");
  if (ending === "end") socket.end();
  else if (ending === "reset") setTimeout(() => socket.resetAndDestroy(), 2);
}
