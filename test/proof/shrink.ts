// Makes a differing case smaller while it differs in the same aspect: a person is to read it, and it
// is kept as a vector. All ways of cutting one thing, of all cases, are tried in one go, as a browser
// is fastest with many cases at once.

import type { Answer, Case, Node, Step } from "./case.ts";
import type { Held } from "./prove.ts";

/** The smallest that was found of each. */
export async function shrinkCases<One>(
  found: readonly Held<One>[],
  prove: (cases: readonly One[]) => Promise<readonly Held<One>[]>,
  simpler: (one: One) => One[],
): Promise<Held<One>[]> {
  const best = [...found];
  let open = [...found.keys()];
  for (let round = 0; open.length > 0 && round < 25; round++) {
    const candidates = open.map((i) => simpler(best[i]!.one));
    const held = [...(await prove(candidates.flat()))];
    const still: number[] = [];
    for (const [k, i] of open.entries()) {
      const differing = held
        .splice(0, candidates[k]!.length)
        .filter(({ difference }) => difference?.aspect === found[i]!.difference?.aspect);
      if (differing.length === 0) continue;
      best[i] = differing.reduce((a, b) => (size(b) < size(a) ? b : a));
      still.push(i);
    }
    open = still;
  }
  return best;
}

function size({ one }: Held<unknown>): number {
  return JSON.stringify(one).length;
}

export function simplerCases(one: Case): Case[] {
  const cases: Case[] = [];
  const { steps, nodes } = one;
  if (steps.length > 1)
    for (const i of steps.keys()) cases.push({ ...one, steps: steps.filter((_, k) => k !== i) });
  const used = usedNodes(one);
  if (used.size < Object.keys(nodes).length)
    cases.push({
      ...one,
      nodes: Object.fromEntries(Object.entries(nodes).filter(([k]) => used.has(k))),
    });
  if (one.sandboxed) cases.push({ ...one, sandboxed: false });
  if (one.page !== "named") cases.push({ ...one, page: "named" });
  for (const [i, step] of steps.entries())
    for (const simpler of simplerSteps(step))
      cases.push({ ...one, steps: steps.map((each, k) => (k === i ? simpler : each)) });
  for (const [name, node] of Object.entries(nodes))
    for (const simpler of simplerNodes(node))
      cases.push({ ...one, nodes: { ...nodes, [name]: simpler } });
  return cases;
}

function usedNodes(one: Case): Set<string> {
  const text = JSON.stringify(Object.values(one.nodes));
  const named = [...text.matchAll(/\{(?:to|user):([a-z0-9]+)\}/g)].map((match) => match[1]!);
  return new Set([...one.steps.map(({ node }) => node), ...named, "n0", "n1"]);
}

function simplerSteps(step: Step): Step[] {
  const { wait, fragment, body, referrerPolicy, ...plain } = step;
  const steps: Step[] = [];
  if (
    wait !== undefined ||
    fragment !== undefined ||
    body !== undefined ||
    referrerPolicy !== undefined
  )
    steps.push(plain);
  for (const key of ["wait", "fragment", "body", "referrerPolicy"] as const)
    if (step[key] !== undefined) {
      const { [key]: _, ...rest } = step;
      steps.push(rest as Step);
    }
  for (const half of [
    step.headers.slice(0, step.headers.length / 2),
    step.headers.slice(step.headers.length / 2),
  ])
    if (half.length > 1) steps.push({ ...step, headers: half });
  for (const i of step.headers.keys())
    steps.push({ ...step, headers: step.headers.filter((_, k) => k !== i) });
  if (step.method !== "GET") {
    const { body: _, ...rest } = step;
    steps.push({ ...rest, method: "GET" });
  }
  if (step.credentials !== "omit") steps.push({ ...step, credentials: "omit" });
  if (step.redirect !== "follow") steps.push({ ...step, redirect: "follow" });
  if (step.mode !== "cors") steps.push({ ...step, mode: "cors" });
  return steps;
}

const allowing: Answer = {
  status: 200,
  headers: [
    ["Access-Control-Allow-Origin", "{origin}"],
    ["Access-Control-Allow-Credentials", "true"],
    ["Access-Control-Allow-Methods", "{method}"],
    ["Access-Control-Allow-Headers", "{headers}"],
  ],
};
const readable: Answer = { status: 200, headers: allowing.headers.slice(0, 2) };

function simplerNodes(node: Node): Node[] {
  const nodes: Node[] = [];
  if (node.place !== "other:1") nodes.push({ ...node, place: "other:1" });
  for (const [kind, simplest] of [
    ["preflight", allowing],
    ["actual", readable],
  ] as const) {
    const answers = node[kind];
    if (JSON.stringify(answers) !== JSON.stringify([simplest]))
      nodes.push({ ...node, [kind]: [simplest] });
    if (answers.length > 1)
      nodes.push({ ...node, [kind]: answers.slice(1) }, { ...node, [kind]: answers.slice(0, -1) });
    for (const [i, answer] of answers.entries())
      for (const simpler of simplerAnswers(answer))
        nodes.push({ ...node, [kind]: answers.map((each, k) => (k === i ? simpler : each)) });
  }
  return nodes;
}

export function simplerAnswers(answer: Answer): Answer[] {
  const answers: Answer[] = [];
  for (const i of answer.headers.keys())
    answers.push({ ...answer, headers: answer.headers.filter((_, k) => k !== i) });
  if (answer.status !== 200 && (answer.status < 300 || answer.status > 399))
    answers.push({ ...answer, status: 200 });
  return answers;
}
