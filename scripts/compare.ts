// `npm run compare`: asks every contender the same questions in the browser model and writes the ledger
// into docs/compare.md, between its two marks.

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./checks.ts";
import { contenders, type Contender } from "./compare/contenders.ts";
import { questions, type Question } from "./compare/questions.ts";

const file = path.join(root, "docs/compare.md");
export const begin = "<!-- begin: npm run compare -->";
export const end = "<!-- end -->";

async function answerOf(contender: Contender, question: Question): Promise<string> {
  let running;
  try {
    running = await contender.start(question.wanted);
  } catch (error) {
    // Ours throws a PolicyError; another kind of error is a fault of this script.
    const { name, message } = error as Error;
    if (name === "PolicyError" || /regular expression|regex/i.test(message)) return "refused";
    throw error;
  }
  try {
    return await question.answer(running);
  } finally {
    await running.close?.();
  }
}

/** The ledger: a row a question, a column a contender, and below why ours is as it is. */
export async function ledger(): Promise<string> {
  const head = ["", ...contenders.map(({ name }) => name)];
  const rows: string[][] = [];
  for (const question of questions) {
    const answers: string[] = [];
    for (const contender of contenders) answers.push(await answerOf(contender, question));
    const [own] = answers;
    rows.push([question.asks, ...answers.map((one) => (one === own ? one : `**${one}**`))]);
  }
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const table = [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
  const reasons = questions.map(({ asks, why }) => `- *${asks}*: ${why}.`).join("\n");
  return `${table}\n\n${reasons}`;
}

export function place(text: string, table: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`docs/compare.md has no ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`;
}

if (import.meta.main) {
  writeFileSync(file, place(readFileSync(file, "utf8"), await ledger()));
  console.log(path.relative(process.cwd(), file));
}
