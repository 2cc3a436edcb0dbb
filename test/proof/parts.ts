// The parts of a generated case: a page, a place, one request, a server and its two answers.

import type { Header } from "@corsway/cors/standard";
import type { Answer, Case, Host, Node, Place, Step } from "./case.ts";
import type { Random } from "./random.ts";
import {
  acacValues,
  acahValues,
  acamValues,
  acaoValues,
  acehValues,
  actualStatuses,
  corpValues,
  methods,
  preflightStatuses,
  requestHeaders,
  responseHeaders,
} from "./values.ts";

export function finish(
  random: Random,
  kind: string,
  page: Case["page"],
  steps: readonly Step[],
  nodes: Readonly<Record<string, Node>>,
): Case {
  return { kind, page, sandboxed: random.chance(0.12), steps: steps.map(withoutBody), nodes };
}

/** A GET with a body throws in the page before anything happens: of no interest. */
function withoutBody(step: Step): Step {
  if (!/^(get|head)$/i.test(step.method)) return step;
  const { body: _, ...rest } = step;
  return rest;
}

export function pickPage(random: Random): Case["page"] {
  return random.weigh([
    [7, "named"],
    [2, "address"],
    [1, "bare"],
  ]);
}

const hosts: readonly Host[] = ["named", "below", "other", "bare", "address"];

export function anyPlace(random: Random): Place {
  return `${random.pick(hosts)}:${random.pick<1 | 2>([1, 2])}`;
}

export function crossPlace(random: Random, page: Case["page"]): Place {
  for (;;) {
    const place = anyPlace(random);
    if (place !== `${page}:1`) return place;
  }
}

export function requestStep(random: Random, node: string): Step {
  const method = random.weigh(methods);
  const headers: Header[] = [];
  const count = random.weigh([
    [4, 0],
    [4, 1],
    [2, 2],
    [1, 3],
  ]);
  for (let i = 0; i < count; i++)
    headers.push(...(random.chance(0.6) ? unsafeHeaders(random) : random.weigh(requestHeaders)));
  const mayHaveBody = !/^(get|head)$/i.test(method);
  return {
    node,
    method,
    headers,
    mode: random.weigh([
      [16, "cors"],
      [2, "no-cors"],
      [1, "same-origin"],
    ]),
    credentials: random.pick(["omit", "same-origin", "include"]),
    redirect: random.weigh([
      [16, "follow"],
      [1, "error"],
      [1, "manual"],
    ]),
    ...(mayHaveBody && random.chance(0.4) ? { body: "body" } : {}),
    ...(random.chance(0.1) ? { fragment: random.pick(["f", "g"]) } : {}),
    ...(random.chance(0.15) ? { referrerPolicy: random.pick(referrerPolicies) } : {}),
  };
}

const referrerPolicies = [
  "no-referrer",
  "no-referrer-when-downgrade",
  "same-origin",
  "origin",
  "strict-origin",
  "origin-when-cross-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
] as const;

export function unsafeHeaders(random: Random): Header[] {
  return random.weigh<Header[]>([
    [6, [["X-A", "1"]]],
    [3, [["x-b", "2"]]],
    [
      3,
      [
        ["X-A", "1"],
        ["X-B", "2"],
      ],
    ],
    [3, [["Content-Type", "application/json"]]],
    [4, [["Authorization", "Basic dTpw"]]],
    [
      1,
      [
        ["Authorization", "Bearer t"],
        ["X-A", "1"],
      ],
    ],
    [
      1,
      [
        ["x-z", "1"],
        ["X-a", "2"],
        ["x-A", "3"],
      ],
    ],
  ]);
}

/** A later request that resembles the first one. */
export function follow(random: Random, first: Step): Step {
  return {
    ...first,
    ...(random.chance(0.2) ? { method: random.weigh(methods) } : {}),
    ...(random.chance(0.25) ? { headers: unsafeHeaders(random) } : {}),
    ...(random.chance(0.3) ? { credentials: random.pick(["omit", "same-origin", "include"]) } : {}),
    ...(random.chance(0.15) ? { fragment: random.pick(["f", "g"]) } : {}),
    ...(random.chance(0.05) ? { method: "HEAD" } : {}),
  };
}

export function node(random: Random, place: Place, step: Step): Node {
  const preflight = random.chance(0.8) ? allowingAnswer(random, step) : preflightAnswer(random);
  return { place, preflight: [preflight], actual: [actualAnswer(random, 0.15)] };
}

/** A preflight's answer that lets the step through, written in one of many ways. */
export function allowingAnswer(random: Random, step: Step): Answer {
  const names = step.headers.map(([name]) => name);
  const wildcard = step.credentials !== "include" && random.chance(0.25);
  const headers: Header[] = [...allowOrigin(step, random)];
  headers.push([
    "Access-Control-Allow-Methods",
    wildcard
      ? "*"
      : random.pick([
          `GET, ${step.method}`,
          step.method,
          "{method}",
          `PUT,DELETE , ${step.method}`,
        ]),
  ]);
  const list = wildcard
    ? "*"
    : random.pick([
        "{headers}",
        names.join(", ") || "X-A",
        `X-A, ${names.join(",")}`,
        `*, Authorization, ${names.join(",")}`,
      ]);
  headers.push(["Access-Control-Allow-Headers", list]);
  return { status: random.pick([200, 204]), headers };
}

/** HTTP/2 writes names in lower case, and engines have been seen to care. */
function spelled(random: Random, headers: readonly Header[]): Header[] {
  const spelling = random.weigh([
    [6, "usual"],
    [3, "lower"],
    [1, "upper"],
  ]);
  if (spelling === "usual") return [...headers];
  return headers.map(([name, value]) => [
    spelling === "lower" ? name.toLowerCase() : name.toUpperCase(),
    value,
  ]);
}

function preflightAnswer(random: Random): Answer {
  const headers: Header[] = [];
  const oneOf = random.below(5);
  const wrong = (i: number): boolean => i === oneOf || random.chance(0.1);
  for (const value of wrong(0) ? random.weigh(acaoValues) : ["{origin}"])
    headers.push(["Access-Control-Allow-Origin", value]);
  for (const value of wrong(1) ? random.weigh(acacValues) : ["true"])
    headers.push(["Access-Control-Allow-Credentials", value]);
  for (const value of wrong(2) ? random.weigh(acamValues) : ["{method}"])
    headers.push(["Access-Control-Allow-Methods", value]);
  for (const value of wrong(3) ? random.weigh(acahValues) : ["{headers}"])
    headers.push(["Access-Control-Allow-Headers", value]);
  const status = wrong(4) ? random.weigh(preflightStatuses) : 204;
  if (status >= 300 && status < 400 && random.chance(0.8))
    headers.push(["Location", "{self}/elsewhere"]);
  return { status, headers: spelled(random, headers) };
}

export function actualAnswer(random: Random, wrong: number): Answer {
  const headers: Header[] = [];
  for (const value of random.chance(wrong) ? random.weigh(acaoValues) : ["{origin}"])
    headers.push(["Access-Control-Allow-Origin", value]);
  for (const value of random.chance(wrong) ? random.weigh(acacValues) : ["true"])
    headers.push(["Access-Control-Allow-Credentials", value]);
  if (random.chance(0.2))
    for (const value of random.weigh(acehValues))
      headers.push(["Access-Control-Expose-Headers", value]);
  if (random.chance(0.2)) headers.push(...random.pick(responseHeaders));
  if (random.chance(0.05))
    for (const value of random.weigh(corpValues))
      headers.push(["Cross-Origin-Resource-Policy", value]);
  return { status: random.weigh(actualStatuses), headers: spelled(random, headers) };
}

export function redirectAnswer(random: Random, answer: Answer, to: string): Answer {
  const status = random.weigh([
    [5, 301],
    [6, 302],
    [5, 303],
    [6, 307],
    [5, 308],
    [0.5, 300],
    [0.5, 305],
    [0.5, 306],
    [0.7, 309],
    [0.2, 310],
  ]);
  const target = random.weigh([
    [92, `{to:${to}}`],
    [6, `{user:${to}}`],
    // Some engines take a space in a host; none can ask it.
    [1, "http://a b/"],
    [1, "http://["],
  ]);
  return { status, headers: [...answer.headers, ["Location", target]] };
}

/** Right for the step, whatever origin it comes with. */
export function allowOrigin(step: Step, random?: Random): Header[] {
  const include = step.credentials === "include";
  const value = !include && random?.chance(0.4) === true ? "*" : "{origin}";
  const headers: Header[] = [["Access-Control-Allow-Origin", value]];
  if (include || random?.chance(0.3) === true)
    headers.push(["Access-Control-Allow-Credentials", "true"]);
  return headers;
}

export function withMaxAge(answer: Answer, value: string): Answer {
  return { status: answer.status, headers: [...answer.headers, ["Access-Control-Max-Age", value]] };
}
