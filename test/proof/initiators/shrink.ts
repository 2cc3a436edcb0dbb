// Ways to make an act smaller.

import type { Node } from "../case.ts";
import { simplerAnswers } from "../shrink.ts";
import type { ActCase } from "./act.ts";

export function simplerActs(one: ActCase): ActCase[] {
  const cases: ActCase[] = [];
  const { nodes, act } = one;
  if (one.sandboxed) cases.push({ ...one, sandboxed: false });
  if (one.page !== "named") cases.push({ ...one, page: "named" });
  for (const key of ["crossOrigin", "credentials", "upload", "body"] as const)
    if (act[key] !== undefined) {
      const { [key]: _, ...rest } = act;
      cases.push({ ...one, act: rest });
    }
  const names = Object.keys(nodes);
  // One hop less: each node leads to the next by its name.
  if (names.length > 1) {
    cases.push({ ...one, nodes: withoutFirst(nodes) });
    const last = names.at(-1)!;
    const before = names.at(-2)!;
    const { [last]: end, ...rest } = nodes;
    cases.push({ ...one, nodes: { ...rest, [before]: { ...end!, place: nodes[before]!.place } } });
  }
  for (const [name, node] of Object.entries(nodes))
    for (const simpler of simplerNodes(node))
      cases.push({ ...one, nodes: { ...nodes, [name]: simpler } });
  return cases;
}

function withoutFirst(nodes: Readonly<Record<string, Node>>): Record<string, Node> {
  const renamed = (text: string): string =>
    text.replace(
      /\{(to|user):n(\d)\}/g,
      (_, word: string, n: string) => `{${word}:n${Number(n) - 1}}`,
    );
  return Object.fromEntries(
    Object.values(nodes)
      .slice(1)
      .map((node, i) => [
        `n${i}`,
        {
          ...node,
          actual: node.actual.map(({ status, headers }) => ({
            status,
            headers: headers.map(([name, value]) => [name, renamed(value)] as const),
          })),
        },
      ]),
  );
}

function simplerNodes(node: Node): Node[] {
  const nodes: Node[] = [];
  if (node.preflight[0]!.headers.length > 0)
    nodes.push({ ...node, preflight: [{ status: 204, headers: [] }] });
  for (const simpler of simplerAnswers(node.actual[0]!)) nodes.push({ ...node, actual: [simpler] });
  return nodes;
}
