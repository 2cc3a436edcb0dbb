// The generator: a seed and an index make one case. Most of what it writes is right, so that a case
// gets as far as its one or two wrong things; every trap of the three engines that was ever seen has
// a kind of its own, for pure chance would hardly meet it.

import type { Header } from "@corsway/cors/standard";
import type { Answer, Case, Node, Place, Step } from "./case.ts";
import { seededRandom, type Random } from "./random.ts";
import {
  actualAnswer,
  allowOrigin,
  allowingAnswer,
  anyPlace,
  crossPlace,
  finish,
  follow,
  node,
  pickPage,
  redirectAnswer,
  requestStep,
  unsafeHeaders,
  withMaxAge,
} from "./parts.ts";
import {
  acahValues,
  acamValues,
  acehValues,
  actualStatuses,
  corpValues,
  maxAgeValues,
  methods,
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
