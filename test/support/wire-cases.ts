// Messages for the fuzz of the codec, a million of them in a minute: put together from parts that are
// right and parts that are almost right, then perhaps with bytes replaced, taken out and put in. One
// seed, one sequence.

export interface Draw {
  /** A whole number from 0, below `below`. */
  below(below: number): number;
  of<Value>(values: readonly Value[]): Value;
}

/** mulberry32. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  const below = (most: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
  return { below, of: (values) => values[below(values.length)]! };
}

const goodLines = [
  "Host: a",
  "Origin: https://app.example.com",
  "Accept: */*",
  "x:",
  "X-Long:  v \t",
  "y:caf\xe9",
  "Cookie: a=b; c=d",
  "__proto__: x",
];
const framings = [
  ["", ""],
  ["", ""],
  ["Content-Length: 0", ""],
  ["Content-Length: 3", "abc"],
  ["content-length:3", "abc"],
  ["Transfer-Encoding: chunked", "3\r\nabc\r\n0\r\n\r\n"],
  ["transfer-encoding: CHUNKED", "1;a=b\r\nx\r\n02\r\nyz\r\n0\r\nt: v\r\n\r\n"],
  ["Transfer-Encoding: chunked", '1;a="b;\\"c"\r\nx\r\n000;y\r\n\r\n'],
] as const;
const oddLines = [
  "Content-Length: 3",
  "Content-Length: 1",
  "Content-Length : 3",
  "Content-Length: +3",
  "Content-Length: 3,3",
  "Content-Length: 0x3",
  "Content-Length:",
  "Content-Length: 99999999999999999999",
  "Content_Length: 3",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: gzip, chunked",
  "Transfer-Encoding: ,chunked",
  "Transfer-Encoding: xchunked",
  "Transfer-Encoding : chunked",
  "Transfer-Encoding:\x0bchunked",
  "Transfer_Encoding: chunked",
  "Transfer-Encoding: identity",
  "Transfer-Encoding:",
  " folded",
  "\tfolded",
  "no colon",
  ": empty",
  "a b: c",
  "a: \0",
  "a: \x0b",
  "a: \x7f",
  "a: b\rc: d",
  "a: b\nc: d",
  "a: b\r\r\nc: d",
  "a: b\n\r\nc: d",
  "\u00e9: x",
];
const oddBodies = [
  "abc",
  "3\r\nabc\r\n0\r\n\r\n",
  "3 \r\nabc\r\n0\r\n\r\n",
  "3\nabc\r\n0\r\n\r\n",
  "3\r\nabcd\r\n0\r\n\r\n",
  "3;\r\nabc\r\n0\r\n\r\n",
  "3;a=\r\nabc\r\n0\r\n\r\n",
  "3;a b\r\nabc\r\n0\r\n\r\n",
  "+3\r\nabc\r\n0\r\n\r\n",
  "0x3\r\nabc\r\n0\r\n\r\n",
  "00000000000003\r\nabc\r\n0\r\n\r\n",
  "FFFFFFFFFFFFFFFF\r\nabc",
  "3\r\nabc\n0\r\n\r\n",
  "3\r\nabc0\r\n\r\n",
  "0\r\nt\r\n\r\n",
  "0\r\n folded\r\n\r\n",
  "0\r\nContent-Length: 3\r\n\r\n",
  "0\r\n\n",
  "0\r\n\rX",
  "",
];
const requestLines = [
  "GET / HTTP/1.1",
  "GET /a/b?c=d HTTP/1.1",
  "POST / HTTP/1.1",
  "OPTIONS * HTTP/1.1",
  "PUT http://a/ HTTP/1.1",
  "DELETE /%zz HTTP/1.0",
];
const oddRequestLines = [
  "GET  / HTTP/1.1",
  "GET / HTTP/1.1 ",
  "GET /a b HTTP/1.1",
  "GET / HTTP/1.2",
  "GET / HTTP/2.0",
  "GET / HTTP/0.9",
  "GET / http/1.1",
  "GET /",
  "GET / HTTP/1.1\r",
  "G@T / HTTP/1.1",
  "FOO / HTTP/1.1",
  "get / HTTP/1.1",
  "GET /caf\xe9 HTTP/1.1",
  "GET /\x7f HTTP/1.1",
  "GET\t/ HTTP/1.1",
  " GET / HTTP/1.1",
  "\r\nGET / HTTP/1.1",
  "\r\n\r\nGET / HTTP/1.1",
  "\nGET / HTTP/1.1",
  "GET /#x HTTP/1.1",
  "GET / HTTP/1.10",
  "GET / HTTP/01.1",
  "GET /x\0 HTTP/1.1",
];
const statusLines = [
  "HTTP/1.1 200 OK",
  "HTTP/1.1 404 Not Found",
  "HTTP/1.0 200 OK",
  "HTTP/1.1 204 No Content",
  "HTTP/1.1 304 Not Modified",
  "HTTP/1.1 500 ",
  "HTTP/1.1 200",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
];
const oddStatusLines = [
  "HTTP/1.1  200 OK",
  "HTTP/1.1 20 OK",
  "HTTP/1.1 2000 OK",
  "HTTP/1.1 099 OK",
  "HTTP/1.1 600 OK",
  "HTTP/1.1 200OK",
  "HTTP/1.1 200\tOK",
  "HTTP/1.2 200 OK",
  "HTTP/2 200",
  "HTTP/2.0 200 OK",
  "http/1.1 200 OK",
  "HTTP/1.1 101 Switching Protocols",
  "HTTP/1.1 200 caf\xe9",
  "HTTP/1.1 200 a\x01b",
  "HTTP/1.1 -20 OK",
  "\r\nHTTP/1.1 200 OK",
  "ICY 200 OK",
];
const bytes = [
  "\0",
  "\t",
  "\n",
  "\r",
  "\r\n",
  " ",
  ",",
  ":",
  ";",
  "0",
  "9",
  "a",
  "_",
  "\x7f",
  "\xff",
];

/** A character a byte. */
export function drawMessage(kind: "request" | "response", draw: Draw): string {
  const odd = draw.below(100) >= 30;
  const [usual, unusual] =
    kind === "request" ? [requestLines, oddRequestLines] : [statusLines, oddStatusLines];
  const start = draw.of(odd && draw.below(4) === 0 ? unusual : usual);
  const lines: string[] = [];
  for (let i = draw.below(4); i > 0; i--) lines.push(draw.of(goodLines));
  const [framing, body] = draw.of(framings);
  if (framing !== "") lines.splice(draw.below(lines.length + 1), 0, framing);
  if (odd && draw.below(2) === 0) lines.splice(draw.below(lines.length + 1), 0, draw.of(oddLines));
  const end = odd && draw.below(20) === 0 ? "\n" : "\r\n";
  const rest = odd && draw.below(4) === 0 ? draw.of(oddBodies) : body;
  const behind = draw.below(4) === 0 ? draw.of(["GET / HTTP/1.1\r\n\r\n", "EXTRA", "\r\n"]) : "";
  const text = [start, ...lines, "", ""].join(end) + rest + behind;
  return odd && draw.below(3) === 0 ? mutate(text, draw) : text;
}

function mutate(text: string, draw: Draw): string {
  let result = text;
  for (let i = 1 + draw.below(3); i > 0; i--) {
    const at = draw.below(result.length + 1);
    const put = draw.below(3) === 0 ? "" : draw.of(bytes);
    result = result.slice(0, at) + put + result.slice(at + draw.below(3));
  }
  return result;
}
