// One exchange over a plain socket: what a test needs where a page may not look, byte for byte.

import { connect } from "node:net";

export interface RawResponse {
  readonly status: number;
  readonly statusLine: string;
  /** Names as they came over the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** The value of a header that comes at most once; undefined if it is not there. */
  get(name: string): string | undefined;
}

/** Sends the lines as a request head and reads the answer until the server closes. */
export async function rawExchange(port: number, ...lines: readonly string[]): Promise<RawResponse> {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.setTimeout(10_000, () => socket.destroy(new Error("no answer within ten seconds")));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("end", () => resolve(Buffer.concat(chunks).toString("latin1")));
    socket.write([...lines, "Connection: close", "", ""].join("\r\n"));
  });
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [statusLine = "", ...fields] = head.split("\r\n");
  const headers = fields.map((field) => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon), field.slice(colon + 1).trim()] as const;
  });
  return {
    status: Number(statusLine.split(" ")[1]),
    statusLine,
    headers,
    body: rest.join("\r\n\r\n"),
    get: (name) => {
      const values = headers.filter(([field]) => field.toLowerCase() === name.toLowerCase());
      if (values.length > 1) throw new Error(`${name} came ${values.length} times`);
      return values[0]?.[1];
    },
  };
}
