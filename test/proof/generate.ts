// The generator: a seed and an index make one case. Most of what it writes is right, so that a case
// gets as far as its one or two wrong things; every trap of the three engines that was ever seen has
// a kind of its own, for pure chance would hardly meet it.

import type { Header } from "@corsway/cors/standard";
import type { Answer, Case, Host, Node, Place, Step } from "./case.ts";
import { seededRandom, type Random } from "./random.ts";
import {
  acacValues,
  acahValues,
  acamValues,
  acaoValues,
  acehValues,
  actualStatuses,
  corpValues,
  maxAgeValues,
  methods,
  preflightStatuses,
  requestHeaders,
  responseHeaders,
} from "./values.ts";

/** The case of this seed and index. */
export function generateCase(seed: number, index: number): Case {
  const random = seededRandom(seed, index);
  const make = random.weigh(kinds);
  return make(random);
}

const kinds: readonly (readonly [number, (random: Random) => Case])[] = [
  [20, plain],
  [12, safelist],
  [12, cached],
  [6, maxAge],
  [22, redirected],
  [4, redirectedFar],
  [8, noCors],
  [4, sameOrigin],
  [6, exposed],
  [6, preflightLists],
];

/** One request, anything in it. */
function plain(random: Random): Case {
  const page = pickPage(random);
  const step = requestStep(random, "n0");
  return finish(random, "plain", page, [step], {
    n0: node(random, crossPlace(random, page), step),
  });
}

/** Which request headers need a preflight. */
function safelist(random: Random): Case {
  const page = pickPage(random);
  const headers: Header[] = [];
  const count = random.weigh([
    [6, 1],
    [2, 2],
    [1, 4],
  ]);
  for (let i = 0; i < count; i++) headers.push(...random.weigh(requestHeaders));
  const step: Step = {
    ...requestStep(random, "n0"),
    method: random.pick(["GET", "POST", "GET", "HEAD"]),
    headers,
    mode: "cors",
  };
  return finish(random, "safelist", page, [step], {
    n0: node(random, crossPlace(random, page), step),
  });
}

/** The same URL asked two or three times, with and without what was asked before. */
function cached(random: Random): Case {
  const page = pickPage(random);
  const first: Step = {
    ...requestStep(random, "n0"),
    mode: "cors",
    method: random.pick(["PUT", "DELETE", "GET", "POST", "HEAD", "PATCH", "put", "OPTIONS", "*"]),
    headers: random.chance(0.8) ? unsafeHeaders(random) : [],
  };
  const steps = [first];
  const more = random.chance(0.3) ? 2 : 1;
  for (let i = 0; i < more; i++) steps.push(follow(random, first));
  const one = node(random, crossPlace(random, page), first);
  const preflight = one.preflight.map((answer) =>
    withMaxAge(answer, random.pick(["600", "60", "60", "5"])),
  );
  const actual = random.chance(0.35)
    ? [actualAnswer(random, 0.5), ...one.actual] // the first request fails
    : one.actual;
  return finish(random, "cached", page, steps, { n0: { ...one, preflight, actual } });
}

/** How long an answer is kept. */
function maxAge(random: Random): Case {
  const page = pickPage(random);
  const first: Step = {
    ...requestStep(random, "n0"),
    mode: "cors",
    redirect: "follow",
    method: random.pick(["PUT", "GET"]),
    headers: [["X-A", "1"]],
  };
  const values = random.weigh(maxAgeValues);
  // A second may pass by itself on a busy machine; two and a half surely have.
  const short = values[0] === "1" ? 2500 : 0;
  const wait = random.weigh([
    [20, short],
    [1, 2500],
    [1, 6500],
  ]);
  const wanted = allowingAnswer(random, first);
  const preflight: Answer = {
    status: wanted.status,
    headers: [
      ...wanted.headers,
      ...values.map((value): Header => ["Access-Control-Max-Age", value]),
    ],
  };
  return finish(random, "max-age", page, [first, { ...first, wait }], {
    n0: {
      place: crossPlace(random, page),
      preflight: [preflight],
      actual: [{ status: 200, headers: allowOrigin(first) }],
    },
  });
}

/** One to four hops. */
function redirected(random: Random): Case {
  const page = pickPage(random);
  const first = requestStep(random, "n0");
  const step: Step = {
    ...first,
    mode: random.weigh([
      [8, "cors"],
      [2, "no-cors"],
      [1, "same-origin"],
    ]),
    redirect: random.weigh([
      [12, "follow"],
      [1, "error"],
      [1, "manual"],
    ]),
    headers: random.chance(0.45)
      ? [...first.headers, ["Authorization", "Bearer t"]]
      : first.headers,
  };
  const hops = random.weigh([
    [5, 1],
    [4, 2],
    [2, 3],
    [1, 4],
  ]);
  const nodes: Record<string, Node> = {};
  for (let i = 0; i <= hops; i++) {
    const place = random.chance(0.35) ? (`${page}:1` as Place) : anyPlace(random);
    const last = node(random, place, step);
    if (i === hops) nodes[`n${i}`] = last;
    else
      nodes[`n${i}`] = {
        ...last,
        actual: last.actual.map((answer) => redirectAnswer(random, answer, `n${i + 1}`)),
      };
  }
  const steps = random.chance(0.12) ? [step, { ...step }] : [step];
  return finish(random, "redirected", page, steps, nodes);
}

/** Around the limit of twenty redirects, and where a redirect leads to. */
function redirectedFar(random: Random): Case {
  const page = pickPage(random);
  const step: Step = { ...requestStep(random, "n0"), redirect: "follow" };
  const nodes: Record<string, Node> = {};
  if (random.chance(0.5)) {
    const base = node(random, random.chance(0.5) ? (`${page}:1` as Place) : anyPlace(random), step);
    const redirects = random.pick([18, 19, 20, 21]);
    for (let i = 0; i <= redirects; i++)
      nodes[`n${i}`] =
        i === redirects
          ? base
          : {
              ...base,
              actual: [
                { status: 302, headers: [...allowOrigin(step), ["Location", `{to:n${i + 1}}`]] },
              ],
            };
    return finish(
      random,
      "redirect count",
      page,
      [{ ...step, mode: random.pick(["cors", "cors", "no-cors"]) }],
      nodes,
    );
  }
  const location = random.pick([
    "{to:n1}#there",
    "{to:n1}?caf\u00e9",
    "{to:n1}?a b",
    "//",
    "http://",
    "",
    "?again",
    "n1",
    "data:text/plain,hello",
    "ftp://a.localhost/",
    "mailto:a@b.example",
    "about:blank",
    "{user:n1}",
    "{user:n1}",
    "javascript:1",
    "blob:{self}/0",
    "x-app://host/",
  ]);
  nodes.n0 = node(random, random.chance(0.4) ? (`${page}:1` as Place) : anyPlace(random), step);
  nodes.n1 = node(random, random.chance(0.4) ? (`${page}:1` as Place) : anyPlace(random), step);
  nodes.n0 = {
    ...nodes.n0,
    actual: nodes.n0.actual.map((answer, i) =>
      i > 0
        ? answer
        : {
            status: random.pick([301, 302, 303, 307, 308]),
            headers: [...answer.headers, ["Location", location]],
          },
    ),
  };
  return finish(
    random,
    "redirect target",
    page,
    [{ ...step, redirect: random.pick(["follow", "follow", "follow", "manual", "error"]) }],
    nodes,
  );
}

function noCors(random: Random): Case {
  const page = pickPage(random);
  const step: Step = {
    ...requestStep(random, "n0"),
    mode: "no-cors",
    method: random.weigh([
      [6, "GET"],
      [4, "POST"],
      [2, "HEAD"],
      [1, "PUT"],
      [1, "post"],
    ]),
    redirect: random.weigh([
      [12, "follow"],
      [1, "error"],
      [1, "manual"],
    ]),
  };
  const one = node(random, random.chance(0.15) ? (`${page}:1` as Place) : anyPlace(random), step);
  const actual = one.actual.map((answer): Answer => ({
    status: answer.status,
    headers: [
      ...answer.headers,
      ...random.weigh(corpValues).map((value): Header => ["Cross-Origin-Resource-Policy", value]),
    ],
  }));
  return finish(random, "no-cors", page, [step], { n0: { ...one, actual } });
}

function sameOrigin(random: Random): Case {
  const page = pickPage(random);
  const step: Step = {
    ...requestStep(random, "n0"),
    mode: random.pick(["same-origin", "cors", "cors", "no-cors"]),
  };
  const place = random.chance(0.8) ? (`${page}:1` as Place) : anyPlace(random);
  return finish(random, "same origin", page, [step], { n0: node(random, place, step) });
}

/** What a page may read of the response's headers. */
function exposed(random: Random): Case {
  const page = pickPage(random);
  const step: Step = { ...requestStep(random, "n0"), mode: "cors", method: "GET", headers: [] };
  const headers: Header[] = [...allowOrigin(step)];
  for (const value of random.weigh(acehValues))
    headers.push(["Access-Control-Expose-Headers", value]);
  for (let i = random.below(5); i >= 0; i--) headers.push(...random.pick(responseHeaders));
  return finish(random, "exposed", page, [step], {
    n0: {
      place: crossPlace(random, page),
      preflight: [allowingAnswer(random, step)],
      actual: [{ status: random.weigh(actualStatuses), headers }],
    },
  });
}

/** The lists of a preflight's answer. */
function preflightLists(random: Random): Case {
  const page = pickPage(random);
  const step: Step = {
    ...requestStep(random, "n0"),
    mode: "cors",
    redirect: "follow",
    headers: unsafeHeaders(random),
    method: random.weigh(methods),
  };
  const headers: Header[] = [...allowOrigin(step)];
  for (const value of random.weigh(acamValues))
    headers.push(["Access-Control-Allow-Methods", value]);
  for (const value of random.weigh(acahValues))
    headers.push(["Access-Control-Allow-Headers", value]);
  return finish(random, "preflight lists", page, [step], {
    n0: {
      place: crossPlace(random, page),
      preflight: [{ status: random.pick([200, 204, 200, 204, 299, 404]), headers }],
      actual: [{ status: 200, headers: allowOrigin(step) }],
    },
  });
}

// ——— the parts ———

function finish(
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

function pickPage(random: Random): Case["page"] {
  return random.weigh([
    [7, "named"],
    [2, "address"],
    [1, "bare"],
  ]);
}

const hosts: readonly Host[] = ["named", "below", "other", "bare", "address"];

function anyPlace(random: Random): Place {
  return `${random.pick(hosts)}:${random.pick<1 | 2>([1, 2])}`;
}

function crossPlace(random: Random, page: Case["page"]): Place {
  for (;;) {
    const place = anyPlace(random);
    if (place !== `${page}:1`) return place;
  }
}

function requestStep(random: Random, node: string): Step {
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

function unsafeHeaders(random: Random): Header[] {
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
function follow(random: Random, first: Step): Step {
  return {
    ...first,
    ...(random.chance(0.2) ? { method: random.weigh(methods) } : {}),
    ...(random.chance(0.25) ? { headers: unsafeHeaders(random) } : {}),
    ...(random.chance(0.3) ? { credentials: random.pick(["omit", "same-origin", "include"]) } : {}),
    ...(random.chance(0.15) ? { fragment: random.pick(["f", "g"]) } : {}),
    ...(random.chance(0.05) ? { method: "HEAD" } : {}),
  };
}

function node(random: Random, place: Place, step: Step): Node {
  const preflight = random.chance(0.8) ? allowingAnswer(random, step) : preflightAnswer(random);
  return { place, preflight: [preflight], actual: [actualAnswer(random, 0.15)] };
}

/** A preflight's answer that lets the step through, written in one of many ways. */
function allowingAnswer(random: Random, step: Step): Answer {
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
  return { status, headers };
}

function actualAnswer(random: Random, wrong: number): Answer {
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
  return { status: random.weigh(actualStatuses), headers };
}

function redirectAnswer(random: Random, answer: Answer, to: string): Answer {
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
  const target = random.chance(0.06) ? `{user:${to}}` : `{to:${to}}`;
  return { status, headers: [...answer.headers, ["Location", target]] };
}

/** Right for the step, whatever origin it comes with. */
function allowOrigin(step: Step, random?: Random): Header[] {
  const include = step.credentials === "include";
  const value = !include && random?.chance(0.4) === true ? "*" : "{origin}";
  const headers: Header[] = [["Access-Control-Allow-Origin", value]];
  if (include || random?.chance(0.3) === true)
    headers.push(["Access-Control-Allow-Credentials", "true"]);
  return headers;
}

function withMaxAge(answer: Answer, value: string): Answer {
  return { status: answer.status, headers: [...answer.headers, ["Access-Control-Max-Age", value]] };
}
