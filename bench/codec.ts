// What a head costs to read: our lean reader, our full reader, and Node's own parser (llhttp), on the
// same bytes in one interleaved run. Ratios travel between machines, times do not.
//   npm run bench:codec

import { parseRequestHead } from "../packages/gateway/src/http1/request-head.ts";
import { RequestReader } from "../packages/gateway/src/http1/request-reader.ts";
import { ResponseReader } from "../packages/gateway/src/http1/response-reader.ts";
import { defaultLimits } from "../packages/gateway/src/http1/limits.ts";
import { HeadGatherer } from "../packages/gateway/src/http1/head-bytes.ts";
import { writeLines } from "../packages/gateway/src/http1/lines.ts";
import { llhttpParser } from "../test/support/llhttp.ts";

const rounds = 9;
const perRound = 50_000;

const request = Buffer.from(
  [
    "GET /api/users?page=2 HTTP/1.1",
    "Host: api.example.com",
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36",
    "Accept: */*",
    "Accept-Language: en-US,en;q=0.9",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Origin: https://app.example.com",
    "Referer: https://app.example.com/",
    "Sec-Fetch-Mode: cors",
    "Sec-Fetch-Site: same-site",
    "Sec-Fetch-Dest: empty",
    "Connection: keep-alive",
    "",
    "",
  ].join("\r\n"),
  "latin1",
);
const response = Buffer.from(
  [
    "HTTP/1.1 200 OK",
    "Server: nginx/1.22.1",
    "Date: Sat, 28 Nov 2026 10:00:00 GMT",
    "Content-Type: application/json",
    "Content-Length: 1023",
    "Connection: keep-alive",
    "Cache-Control: no-cache",
    "",
    `{"users":[${"0,".repeat(505)}0]}`,
  ].join("\r\n"),
  "latin1",
);

let seen = 0;
const sink = {
  interim() {},
  head: (head: { readonly fields: readonly string[] }) => void (seen += head.fields.length),
  body() {},
  end() {},
  fault() {
    throw new Error("the bench's own bytes are malformed");
  },
};
const requests = new RequestReader(sink);
const responses = new ResponseReader(sink);
const fields = [
  "Content-Type",
  "application/json",
  "Content-Length",
  "1023",
  "Access-Control-Allow-Origin",
  "https://app.example.com",
  "Vary",
  "Origin",
  "X-Request-Id",
  "0123456789abcdef",
];

const cases: readonly { readonly name: string; run(): void }[] = [
  {
    name: `request head, ${request.length} bytes: llhttp`,
    run: llhttpParser("request", request),
  },
  {
    name: "request head: ours",
    run() {
      requests.next();
      requests.push(request);
    },
  },
  {
    name: "request head: ours, the full reader",
    run() {
      const gatherer = new HeadGatherer(defaultLimits.headSize);
      gatherer.push(request);
      parseRequestHead(gatherer.bytes, defaultLimits);
    },
  },
  {
    name: `response with 1 KB body, ${response.length} bytes: llhttp`,
    run: llhttpParser("response", response),
  },
  {
    name: "response with 1 KB body: ours",
    run() {
      responses.next("GET");
      responses.push(response);
    },
  },
  {
    name: "5 fields, checked and written",
    run() {
      writeLines(fields);
    },
  },
];

const times = cases.map((): number[] => []);
for (let round = 0; round <= rounds; round++)
  for (const [index, { run }] of cases.entries()) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < perRound; i++) run();
    const nanos = Number(process.hrtime.bigint() - start) / perRound;
    if (round > 0) times[index]!.push(nanos); // round 0 warms up
  }
console.log(`${rounds} rounds of ${perRound}; Node ${process.version}; ns, median (min to max)\n`);
for (const [index, { name }] of cases.entries()) {
  const sorted = times[index]!.toSorted((a, b) => a - b);
  const [median, min, max] = [sorted[sorted.length >> 1]!, sorted[0]!, sorted.at(-1)!];
  console.log(
    `${median.toFixed(0).padStart(8)}  (${min.toFixed(0)} to ${max.toFixed(0)})  ${name}`,
  );
}
if (seen === 0) throw new Error("nothing was read");
