// The generator of cookies: what a server may write in Set-Cookie, right and wrong, and everything a page
// can do next. All answers may be read, so that only the cookies are in question.

import type { Initiator } from "@corsway/cors/browser";
import type { Header } from "@corsway/cors/standard";
import type { Answer, Host, Node, Place } from "../case.ts";
import type { Act } from "../initiators/act.ts";
import { anyAct, contentOf } from "../initiators/generate.ts";
import { seededRandom, type Random } from "../random.ts";
import type { CookieCase } from "./case.ts";

const weights: readonly (readonly [number, Initiator])[] = [
  [10, "fetch"],
  [3, "xhr"],
  [3, "img"],
  [2, "script"],
  [1, "module"],
  [2, "style"],
  [1, "font"],
  [1, "eventsource"],
  [2, "websocket"],
  [2, "beacon"],
  [4, "form"],
];
const hosts: readonly Host[] = ["named", "below", "other", "bare", "address"];
const names: Readonly<Record<Host, string>> = {
  named: "a.localhost",
  below: "x.a.localhost",
  other: "b.localhost",
  bare: "localhost",
  address: "127.0.0.1",
};

/** The cookie case of this seed and index. */
export function generateCookieCase(seed: number, index: number): CookieCase {
  const random = seededRandom(seed + 9_000_011, index);
  const thirdPartyCookies = random.chance(0.75) ? "allowed" : "blocked";
  const as = random.weigh(weights);
  const page = random.weigh([
    [6, "named"],
    [1, "address"],
    [1, "bare"],
  ] as const);
  const secure = random.chance(0.5);
  const act = actOf(random, as);
  const sandboxed = as !== "form" && as !== "beacon" && random.chance(0.05);
  const hops =
    as === "websocket"
      ? 0
      : random.weigh([
          [6, 0],
          [3, 1],
          [1, 2],
        ]);
  const nodes: Record<string, Node> = {};
  for (let i = 0; i <= hops; i++) {
    const place = anyPlace(random, page, secure);
    const content = contentOf[as];
    nodes[`n${i}`] = {
      place,
      ...(content === undefined ? {} : { content }),
      preflight: [{ status: 204, headers: [...allowing, ...preflight] }],
      actual: [answer(random, as, place, i, i === hops)],
    };
  }
  const lines = Array.from({ length: 1 + random.below(3) }, (_, k) =>
    // The default path would be that of the page that set it.
    setCookie(random, nodes.n0!.place, `s${k}`).replace("Path=x", "Path=/"),
  );
  return {
    kind: `${secure ? "https" : "http"} ${as}`,
    page,
    ...(secure ? { secure } : {}),
    sandboxed,
    act,
    nodes,
    lines,
    thirdPartyCookies,
  };
}

function actOf(random: Random, as: Initiator): Act {
  if (as === "fetch")
    return {
      as,
      method: random.pick(["GET", "GET", "POST"]),
      credentials: random.pick(["include", "include", "same-origin", "omit"]),
      mode: random.pick(["cors", "cors", "no-cors"]),
    };
  const { upload: _, ...act } = anyAct(random, as);
  return act;
}

/** From a secure page nothing goes to http: mixed content is another mechanism. */
function anyPlace(random: Random, page: Host, secure: boolean): Place {
  const host = random.chance(0.3) ? page : random.pick(hosts);
  return `${host}:${secure || random.chance(0.4) ? "s" : random.pick([1, 2] as const)}`;
}

const allowing: readonly Header[] = [
  ["Access-Control-Allow-Origin", "{origin}"],
  ["Access-Control-Allow-Credentials", "true"],
];
const preflight: readonly Header[] = [
  ["Access-Control-Allow-Methods", "{method}"],
  ["Access-Control-Allow-Headers", "{headers}"],
];

function answer(random: Random, as: Initiator, place: Place, hop: number, isLast: boolean): Answer {
  if (as === "websocket")
    return {
      status: 101,
      headers: [
        ["Upgrade", "websocket"],
        ["Connection", "Upgrade"],
        ["Sec-WebSocket-Accept", "{accept}"],
      ],
    };
  if (isLast) return { status: 200, headers: allowing };
  const headers: Header[] = [...allowing, ["Location", `{to:n${hop + 1}}`]];
  if (random.chance(0.6)) headers.push(["Set-Cookie", setCookie(random, place, `r${hop}`)]);
  return { status: random.pick([301, 302, 303, 307, 308]), headers };
}

function setCookie(random: Random, place: Place, name: string): string {
  const host = place.split(":")[0] as Host;
  const prefix = random.weigh([
    [14, ""],
    [2, "__Secure-"],
    [2, "__Host-"],
    [1, "__host-"],
  ]);
  const isHost = prefix !== "" && prefix !== "__Secure-" && random.chance(0.7);
  const parts = [`${prefix}${name}c{n}=v`];
  const sameSite = random.weigh([
    [6, ""],
    [5, "SameSite=None"],
    [4, "SameSite=Lax"],
    [3, "SameSite=Strict"],
    [1, "samesite=none"],
    [0.5, "SameSite=Foo"],
    [0.5, "SameSite"],
  ]);
  if (sameSite !== "") parts.push(sameSite);
  const secureChance = /none/i.test(sameSite) ? 0.75 : 0.35;
  if (isHost || random.chance(secureChance)) parts.push(random.pick(["Secure", "secure"]));
  if (random.chance(0.2)) parts.push("HttpOnly");
  if (!isHost) {
    const domain = random.weigh([
      [8, undefined],
      [3, names[host]],
      [1, `.${names[host]}`],
      [2, "a.localhost"],
      [0.5, "b.localhost"],
      [0.3, "localhost"],
      [0.3, ""],
    ] as const);
    if (domain !== undefined) parts.push(`Domain=${domain}`);
  }
  parts.push(
    `Path=${
      isHost
        ? "/"
        : random.weigh([
            [9, "/"],
            [2, "/x"],
            [1, "/x/"],
            [1, "/y"],
            [0.5, "/xx"],
            [0.3, "x"],
          ])
    }`,
  );
  const age = random.weigh([
    [9, undefined],
    [2, "Max-Age=3600"],
    [0.5, "Max-Age=0"],
    [0.3, "Max-Age=-1"],
    [0.3, "Max-Age=x"],
    [0.5, "Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
    [0.5, "Expires=Fri, 01 Jan 2038 00:00:00 GMT"],
  ] as const);
  if (age !== undefined) parts.push(age);
  return parts.join("; ");
}
