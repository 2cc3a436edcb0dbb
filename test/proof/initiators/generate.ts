// The generator of acts: a seed and an index make one case. As with fetch (../generate.ts), most of it is
// right, so that a case gets as far as its one wrong thing.

import {
  initiated,
  initiatorRules,
  type CredentialsMode,
  type Initiator,
} from "@corsway/cors/browser";
import type { Header } from "@corsway/cors/standard";
import type { Answer, Content, Node, Place, Step } from "../case.ts";
import { actualAnswer, anyPlace, crossPlace, node, pickPage } from "../parts.ts";
import { seededRandom, type Random } from "../random.ts";
import { corpValues } from "../values.ts";
import { plainText, requestOfAct, type Act, type ActCase } from "./act.ts";

/** How often each initiator comes. */
const weights: readonly (readonly [number, Exclude<Initiator, "fetch">])[] = [
  [5, "img"],
  [5, "script"],
  [4, "module"],
  [5, "style"],
  [4, "font"],
  [3, "video"],
  [3, "eventsource"],
  [2, "websocket"],
  [4, "beacon"],
  [1, "form"],
  [1, "manifest"],
  [2, "worker"],
  [5, "xhr"],
];

export const contentOf: Readonly<Partial<Record<Initiator, Content>>> = {
  img: "image",
  script: "script",
  module: "module",
  style: "style",
  font: "font",
  video: "video",
  eventsource: "events",
  form: "page",
  worker: "worker",
};

/** The act case of this seed and index. */
export function generateActCase(seed: number, index: number): ActCase {
  const random = seededRandom(seed + 7_000_003, index);
  const as = random.weigh(weights);
  const page = pickPage(random);
  const act = anyAct(random, as);
  const sandboxed = as !== "form" && as !== "manifest" && random.chance(0.08);
  const { credentials, method } = initiated(requestOfAct("null", "http://a.localhost/", act));
  const hops =
    as === "websocket"
      ? random.weigh([
          [9, 0],
          [1, 1],
        ])
      : random.weigh([
          [12, 0],
          [5, 1],
          [3, 2],
          [1, 3],
        ]);
  const nodes: Record<string, Node> = {};
  for (let i = 0; i <= hops; i++) {
    const place = placeOf(random, as, page, i);
    const step = stepOf(act, method, credentials);
    const { preflight } = node(random, place, step);
    const answer = actOrRedirect(random, act, credentials, i === hops ? undefined : `n${i + 1}`);
    const content = contentOf[as];
    nodes[`n${i}`] = {
      place,
      ...(content === undefined ? {} : { content }),
      preflight,
      actual: [answer],
    };
  }
  return { kind: as, page, sandboxed, act, nodes };
}

function placeOf(random: Random, as: Initiator, page: ActCase["page"], hop: number): Place {
  const own = `${page}:1` as const;
  if (as === "worker") return random.chance(hop === 0 ? 0.85 : 0.6) ? own : anyPlace(random);
  return random.chance(0.2) ? own : hop === 0 ? crossPlace(random, page) : anyPlace(random);
}

/** An act of this initiator, with any of what its page may set. */
export function anyAct(random: Random, as: Initiator): Act {
  const crossOrigin = random.weigh([
    [4, undefined],
    [3, "anonymous"],
    [3, "use-credentials"],
  ] as const);
  const attribute =
    initiatorRules(as).crossOrigin === "none" || crossOrigin === undefined ? {} : { crossOrigin };
  const isEventSource = as === "eventsource" && crossOrigin === "anonymous";
  const act: Act = { as, ...(isEventSource ? {} : attribute) };
  switch (as) {
    case "beacon":
      return { ...act, ...anyBody(random, 0.85) };
    case "form": {
      const method = random.pick(["GET", "POST"]);
      if (method === "GET") return { ...act, method };
      const body = random.pick(["application/x-www-form-urlencoded", "text/plain"]);
      return { ...act, method, body };
    }
    case "xhr": {
      const method = random.pick(["GET", "GET", "POST", "POST", "PUT", "DELETE"]);
      return {
        ...act,
        method,
        ...(random.chance(0.45) ? { credentials: "include" } : {}),
        ...(random.chance(0.5) ? { upload: true } : {}),
        ...(method === "GET" ? {} : anyBody(random, 0.6)),
      };
    }
    default:
      return act;
  }
}

function anyBody(random: Random, chance: number): { readonly body?: string } {
  if (!random.chance(chance)) return {};
  return {
    body: random.weigh([
      [4, plainText],
      [3, "application/json"],
      [2, "application/x-www-form-urlencoded"],
      [1, "image/png"],
    ]),
  };
}

/** What a fetch of the same kind would be: the answers to preflights are written for it. */
function stepOf(act: Act, method: string, credentials: CredentialsMode): Step {
  const headers: Header[] = act.body === undefined ? [] : [["Content-Type", act.body]];
  return { node: "n0", method, headers, mode: "cors", credentials, redirect: "follow" };
}

function actOrRedirect(
  random: Random,
  act: Act,
  credentials: CredentialsMode,
  to: string | undefined,
): Answer {
  if (act.as === "websocket" && to === undefined) return handshake(random);
  const headers: Header[] = sharing(random, credentials);
  if (random.chance(0.2))
    for (const value of random.weigh(corpValues))
      headers.push(["Cross-Origin-Resource-Policy", value]);
  if (to === undefined)
    return {
      status: random.weigh([
        [20, 200],
        [1, 404],
        [1, 500],
      ]),
      headers,
    };
  const location = random.weigh([
    [20, `{to:${to}}`],
    [1, `{user:${to}}`],
  ]);
  return {
    status: random.pick([301, 302, 303, 307, 308]),
    headers: [...headers, ["Location", location]],
  };
}

function handshake(random: Random): Answer {
  const status = random.weigh([
    [4, 101],
    [1, 200],
    [1, 403],
  ]);
  const headers: Header[] = [
    ["Upgrade", "websocket"],
    ["Connection", "Upgrade"],
    ["Sec-WebSocket-Accept", "{accept}"],
  ];
  return { status, headers: status === 101 ? headers : [] };
}

/** Who may read it: right, `*`, nothing at all, or anything. */
function sharing(random: Random, credentials: CredentialsMode): Header[] {
  const kind = random.weigh([
    [5, "right"],
    [2, "any"],
    [2, "none"],
    [2, "wrong"],
  ]);
  switch (kind) {
    case "right": {
      const allow: Header[] = [["Access-Control-Allow-Origin", "{origin}"]];
      if (credentials === "include") allow.push(["Access-Control-Allow-Credentials", "true"]);
      return allow;
    }
    case "any":
      return [["Access-Control-Allow-Origin", "*"]];
    case "none":
      return [];
    default:
      return actualAnswer(random, 0.6).headers.filter(([name]) =>
        /^access-control-allow/i.test(name),
      );
  }
}
