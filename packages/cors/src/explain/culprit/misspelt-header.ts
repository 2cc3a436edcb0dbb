// A response header whose name is nearly that of a CORS header; browsers do not know it.

import { editDistance } from "../../diagnostics/edit-distance.ts";
import type { HeaderList } from "../../standard/message.ts";
import { asciiLowercase } from "../../standard/token.ts";

const names = [
  "Access-Control-Allow-Origin",
  "Access-Control-Allow-Credentials",
  "Access-Control-Allow-Methods",
  "Access-Control-Allow-Headers",
  "Access-Control-Expose-Headers",
  "Access-Control-Max-Age",
] as const;

/** What people write by mistake, apart from typos. */
const known: Readonly<Record<string, (typeof names)[number]>> = {
  "access-control-origin": "Access-Control-Allow-Origin",
  "access-control-allow-origins": "Access-Control-Allow-Origin",
  "control-allow-origin": "Access-Control-Allow-Origin",
  "access-allow-origin": "Access-Control-Allow-Origin",
  "access-allow-control-origin": "Access-Control-Allow-Origin",
  "access-control-origin-allow": "Access-Control-Allow-Origin",
  "x-access-control-allow-origin": "Access-Control-Allow-Origin",
  "cors-allow-origin": "Access-Control-Allow-Origin",
  "access-control-expose": "Access-Control-Expose-Headers",
  "access-control-exposed-headers": "Access-Control-Expose-Headers",
  "expose-headers": "Access-Control-Expose-Headers",
  "access-control-maxage": "Access-Control-Max-Age",
  "allow-headers": "Access-Control-Allow-Headers",
  "allow-methods": "Access-Control-Allow-Methods",
  "allow-credentials": "Access-Control-Allow-Credentials",
  "allow-origin": "Access-Control-Allow-Origin",
  "allow-control-allow-origin": "Access-Control-Allow-Origin",
  "access-control-allow-method": "Access-Control-Allow-Methods",
  "access-control-methods": "Access-Control-Allow-Methods",
  "access-control-allow-header": "Access-Control-Allow-Headers",
  "access-control-headers": "Access-Control-Allow-Headers",
  "access-control-credentials": "Access-Control-Allow-Credentials",
  "access-control-allow-credential": "Access-Control-Allow-Credentials",
};

/** Names that are others': a request's, and one of an abandoned proposal. */
const others: ReadonlySet<string> = new Set([
  "access-control-request-method",
  "access-control-request-headers",
  "access-control-allow-private-network",
  "access-control-request-private-network",
]);

export interface Misspelt {
  /** As the server wrote it. */
  readonly written: string;
  readonly meant: (typeof names)[number];
}

/** The first header whose name is nearly `meant`. */
export function misspeltHeader(headers: HeaderList, meant: string): Misspelt | undefined {
  const right = new Set<string>(names.map(asciiLowercase));
  for (const [written] of headers) {
    if (right.has(asciiLowercase(written))) continue;
    const lower = asciiLowercase(written).replaceAll("_", "-");
    if (others.has(lower)) continue;
    const name =
      known[lower] ?? names.find((each) => editDistance(lower, asciiLowercase(each), 3) < 3);
    if (name === meant) return { written, meant: name };
  }
  return undefined;
}
