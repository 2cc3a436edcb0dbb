// Every step of the standard's algorithms that was taken, with its input and result; then what each engine prints in its
// console.

import type { Seen, Step, StepResult } from "../browser/trace.ts";
import { escapeNonAscii } from "../diagnostics/quote.ts";
import { shorten } from "./bytes-shown.ts";
import type { Explanation } from "./explain.ts";
import { sign, wrap, type Layout } from "./labelled.ts";

export function printTrace({ verdict, engines }: Explanation, layout: Layout): string {
  let text = "\n";
  let algorithm = "";
  for (const step of verdict.trace) {
    if (step.algorithm !== algorithm) {
      algorithm = step.algorithm;
      // Whole on one line or on a line of its own: a broken address cannot be clicked.
      const gap = algorithm.length + step.link.length + 4 > layout.width ? "\n    " : "  ";
      text += `  ${layout.paint("bold", algorithm)}${gap}${layout.paint("dim", step.link)}\n`;
    }
    text += printStep(step, layout);
  }
  text += "\n";
  for (const [name, view] of Object.entries(engines)) {
    if (view === undefined) continue;
    const { outcome, reason } = view.verdict;
    text += `  ${layout.paint("bold", name)}  ${outcome}${reason === undefined ? "" : `: ${reason}`}\n`;
    for (const message of view.message)
      for (const line of wrap(message, Math.max(24, layout.width - 4))) text += `    ${line}\n`;
  }
  return text;
}

function printStep({ step, says, saw, result }: Step, layout: Layout): string {
  const { paint } = layout;
  const indent = 16;
  const seen = Object.entries(saw).map(([key, value]) => `${key} ${printSeen(value)}`);
  const lines = wrap(says, Math.max(24, layout.width - indent));
  const [first = "", ...rest] = lines;
  let text = `    ${mark(result, layout)} ${paint("dim", step.padEnd(8))}  ${first}\n`;
  for (const line of rest) text += `${" ".repeat(indent)}${line}\n`;
  for (const shown of seen)
    for (const line of wrap(shown, Math.max(24, layout.width - indent - 2)))
      text += `${" ".repeat(indent + 2)}${paint("dim", line)}\n`;
  return text;
}

function mark(result: StepResult, layout: Layout): string {
  switch (result) {
    case "passed":
      return layout.paint("green", sign(layout, "✓", "+"));
    case "failed":
      return layout.paint("red", sign(layout, "✗", "x"));
    case "not-modelled":
      return layout.paint("yellow", "?");
    case "skipped":
      return layout.paint("dim", "-");
    case "done":
      return layout.paint("dim", sign(layout, "·", "."));
  }
}

function printSeen(value: Seen): string {
  if (value === null) return "absent";
  if (typeof value === "string") return `\`${shorten(escapeNonAscii(value))}\``;
  if (typeof value === "object")
    return value.length === 0
      ? "none"
      : value.map((item) => `\`${escapeNonAscii(item)}\``).join(", ");
  return String(value);
}
